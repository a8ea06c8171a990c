import type { Quorums } from '../roster/quorums.ts'
import type { Digest } from '../words/digest.ts'
import type { Network } from '../words/network.ts'
import { type Certificate, decodeCertificate } from './checkpoint.ts'
import { type Changes, changesAtFirst, Eras, eraDelay, wrongChange } from './eras.ts'

/** Checks a chain of certificates from the genesis on, one at a time, as a third party does: nothing is trusted. */
export class LedgerCheck {
  /** Rounds that are sound so far. */
  height = 0
  /** Digest of the newest sound checkpoint, or the genesis. */
  digest: Digest
  /** Those of the newest round; of the genesis before. */
  quorums: Quorums
  readonly #network: Network
  readonly #eras: Eras
  /** Of the newest round, or of all where pauses count. */
  readonly #models: Digest[] = []
  /** What had changed by the end of each of the newest rounds, the last at the end. */
  readonly #changes: Changes[] = []

  constructor(network: Network) {
    this.#network = network
    this.digest = network.genesis
    this.quorums = network.quorums
    this.#eras = new Eras(network, (round) => this.#changes.at(round - this.height - 1) ?? changesAtFirst(network))
  }

  /** The next certificate of the chain, or why these bytes are not: then nothing has changed. */
  next(bytes: Uint8Array): Certificate | string {
    const quorums = this.#eras.of(this.height + 1)
    const certificate = decodeCertificate(bytes, this.#network, quorums)
    if (typeof certificate === 'string') return certificate
    const { round, previous } = certificate.checkpoint
    if (round !== this.height + 1) return `a certificate of round ${round} where round ${this.height + 1} is due`
    if (previous !== this.digest) return `a certificate that builds on ${previous}, not on ${this.digest}`
    const before = this.#changes.at(-1) ?? changesAtFirst(this.#network)
    const modelOf = (of: number): Digest | undefined => this.#models[of - 1]
    const beginning = { before, model: this.#models.at(-1), quorums, modelOf }
    const wrong = wrongChange(certificate.checkpoint, beginning, this.#network)
    if (wrong !== undefined) return wrong
    const { out = [], standing, pauses, model } = certificate.checkpoint
    if (pauses === undefined) this.#models.pop()
    this.#models.push(model)
    this.#changes.push({ out, ...(standing && { standing }), ...(pauses && { pauses }) })
    if (this.#changes.length > eraDelay) this.#changes.shift()
    this.quorums = quorums
    this.height = round
    this.digest = certificate.digest
    return certificate
  }
}
