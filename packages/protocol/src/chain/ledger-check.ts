import type { Digest } from '../words/digest.ts'
import type { Network } from '../words/network.ts'
import { type Certificate, decodeCertificate } from './checkpoint.ts'

/** Checks a chain of certificates from the genesis on, one at a time, as a third party does: nothing is trusted. */
export class LedgerCheck {
  /** Rounds that are sound so far. */
  height = 0
  /** Digest of the newest sound checkpoint, or the genesis. */
  digest: Digest
  readonly #network: Network

  constructor(network: Network) {
    this.#network = network
    this.digest = network.genesis
  }

  /** The next certificate of the chain, or why these bytes are not: then nothing has changed. */
  next(bytes: Uint8Array): Certificate | string {
    const certificate = decodeCertificate(bytes, this.#network)
    if (typeof certificate === 'string') return certificate
    const { round, previous } = certificate.checkpoint
    if (round !== this.height + 1) return `a certificate of round ${round} where round ${this.height + 1} is due`
    if (previous !== this.digest) return `a certificate that builds on ${previous}, not on ${this.digest}`
    this.height = round
    this.digest = certificate.digest
    return certificate
  }
}
