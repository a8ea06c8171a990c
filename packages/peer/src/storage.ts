import type { Certificate, Digest, Envelope, Evidence } from '@hearsay/protocol'

/** Where a peer keeps what it must not forget. Calls without a promise return once the content is safe. */
export interface Storage {
  /** What this peer is about to say, before anybody hears it. */
  said(envelopes: readonly Envelope[]): void
  certified(certificate: Certificate): void
  /** A proof of misbehaviour; after one of a fork, this peer does not learn on. */
  evidence(evidence: Evidence): void
  /** An update of this peer, or a model. Fulfilled once it is safe; until then the bytes must not change. */
  keep(round: number, digest: Digest, bytes: Uint8Array): Promise<void>
  /** Another's update, which has other holders: kept where it is archived, and not waited for until it is safe. */
  archive(round: number, digest: Digest, bytes: Uint8Array): Promise<void>
  /** What was kept, if it still is. */
  kept(digest: Digest): Uint8Array | undefined
}
