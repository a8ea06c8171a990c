import type { Certificate, Digest, Envelope, Evidence } from '@hearsay/protocol'

/** Where a peer keeps what it must not forget. Each call returns once the content is safe. */
export interface Storage {
  /** What this peer is about to say, before anybody hears it. */
  said(envelopes: readonly Envelope[]): void
  certified(certificate: Certificate): void
  /** A proof of misbehaviour; after one of a fork, this peer does not learn on. */
  evidence(evidence: Evidence): void
  /** An update or a model. */
  keep(round: number, digest: Digest, bytes: Uint8Array): void
  /** What was kept, if it still is. */
  kept(digest: Digest): Uint8Array | undefined
}
