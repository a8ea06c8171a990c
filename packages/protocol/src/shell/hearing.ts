/**
 * What a peer has heard, by round, and what it makes of bytes that come.
 *
 * Guarantees: what cannot matter costs no signature, and mostly no look at its statements. In this order, each check before
 * a dearer one: author and round, by the first bytes; whether these very bytes are known; whether the author has lost its
 * voice in that round; the statements, and whether one of them is new; the signatures.
 *
 * An author that signs the same words again in other bytes (Ed25519 lets a signer make any number) loses its voice for the
 * round after a few: no honest peer does that. It is held against the author only with its signature, and against nobody
 * who passed it on, who may have heard these words first. Of words that go too far ahead to be kept, a few of each author
 * are opened all the same: they tell a peer that is behind where others are. So useless words of one author cost a peer a few signatures a
 * round, whoever sends them and how often. What is not signed by its author is held against who passed it on, unless it
 * cannot matter.
 */
import type { Position } from '../roster/position.ts'
import { readEnvelope } from '../words/envelope.ts'
import type { Network } from '../words/network.ts'
import { type Considered, RoundRecord } from '../words/record.ts'
import type { Claim, Envelope, Head, Words } from '../words/words.ts'
import type { Opened } from './step.ts'

/** What can matter to a peer now. */
export interface Reach {
  /** Whether words of this author and round can. */
  isNear(head: Head): boolean
  /** Whether these do: the bound on what others can make it hold. */
  inReach(words: Words): boolean
  /** Whether words that are near and not in reach may tell where others are. */
  mayTell(words: Words): boolean
  /** They may, and are signed. */
  onTold?(author: Position): void
}

const ignored: Opened = { verdict: 'ignore' }

export class Hearing {
  readonly #network: Network
  readonly #reach: () => Reach
  readonly #records = new Map<number, RoundRecord>()
  readonly #proven: Set<number>
  /** The author of what is being opened, if it said the same again and again. */
  #babbler: number | undefined

  /** `proven` are authors that were proven to lie before. */
  constructor(network: Network, reach: () => Reach, proven: readonly number[] = []) {
    this.#network = network
    this.#reach = reach
    this.#proven = new Set(proven)
  }

  /** Whether the author has contradicted itself in any round: an honest peer does not. */
  isProven(author: Position): boolean {
    return this.#proven.has(author)
  }

  open(bytes: Uint8Array): Opened {
    this.#babbler = undefined
    const claim = readEnvelope(bytes, this.#network, this.#matters)
    const babbler = this.#babbler
    if (claim === undefined) return babbler === undefined ? ignored : { verdict: 'ignore', babbler }
    if (typeof claim === 'string') return { verdict: 'reject', reason: claim }
    if (!this.#reach().inReach(claim)) return this.#openTooFar(claim)
    const record = this.#records.get(claim.round)
    const isKnown = record?.judge(claim).kind === 'known'
    if (isKnown && record.has(claim)) return ignored
    const envelope = claim.verified()
    if (typeof envelope === 'string') return { verdict: 'reject', reason: envelope }
    if (!isKnown) return { verdict: 'accept', envelope }
    // What says nothing new is not passed on: a liar's words cost the network no more than they are.
    record.onRepeated(claim.author)
    return ignored
  }

  readonly #matters = (head: Head, isRead: boolean): boolean => {
    if (!this.#reach().isNear(head)) return false
    const record = this.#records.get(head.round)
    if (record === undefined) return true
    if (record.isBabbler(head.author)) this.#babbler = head.author
    return record.hears(head.author) && (isRead || !record.has(head))
  }

  /** What goes too far is not kept, nor passed on. */
  #openTooFar(claim: Claim): Opened {
    if (!this.#reach().mayTell(claim)) return ignored
    const signed = claim.verified()
    if (typeof signed === 'string') return { verdict: 'reject', reason: signed }
    this.#reach().onTold?.(claim.author)
    return { verdict: 'ignore', envelope: signed }
  }

  /** Keeps an envelope, if it is new. */
  consider(envelope: Envelope): Considered {
    let record = this.#records.get(envelope.round)
    if (record === undefined) {
      record = new RoundRecord(this.#network.peers)
      this.#records.set(envelope.round, record)
    }
    const considered = record.consider(envelope)
    if (considered.kind === 'conflict') this.#proven.add(envelope.author)
    return considered
  }

  /** What is kept of a round; undefined if nothing was ever heard in it. */
  of(round: number): readonly Envelope[] | undefined {
    return this.#records.get(round)?.envelopes()
  }

  /** What one author said in earlier rounds than this. */
  forget(author: Position, before: number): void {
    for (const [round, record] of this.#records)
      if (round < before && record.forget(author)) this.#records.delete(round)
  }

  forgetBefore(round: number): void {
    for (const earlier of this.#records.keys()) if (earlier < round) this.#records.delete(earlier)
  }
}
