/**
 * What a peer says itself. It guarantees that each slot of a round is filled once, and that what was said in a life before
 * this one stands: it is said again byte for byte, and nothing else in its slots.
 */
import type { Digest } from './digest.ts'
import { type Envelope, sealEnvelopes } from './envelope.ts'
import type { Network } from './network.ts'
import { type Statement, slotOf } from './statements.ts'

/** Where something is said: a round, and the checkpoint that it builds on. */
export interface Place {
  readonly number: number
  readonly previous: Digest
}

export class OwnWords {
  readonly #network: Network
  readonly #author: number
  readonly #before: readonly Envelope[]
  /** By round. */
  readonly #filled = new Map<number, Set<number>>()
  #waiting: { readonly place: Place; readonly statement: Statement }[] = []

  /** `before` is what this peer said before it was restarted. */
  constructor(network: Network, author: number, before: readonly Envelope[] = []) {
    this.#network = network
    this.#author = author
    this.#before = before
  }

  hasFilled(round: number, statement: Statement): boolean {
    return this.#filled.get(round)?.has(slotOf(statement, this.#network.peers)) === true
  }

  /** It is said with the next `seal`, unless something was said in its slot. */
  say(place: Place, statement: Statement): void {
    if (this.hasFilled(place.number, statement)) return
    this.#fill(place.number, statement)
    this.#waiting.push({ place, statement })
  }

  /** What was said in this place in a life before, to be said again. */
  again({ number, previous }: Place): Envelope[] {
    // What builds on another checkpoint nobody heard: this peer was killed before it kept the certificate, and the chain forked.
    const envelopes = this.#before.filter((envelope) => envelope.round === number && envelope.previous === previous)
    for (const { statements } of envelopes) for (const statement of statements) this.#fill(number, statement)
    return envelopes
  }

  /** Seals what waits. The peer hears each statement like anybody's, and may thereupon say more. */
  seal(hear: (round: number, statement: Statement) => void): Envelope[] {
    const spoken = new Map<number, { place: Place; statements: Statement[] }>()
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { place, statement } = next
      const before = spoken.get(place.number)
      if (before === undefined) spoken.set(place.number, { place, statements: [statement] })
      else before.statements.push(statement)
      hear(place.number, statement)
    }
    return [...spoken.values()].flatMap(({ place: { number, previous }, statements }) =>
      sealEnvelopes({ author: this.#author, round: number, previous, statements }, this.#network),
    )
  }

  forgetBefore(round: number): void {
    for (const earlier of this.#filled.keys()) if (earlier < round) this.#filled.delete(earlier)
  }

  #fill(round: number, statement: Statement): void {
    const filled = this.#filled.get(round) ?? new Set()
    this.#filled.set(round, filled.add(slotOf(statement, this.#network.peers)))
  }
}
