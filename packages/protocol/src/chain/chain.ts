import type { Quorums } from '../roster/quorums.ts'
import type { Digest } from '../words/digest.ts'
import type { Network } from '../words/network.ts'
import { type Certificate, decodeCertificate, decodeLink, encodeCertificate } from './checkpoint.ts'
import { type Changes, changesAtFirst, Eras } from './eras.ts'

/** Where certificates older than the newest few are kept. */
export interface Archive {
  /** The encoded certificate of a round, as it was given out. */
  certificate(round: number): Uint8Array | undefined
}

/** Certificates kept in memory; older ones come from the archive, if there is one. */
const kept = 64

/** The chain of certificates of one peer, from the genesis (round 0) on. */
export class Chain {
  readonly #network: Network
  readonly #archive: Archive | undefined
  readonly #recent = new Map<number, Certificate>()
  #head: Certificate | undefined
  readonly #eras: Eras

  constructor(network: Network, archive: Archive | undefined, head: Certificate | undefined) {
    this.#network = network
    this.#archive = archive
    this.#eras = new Eras(network, (round) => this.#changesAfter(round))
    if (head !== undefined) this.append(head)
  }

  get height(): number {
    return this.#head?.checkpoint.round ?? 0
  }

  get head(): Certificate | undefined {
    return this.#head
  }

  get digest(): Digest {
    return this.#head?.digest ?? this.#network.genesis
  }

  append(certificate: Certificate): void {
    const { round } = certificate.checkpoint
    this.#head = certificate
    this.#recent.set(round, certificate)
    this.#recent.delete(round - kept)
  }

  certificate(round: number): Certificate | undefined {
    const recent = this.#recent.get(round)
    if (recent !== undefined) return recent
    const bytes = this.#archived(round)
    const archived = bytes === undefined ? undefined : decodeCertificate(bytes, this.#network, this.quorums(round))
    return typeof archived === 'object' ? archived : undefined
  }

  /** By which words of this round count, up to the second after the head. */
  quorums(round: number): Quorums {
    return this.#eras.of(round)
  }

  /** What has changed by the end of the newest round. */
  get changes(): Changes {
    return this.#head?.checkpoint ?? changesAtFirst(this.#network)
  }

  #changesAfter(round: number): Changes {
    const recent = this.#recent.get(round)
    if (recent !== undefined) return recent.checkpoint
    const bytes = this.#archived(round)
    const link = bytes === undefined ? undefined : decodeLink(bytes, this.#network)
    if (typeof link === 'object') return link
    throw new RangeError(
      `agreement whose weights change goes on with the certificate of round ${round}, which is not kept`,
    )
  }

  digestAt(round: number): Digest | undefined {
    if (round === 0) return this.#network.genesis
    const recent = this.#recent.get(round)
    if (recent !== undefined) return recent.digest
    // Our own archive: its signatures were checked when it was written, and whoever asks may ask for many.
    const bytes = this.#archived(round)
    const link = bytes === undefined ? undefined : decodeLink(bytes, this.#network)
    return typeof link === 'object' ? link.digest : undefined
  }

  /** Rounds and digests from the head back in doubling steps, to find where two chains part. */
  locator(): { round: number; digest: Digest }[] {
    const links = []
    for (let round = this.height, step = 1; round > 0; round -= step, step *= 2) {
      const digest = this.digestAt(round)
      if (digest !== undefined) links.push({ round, digest })
    }
    return [...links, { round: 0, digest: this.#network.genesis }]
  }

  /**
   * Up to `most` encoded certificates that follow the newest link that this chain knows; or, if those are not kept,
   * the oldest that are: they do not extend the other's chain, but show it if the two have parted.
   */
  following(locator: readonly { round: number; digest: Digest }[], most: number): Uint8Array<ArrayBuffer>[] {
    const common = locator.find(({ round, digest }) => this.digestAt(round) === digest)?.round ?? 0
    const certificates = []
    let round = common + 1
    if (this.#encoded(round) === undefined) round = Math.max(round, Math.min(...this.#recent.keys()))
    for (; round <= this.height && certificates.length < most; round++) {
      const certificate = this.#encoded(round)
      if (certificate === undefined) break
      certificates.push(certificate)
    }
    return certificates
  }

  #encoded(round: number): Uint8Array<ArrayBuffer> | undefined {
    const recent = this.#recent.get(round)
    return recent === undefined ? this.#archived(round) : encodeCertificate(recent)
  }

  #archived(round: number): Uint8Array<ArrayBuffer> | undefined {
    if (round < 1 || round > this.height) return undefined
    return this.#archive?.certificate(round) as Uint8Array<ArrayBuffer> | undefined
  }
}
