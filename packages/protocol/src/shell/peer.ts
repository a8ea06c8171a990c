/**
 * One peer as a deterministic state machine: events in, a step out. It reads no clock, opens no socket, awaits
 * nothing and draws nothing at random, so the same events give the same steps, byte for byte. What it agrees on with others
 * is a port (agreement.ts), whose kinds say what they guarantee.
 *
 * A peer that was killed starts again from what its newest round ended with and from what it said since, which its driver
 * kept: it repeats that, and fills no slot twice. All it said was justified by what others had signed, which it hears again,
 * so it is like a peer whose messages were late; but it must not vote twice, and that it cannot.
 *
 * It asks of its driver: envelopes it sends reach honest peers in the end, by gossip or by asks; payloads named by an
 * honest echo can be fetched; timers and work come back as events; one `handle` at a time, and as many waiting events
 * in each as there are, because what is said in one step goes into one signature.
 */

import { type Evidence, equivocation } from '../chain/evidence.ts'
import type { Position } from '../roster/position.ts'
import { decodeAnswer, decodeAsk, encodeAnswer, encodeAsk, heldOf, mostCertificates, shortId } from '../words/ask.ts'
import type { Member } from '../words/member.ts'
import type { Network } from '../words/network.ts'
import type { Envelope } from '../words/words.ts'
import { Agenda } from './agenda.ts'
import type { Agreement, AgreementKind, Entry, Shell } from './agreement.ts'
import type { AgreementOptions } from './agreement-options.ts'
import { Hearing } from './hearing.ts'
import { OwnWords, type Place } from './own-words.ts'
import { Pace } from './pace.ts'
import type { Progress } from './progress.ts'
import type { Event, Opened, Participant, Result, Step } from './step.ts'

export interface PeerOptions extends AgreementOptions {
  readonly network: Network<AgreementKind>
}

/** A step while it is made. */
type MutableStep = { -readonly [Part in keyof Step]: Step[Part][number][] }

const emptyStep = (): MutableStep => ({ sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] })

export class Peer implements Participant {
  /** It has stopped learning: the chain forked, or it is proven to have contradicted itself. */
  halted = false
  readonly #network: Network
  readonly #options: PeerOptions
  readonly #agreement: Agreement
  readonly #pace: Pace
  readonly #heard: Hearing
  readonly #words: OwnWords
  readonly #agenda = new Agenda<() => void>()
  /** The round that was entered last. */
  #round = 0
  /** Timers: of the next ask, and of the end of the pace. */
  #asking: number | undefined
  #pacing: number | undefined
  #nowMs = 0
  #step: MutableStep = emptyStep()

  /** Throws RangeError when the options do not fit the agreement of the network. */
  constructor(options: PeerOptions) {
    this.#options = options
    this.#network = options.network
    this.#heard = new Hearing(options.network, () => this.#agreement, options.proven)
    this.#words = new OwnWords(options)
    this.#pace = new Pace(options.network.quorums, options.timing.roundMs)
    this.#agreement = options.network.agreement.create(this.#shell(), options)
    this.#weigh()
  }

  /** The newest round that is over for this peer. */
  get height(): number {
    return this.#agreement.height
  }

  /** Where this peer's round stands, for people; undefined when it has none, or its agreement does not tell. */
  get progress(): Progress | undefined {
    return this.#pace.waits ? { round: this.#round, awaits: 'pace', missing: [] } : this.#agreement.progress
  }

  open(bytes: Uint8Array): Opened {
    return this.#heard.open(bytes)
  }

