/**
 * What a peer says itself. It guarantees that each slot of a round is filled once, that what was said in a life before this
 * one stands, whether it was kept or is heard from others, and that nothing is said while vigil is kept (vigil.ts).
 *
 * A READY for what this peer has itself said ECHO of leaves out the digest.
 */
import type { Position } from '../roster/position.ts'
import type { Digest } from '../words/digest.ts'
import { sealEnvelopes } from '../words/envelope.ts'
import type { Network } from '../words/network.ts'
import { asEchoed, type Statement, slotOf } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import type { AgreementOptions, Timing } from './agreement-options.ts'
import { Vigil } from './vigil.ts'

/** Where something is said: a round, and the checkpoint that it builds on. */
export interface Place {
  readonly number: number
  readonly previous: Digest
}

export type OwnWordsOptions = Pick<AgreementOptions, 'network' | 'self' | 'said' | 'memory'> & {
  readonly timing: Pick<Timing, 'askMs' | 'roundMs'>
}

/** A network is taken to stand still after so many asks without a certificate, and three rounds. */
const patienceAsks = 100

export class OwnWords {
  readonly vigil: Vigil
  readonly #network: Network
  readonly #author: Position
  readonly #before: readonly Envelope[]
  readonly #heeds: boolean
  /** By round and slot: the digest of an ECHO, undefined of everything else. */
  readonly #filled = new Map<number, Map<number, Digest | undefined>>()
  #waiting: { readonly place: Place; readonly statement: Statement }[] = []

  constructor({ network, self, said = [], memory = 'lost', timing }: OwnWordsOptions) {
    this.#network = network
    this.#author = self
    this.#before = said
    this.#heeds = memory !== 'heedless'
    const patienceMs = patienceAsks * timing.askMs + 3 * (timing.roundMs ?? 0)
    this.vigil = new Vigil({ quorums: network.quorums, self, memory, patienceMs })
  }

  /** Whether this is a word of its own, which binds it. */
  heeds({ author }: { readonly author: Position }): boolean {
    return this.#heeds && author === this.#author
  }

  hasFilled(round: number, statement: Statement): boolean {
    return this.#filled.get(round)?.has(slotOf(statement, this.#network.peers)) === true
  }

  /** It is said with the next `seal`, unless something was said in its slot. */
  say(place: Place, statement: Statement): void {
    if (place.number <= this.vigil.muteUntil || this.hasFilled(place.number, statement)) return
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

  /** A word of its own that it did not know: it stands, and there may be others, in `spoken` as in its round. */
  onUnknown({ round, statements }: Envelope, height: number, nowMs: number, spoken = round): void {
    const slots = new Set(statements.map((statement) => slotOf(statement, this.#network.peers)))
    for (const statement of statements) this.#fill(round, statement)
    // What waits for the same slots is never said.
    this.#waiting = this.#waiting.filter(
      ({ place, statement }) => place.number !== round || !slots.has(slotOf(statement, this.#network.peers)),
    )
    if (spoken > height) this.vigil.onUnknownWord(spoken, height, nowMs)
  }

  /** Seals what waits, unless vigil is kept. The peer hears each statement like anybody's, and may thereupon say more. */
  seal(hear: (round: number, statement: Statement) => void): Envelope[] {
    if (this.vigil.state === 'asking') return []
    this.#drop(this.vigil.muteUntil)
    const spoken = new Map<number, { place: Place; statements: Statement[] }>()
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { place, statement } = next
      const before = spoken.get(place.number)
      const brief = this.#brief(place.number, statement)
      if (before === undefined) spoken.set(place.number, { place, statements: [brief] })
      else before.statements.push(brief)
      hear(place.number, statement)
    }
    return [...spoken.values()].flatMap(({ place: { number, previous }, statements }) =>
      sealEnvelopes({ author: this.#author, round: number, previous, statements }, this.#network),
    )
  }

  forgetBefore(round: number): void {
    for (const earlier of this.#filled.keys()) if (earlier < round) this.#filled.delete(earlier)
  }

  /** What waited while it was not known whether it might be said, and may not. */
  #drop(until: number): void {
    const dropped = this.#waiting.filter(({ place }) => place.number <= until)
    for (const { place, statement } of dropped)
      this.#filled.get(place.number)?.delete(slotOf(statement, this.#network.peers))
    if (dropped.length > 0) this.#waiting = this.#waiting.filter(({ place }) => place.number > until)
  }

  #fill(round: number, statement: Statement): void {
    const filled = this.#filled.get(round) ?? new Map<number, Digest | undefined>()
    const slot = slotOf(statement, this.#network.peers)
    // The first stands: of another life may come other words.
    if (!filled.has(slot)) filled.set(slot, statement.kind === 'echo' ? statement.digest : undefined)
    this.#filled.set(round, filled)
  }

  #brief(round: number, statement: Statement): Statement {
    if (statement.kind !== 'ready') return statement
    const echoed = this.#filled.get(round)?.get(slotOf({ ...statement, kind: 'echo' }, this.#network.peers))
    return echoed === statement.digest ? { ...statement, digest: asEchoed } : statement
  }
}
