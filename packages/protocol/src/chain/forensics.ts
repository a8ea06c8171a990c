/**
 * Who broke the agreement, from the ledgers and the evidence of several peers, in any hands and of any honesty.
 *
 * - At least f+1 culprits by weight whenever two ledgers hold different checkpoints of one round: each certificate is
 *   signed by more than (n+f)/2, so more than f signed both.
 * - Never an honest peer: it signs one checkpoint a round, and each slot once. Whoever gives wrong ledgers or evidence
 *   changes nothing, since only what is signed is counted.
 */

import type { Position } from '../roster/position.ts'
import type { Digest } from '../words/digest.ts'
import type { Network } from '../words/network.ts'
import type { Certificate } from './checkpoint.ts'
import { type Evidence, fork, verifyEvidence } from './evidence.ts'

export interface Fork {
  readonly round: number
  /** The different checkpoints of that round, each with the ledgers that hold it, by index. */
  readonly sides: readonly { readonly checkpoint: Digest; readonly ledgers: readonly number[] }[]
}

export class Forensics {
  /** Proofs that name all culprits that are known; each names one whom those before it do not. */
  readonly proofs: Evidence[] = []
  /** Where the agreement broke first. */
  firstFork: Fork | undefined
  /** Rounds for which two ledgers hold different checkpoints. */
  forkedRounds = 0
  readonly #network: Network
  readonly #culprits = new Set<number>()

  constructor(network: Network) {
    this.#network = network
  }

  /** Positions in the roster, sorted. */
  get culprits(): number[] {
    return [...this.#culprits].sort((a, b) => a - b)
  }

  /** Looks at one round: the checked certificate of each ledger, undefined of those that end before. */
  compare(round: number, certificates: readonly (Certificate | undefined)[]): void {
    const sides = new Map<Digest, { certificate: Certificate; ledgers: number[] }>()
    for (const [ledger, certificate] of certificates.entries()) {
      if (certificate === undefined) continue
      const side = sides.get(certificate.digest)
      if (side === undefined) sides.set(certificate.digest, { certificate, ledgers: [ledger] })
      else {
        // Each ledger has the first quorum that its peer heard: together they show all who signed.
        const signatures = new Map([...side.certificate.signatures, ...certificate.signatures])
        side.certificate = { ...certificate, signatures }
        side.ledgers.push(ledger)
      }
    }
    if (sides.size < 2) return
    this.forkedRounds++
    this.firstFork ??= { round, sides: [...sides].map(([checkpoint, { ledgers }]) => ({ checkpoint, ledgers })) }
    const all = [...sides.values()].map(({ certificate }) => certificate)
    for (const [at, first] of all.entries())
      for (const second of all.slice(at + 1)) {
        const news = (signer: Position): boolean => second.signatures.has(signer) && !this.#culprits.has(signer)
        if ([...first.signatures.keys()].some(news)) this.#take(fork(first, second, this.#network))
      }
  }

  /** Takes evidence that a peer kept; gives what it proves, or why it proves nothing. */
  consider(bytes: Uint8Array): Evidence | string {
    const evidence = verifyEvidence(bytes, this.#network)
    if (typeof evidence === 'object') this.#take(evidence)
    return evidence
  }

  #take(evidence: Evidence): void {
    if (evidence.culprits.every((culprit) => this.#culprits.has(culprit))) return
    this.proofs.push(evidence)
    for (const culprit of evidence.culprits) this.#culprits.add(culprit)
  }
}