  handle(events: readonly Event[], nowMs: number): Step {
    this.#nowMs = nowMs
    this.#step = emptyStep()
    if (this.#agreement.locate !== undefined)
      this.#locate(events.flatMap((event) => (event.kind === 'envelope' ? [event.envelope] : [])))
    for (const event of events) this.#on(event)
    if (!this.halted) this.#agreement.conclude()
    this.#hearSelf()
    const news = this.#agreement.begun ? this.#words.vigil.news() : undefined
    if (news !== undefined) this.#step.outputs.push(news)
    return this.#step
  }

  answer(bytes: Uint8Array): Uint8Array | undefined {
    const ask = decodeAsk(bytes, this.#network)
    if (ask === undefined) return undefined
    const { certificates, envelopes } = this.#agreement.answer(ask)
    const lacking = envelopes.filter(({ id }) => !ask.held.has(shortId(id)))
    return encodeAnswer(certificates, lacking, this.#network, this.height + 1)
  }

  holders(round: number, member: Member, chunk?: number): number[] {
    return this.#agreement.holders(round, member, chunk)
  }

  #shell(): Shell {
    return {
      heard: this.#heard,
      vigil: this.#words.vigil,
      agenda: this.#agenda,
      isHalted: () => this.halted,
      heeds: (words) => this.#words.heeds(words),
      say: (place, statement) => this.#words.say(place, statement),
      forget: (author, before) => {
        this.#heard.forget(author, before)
        if (author === this.#options.self) this.#words.forgetBefore(before)
      },
      setTimer: (delayMs, due) => void this.#setTimer(delayMs, due),
      work: (work) => this.#step.work.push(this.#agenda.start(work)),
      output: (output) => this.#step.outputs.push(output),
      enter: (entry) => this.#enter(entry),
      leave: () => this.#pace.leave(),
      end: (output, heard) => {
        this.#step.outputs.push(output)
        this.#words.vigil.onEnded(output.round, heard, this.#nowMs)
      },
      repeat: (place) => {
        this.#repeat(place)
        this.#hearKept(place)
      },
      ask: (to) => this.#ask(to),
      keepAsking: () => this.#keepAsking(),
      halt: (evidence) => this.#halt(evidence),
    }
  }

  #on(event: Event): void {
    if (this.halted) return
    switch (event.kind) {
      case 'start':
        // A round is begun once. What came before the start may have begun one.
        if (!this.#agreement.begun) this.#agreement.start()
        break
      case 'envelope':
        this.#onEnvelope(event.envelope)
        break
      case 'timer':
        this.#agenda.takeTimer(event.id)?.()
        break
      case 'done':
        this.#onDone(event.id, event.result)
        break
      case 'answer':
        this.#onAnswer(event.from, event.bytes)
        break
      case 'neighbour':
        this.#words.vigil.meet(event.peer)
        this.#ask(event.peer)
    }
  }

  #enter(entry: Entry): void {
    const { number, oldest, working, trains, keeps, joins } = entry
    this.#round = number
    this.#weigh()
    this.#heard.forgetBefore(oldest)
    this.#words.forgetBefore(oldest)
    this.#pace.leave()
    if (this.#pacing !== undefined) this.#agenda.takeTimer(this.#pacing)
    if (number > (this.#options.rounds ?? Number.POSITIVE_INFINITY)) {
      this.#step.outputs.push({ kind: 'ended', round: number - 1 })
      return
    }
    const goesOn = { ...(working !== undefined && { oldest: working }), ...(trains !== undefined && { trains }) }
    this.#step.outputs.push({ kind: 'round', round: number, ...goesOn, ...(keeps && { keeps }) })
    this.#keepAsking()
    this.#repeat(entry)
    const begun =
      joins || number <= this.#words.vigil.muteUntil || this.#words.hasFilled(number, { kind: 'init', digest: '' })
    const waitMs = this.#pace.enter(this.#nowMs, () => begun || entry.begin())
    if (waitMs > 0) this.#pacing = this.#setTimer(waitMs, () => this.#pace.onDue(this.#nowMs))
    this.#hearKept(entry)
  }

  #weigh(): void {
    const quorums = this.#agreement.quorums ?? this.#network.quorums
    this.#pace.weigh(quorums)
    this.#words.vigil.weigh(quorums)
  }

  #repeat(place: Place): void {
    for (const envelope of this.#words.again(place)) this.#send(envelope)
  }

  #hearKept({ number }: Place): void {
    for (const envelope of this.#heard.of(number) ?? []) this.#hear(envelope)
  }

  #setTimer(delayMs: number, due: () => void): number {
    const timer = this.#agenda.setTimer(due, this.#nowMs + delayMs)
    this.#step.timers.push(timer)
    return timer.id
  }

  #locate(envelopes: readonly Envelope[]): void {
    if (!this.halted) this.#agreement.locate?.(envelopes)
  }

  #onEnvelope(envelope: Envelope): void {
    const agreement = this.#agreement
    if (!agreement.inReach(envelope)) {
      agreement.heedTooFar?.(envelope)
      if (!agreement.inReach(envelope)) return
    }
    const considered = this.#heard.consider(envelope)
    if (considered.kind === 'known') return
    const spoken = agreement.numbersRise === true ? Math.min(envelope.round, this.height + 1) : envelope.round
    if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs, spoken)
    if (considered.kind === 'conflict') {
      const evidence = equivocation(considered.with, envelope, this.#network)
      if (this.#words.heeds(envelope)) {
        this.#halt(evidence)
        return
      }
      this.#step.outputs.push({ kind: 'evidence', evidence })
    }
    const heard = (considered.kind === 'new' || agreement.hearsBoth === true) && this.#hear(envelope)
    if (!heard) agreement.onUnheard?.(envelope)
  }

  /** False if it is of no round that this peer takes part in. What builds on another checkpoint is never counted on this one. */
  #hear(envelope: Envelope): boolean {
    const round = this.#agreement.round(envelope.round)
    if (round === undefined || round.previous !== envelope.previous) return false
    for (const statement of envelope.statements) {
      if (this.#agreement.round(envelope.round) !== round) break
      if (statement.kind === 'init' && envelope.round === this.#round)
        this.#pace.onAnnounced(envelope.author, this.#nowMs)
      round.onStatement(envelope.author, statement)
    }
    return true
  }

  #hearSelf(): void {
    const { self } = this.#options
    const envelopes = this.#words.seal((number, statement) =>
      this.#agreement.round(number)?.onStatement(self, statement),
    )
    for (const envelope of envelopes) this.#send(envelope)
  }

  #send(envelope: Envelope): void {
    this.#heard.consider(envelope)
    this.#step.sends.push({ to: 'all', envelope })
  }

  #keepAsking(): void {
    if (this.#asking !== undefined && this.#agenda.hasTimer(this.#asking)) return
    this.#asking = this.#setTimer(this.#options.timing.askMs, () => {
      this.#ask()
      const { vigil } = this.#words
      for (const neighbour of vigil.unanswered()) this.#ask(neighbour)
      this.#agreement.onAsking?.()
      if (vigil.onTime(this.#nowMs)) this.#agreement.again()
      this.#keepAsking()
    })
  }

  #ask(to?: Position): void {
    const held = heldOf(this.#heard.of(this.height + 1) ?? [])
    const bytes = encodeAsk({ locator: this.#agreement.locator(), held }, this.#network)
    this.#step.asks.push(to === undefined ? { bytes } : { to, bytes })
  }

  #onAnswer(from: Position, bytes: Uint8Array): void {
    const { faults } = this.#step
    const agreement = this.#agreement
    const answer = decodeAnswer(bytes, this.#network)
    if (answer === undefined) {
      faults.push({ peer: from, what: 'an answer that is malformed' })
      return
    }
    const before = this.height
    for (const certificate of answer.certificates) {
      const wrong = agreement.onCertificate?.(certificate)
      if (wrong === undefined) continue
      faults.push({ peer: from, what: wrong })
      return
    }
    const known = faults.length
    // Unless it looks at all of them first, one after the other: what an envelope changes may put the next within reach.
    const opened = this.#opened(from, answer.envelopes)
    const envelopes = agreement.locate === undefined ? opened : [...opened]
    if (Array.isArray(envelopes)) this.#locate(envelopes)
    for (const envelope of envelopes) if (!this.halted) this.#onEnvelope(envelope)
    if (this.halted || faults.length > known) return
    const { vigil } = this.#words
    if (answer.round > 0 && agreement.hasShownAll(answer, from, before)) vigil.onAnswer(from, this.height, this.#nowMs)
    // There may be more where that came from.
    const more = answer.certificates.length > 0 && this.height >= before + mostCertificates
    if (vigil.asksAgain(from, this.height) || more) this.#ask(from)
  }

  /** Until one is of a kind that no honest peer passes on. */
  *#opened(from: Position, encoded: readonly Uint8Array[]): Generator<Envelope> {
    for (const bytes of encoded) {
      const opened = this.open(bytes)
      if (opened.verdict === 'reject') {
        this.#step.faults.push({ peer: from, what: opened.reason })
        return
      }
      if (opened.envelope !== undefined) yield opened.envelope
    }
  }

  #onDone(id: number, result: Result): void {
    const work = this.#agenda.takeWork(id)
    if (work === undefined) return
    if (result.kind === 'unfit' && work.kind === 'fetch')
      this.#step.faults.push({ peer: work.member.peer, what: `an update that is unfit: ${result.reason}` })
    this.#agreement.onDone(work, result)
  }

  #halt(evidence: Evidence): void {
    this.halted = true
    this.#pace.leave()
    this.#agenda.forgetTimers()
    this.#agenda.forgetWork()
    this.#agreement.onHalted()
    this.#step.outputs.push({ kind: 'evidence', evidence }, { kind: 'halted', evidence })
  }
}
