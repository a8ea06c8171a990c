/**
 * One peer that learns by averaging agreement (El-Mhamdi et al., Collaborative Learning in the Jungle, NeurIPS 2021), as a
 * deterministic state machine like `Peer`: events in, a step out.
 *
 * It guarantees, with at most f liars of n peers and n as large as its method needs (contraction.ts): the models of honest
 * peers come closer with every stage of agreement, so they stay within a bounded multiple of what one step of training
 * moves them apart, under any asynchrony (in a synchronous network: while its promise is kept); rounds go on, without
 * any timer but the stated time of synchronous networks. It does not guarantee equal models, and there are no certificates:
 * a round is over for a peer when it has averaged the models of n−f peers.
 *
 * Peers are at different rounds. One that is behind hears the rounds it is in from what others keep. When f+1 peers, so an
 * honest one, are two rounds ahead, it joins: it takes in the models of the round that the honest one has finished, and
 * goes on from there. That is as much as memory of a bounded size can give: a peer forgets what is two rounds behind.
 *
 * It asks of its driver what `Peer` asks; work of the round before goes on.
 */
import { Agenda } from '../agenda.ts'
import { decodeAnswer, decodeAsk, encodeAnswer, encodeAsk, heldOf, shortId } from '../ask.ts'
import type { Member } from '../common-subset.ts'
import type { Digest } from '../digest.ts'
import type { Envelope, Head } from '../envelope.ts'
import { type Evidence, equivocation } from '../evidence.ts'
import { Hearing } from '../hearing.ts'
import { emptyStep, type MutableStep } from '../mutable-step.ts'
import type { Network } from '../network.ts'
import { OwnWords, type Place } from '../own-words.ts'
import { Pace } from '../pace.ts'
import type { PeerOptions } from '../peer-options.ts'
import type { Event, Opened, Participant, Result, Step } from '../step.ts'
import { AveragingRound } from './averaging-round.ts'

/** Rounds beyond its own whose envelopes a peer keeps; when others are so far ahead it joins them. */
const roundsAhead = 2
/** Rounds before its own in which a peer still answers. */
const roundsBehind = 2

type Timer = 'ask' | 'begin' | { readonly round: number; readonly stage: number }

export class AveragingPeer implements Participant {
  readonly #network: Network
  readonly #options: PeerOptions
  readonly #pace: Pace
  readonly #heard: Hearing
  readonly #rounds = new Map<number, AveragingRound>()
  readonly #agenda = new Agenda<Timer>()
  /** By author, the newest round that it has spoken in. */
  readonly #reached: number[]
  readonly #words: OwnWords
  #current = 0
  /** Whether it only takes in the models of the round, and says nothing of its own. */
  #joins = false
  #halted = false
  #model: Digest
  #nowMs = 0
  #step: MutableStep = emptyStep()

  constructor(options: PeerOptions) {
    const { network, head, initial } = options
    const { quorums } = network
    if (quorums.total !== quorums.peers) throw new RangeError('averaging counts peers: every peer weighs 1')
    this.#options = options
    this.#network = network
    this.#heard = new Hearing(network, { round: (head) => this.#matters(head), words: () => true })
    this.#words = new OwnWords(options)
    this.#model = head?.model ?? initial
    this.#pace = new Pace(quorums, options.timing.roundMs)
    this.#reached = Array(network.peers).fill(0)
  }

  /** Where its round stands is not told. */
  readonly progress = undefined

  /** The newest round that this peer has finished. */
  get height(): number {
    return this.#current === 0 ? (this.#options.head?.round ?? 0) : this.#current - 1
  }

  open(bytes: Uint8Array): Opened {
    const opened = this.#heard.open(bytes)
    // Too early to be kept, but it tells where its author is.
    if (opened.verdict === 'accept' && !this.#inReach(opened.envelope))
      return { verdict: 'ignore', envelope: opened.envelope }
    return opened
  }

  handle(events: readonly Event[], nowMs: number): Step {
    this.#nowMs = nowMs
    this.#step = emptyStep()
    this.#locate(events.flatMap((event) => (event.kind === 'envelope' ? [event.envelope] : [])))
    for (const event of events) this.#on(event)
    const silent = this.#words.vigil.state === 'silent' && this.#current > 0
    if (silent && !this.#joins && !this.#halted) this.#begin(this.#current, true)
    this.#hearSelf()
    const news = this.#current > 0 ? this.#words.vigil.news() : undefined
    if (news !== undefined) this.#step.outputs.push(news)
    return this.#step
  }

  /** What the asker lacks of its round, or of the last that this peer finished; and where this peer is. */
  answer(bytes: Uint8Array): Uint8Array | undefined {
    const ask = decodeAsk(bytes, this.#network)
    if (ask === undefined) return undefined
    const asked = (ask.locator[0]?.round ?? 0) + 1
    const kept = this.#heard.of(asked) ?? (asked < this.#current ? this.#heard.of(this.#current - 1) : undefined)
    const own = (this.#heard.of(this.#current) ?? []).filter(({ author }) => author === this.#options.self)
    const lacking = new Set(asked < this.#current ? own : [])
    for (const envelope of kept ?? []) if (!ask.held.has(shortId(envelope.id))) lacking.add(envelope)
    return encodeAnswer([], lacking, this.#network, this.height + 1)
  }

  holders(round: number, member: Member): number[] {
    return this.#rounds.get(round)?.holders(member) ?? []
  }

  #on(event: Event): void {
    if (this.#halted) return
    switch (event.kind) {
      case 'start':
        if (this.#current > 0) break
        if (this.height > 0) this.#again(this.height)
        this.#begin(this.height + 1, false)
        break
      case 'envelope':
        this.#onEnvelope(event.envelope)
        break
      case 'timer':
        this.#onTimer(event.id)
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

  #begin(number: number, behind: boolean): void {
    const first = this.#current === 0
    this.#rounds.get(this.#current)?.leave()
    this.#current = number
    const joins = behind || number <= this.#words.vigil.muteUntil
    this.#joins = joins
    if (behind) this.#words.vigil.onBehind(number - 1)
    this.#heard.forgetBefore(number - roundsBehind)
    for (const round of this.#rounds.keys()) if (round < number - roundsBehind) this.#rounds.delete(round)
    this.#agenda.forgetWork(({ round }) => round < number - roundsBehind)
    this.#words.forgetBefore(number - roundsBehind)
    this.#pace.leave()
    this.#agenda.forgetTimers((timer) => timer === 'begin')
    if (number > (this.#options.rounds ?? Number.POSITIVE_INFINITY)) {
      this.#step.outputs.push({ kind: 'ended', round: number - 1 })
      return
    }
    const round = this.#round(number, joins)
    this.#step.outputs.push({ kind: 'round', round: number, oldest: Math.max(1, number - 1) })
    if (first) this.#setTimer('ask', this.#options.timing.askMs)
    this.#repeat(number)
    const begun = joins || this.#words.hasFilled(number, { kind: 'init', stage: 0, digest: '' })
    const waitMs = this.#pace.enter(this.#nowMs, () => begun || round.start())
    if (waitMs > 0) this.#setTimer('begin', waitMs)
    for (const envelope of this.#heard.of(number) ?? []) this.#hear(envelope)
    // The round may be one in which nobody else speaks any more.
    if (joins) this.#ask()
  }

  #round(number: number, joins: boolean): AveragingRound {
    const start = { number, self: this.#options.self, model: this.#model, joins }
    const round = new AveragingRound(start, this.#network, {
      say: (statement) => this.#words.say(this.#place(number), statement),
      timer: (stage) => this.#setTimer({ round: number, stage }, this.#options.timing.graceMs),
      work: (work) => this.#step.work.push(this.#agenda.start(work)),
      gathered: (stage, members) => {
        if (stage === 0) this.#step.outputs.push({ kind: 'agreed', round: number, members })
      },
      averaged: (model, members) => this.#onAveraged(number, model, members),
    })
    this.#rounds.set(number, round)
    return round
  }

  /** Answers again in a round that was finished before a restart. */
  #again(number: number): void {
    const round = this.#round(number, true)
    round.leave()
    this.#repeat(number)
    for (const envelope of this.#heard.of(number) ?? []) this.#hear(envelope)
  }

  #onAveraged(number: number, model: Digest, members: readonly Member[]): void {
    if (number !== this.#current) return
    this.#model = model
    this.#step.outputs.push({ kind: 'round-ended', round: number, model, members })
    this.#words.vigil.onCertified(number, true, this.#nowMs)
    this.#begin(number + 1, false)
  }

  #inReach({ round }: Head): boolean {
    return round >= this.height + 1 - roundsBehind && round <= this.height + 1 + roundsAhead
  }

  /** Rounds that are kept; and those too far ahead, when it is news that the author has come there. */
  #matters(head: Head): boolean {
    return this.#inReach(head) || (head.round > this.height && head.round > (this.#reached[head.author] ?? 0))
  }

  #onEnvelope(envelope: Envelope): void {
    if (!this.#inReach(envelope)) return
    const considered = this.#heard.consider(envelope)
    if (considered.kind === 'known') return
    if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs)
    if (considered.kind === 'conflict') {
      const evidence = equivocation(considered.with, envelope, this.#network)
      this.#step.outputs.push({ kind: 'evidence', evidence })
      if (this.#words.heeds(envelope)) {
        this.#halt(evidence)
        return
      }
    }
    // Of plain sends either word of a liar may be the one that can be fetched.
    if (considered.kind === 'new' || (considered.kind === 'conflict' && this.#network.averaging?.method !== 'rb-tm'))
      this.#hear(envelope)
  }

  /**
   * Where the authors are, of all that came at once before any of it is taken in: a peer that is behind joins the newest round
   * that it can, and not each on the way there.
   */
  #locate(envelopes: readonly Envelope[]): void {
    for (const { author, round } of envelopes) this.#reached[author] = Math.max(this.#reached[author]!, round)
    if (this.#current === 0 || this.#halted) return
    const { quorums } = this.#network
    if (quorums.amplify(this.#reached.filter((round) => round > this.#current).length))
      this.#words.vigil.onBehind(this.height)
    const ahead = this.#reached.filter((round) => round >= this.#current + roundsAhead).sort((a, b) => b - a)
    const newest = ahead.find((_, index) => quorums.amplify(index + 1))
    if (newest !== undefined) this.#begin(newest - 1, true)
  }

  #hear(envelope: Envelope): void {
    const round = this.#rounds.get(envelope.round)
    for (const statement of envelope.statements) {
      if (statement.kind === 'init' && envelope.round === this.#current)
        this.#pace.onAnnounced(envelope.author, this.#nowMs)
      round?.onStatement(envelope.author, statement)
    }
  }

  #place(number: number): Place {
    return { number, previous: this.#network.genesis }
  }

  /** Says again, in the same bytes, what it said in this round before it was restarted. */
  #repeat(number: number): void {
    for (const envelope of this.#words.again(this.#place(number))) this.#send(envelope)
  }

  #hearSelf(): void {
    const { self } = this.#options
    const envelopes = this.#words.seal((round, statement) => this.#rounds.get(round)?.onStatement(self, statement))
    for (const envelope of envelopes) this.#send(envelope)
  }

  #send(envelope: Envelope): void {
    this.#heard.consider(envelope)
    this.#step.sends.push({ to: 'all', envelope })
  }

  #setTimer(timer: Timer, delayMs: number): void {
    this.#step.timers.push(this.#agenda.setTimer(timer, this.#nowMs + delayMs))
  }

  #onTimer(id: number): void {
    const timer = this.#agenda.takeTimer(id)
    if (timer === undefined) return
    if (timer === 'begin') this.#pace.onDue(this.#nowMs)
    else if (timer !== 'ask') this.#rounds.get(timer.round)?.onTimer(timer.stage)
    else {
      this.#ask()
      const { vigil } = this.#words
      for (const neighbour of vigil.unanswered()) this.#ask(neighbour)
      if (vigil.onTime(this.#nowMs)) this.#begin(this.#current, false)
      this.#setTimer('ask', this.#options.timing.askMs)
    }
  }

  #ask(to?: string): void {
    const held = heldOf(this.#heard.of(this.height + 1) ?? [])
    const bytes = encodeAsk({ locator: [{ round: this.height, digest: this.#network.genesis }], held }, this.#network)
    this.#step.asks.push(to === undefined ? { bytes } : { to, bytes })
  }

  #onAnswer(from: string, bytes: Uint8Array): void {
    const answer = decodeAnswer(bytes, this.#network)
    if (answer === undefined) {
      this.#step.faults.push({ peer: from, what: 'an answer that is malformed' })
      return
    }
    const envelopes: Envelope[] = []
    let complete = answer.round > 0
    for (const encoded of answer.envelopes) {
      const opened = this.open(encoded)
      if (opened.verdict === 'reject') {
        this.#step.faults.push({ peer: from, what: opened.reason })
        complete = false
        break
      }
      if (opened.envelope !== undefined) envelopes.push(opened.envelope)
    }
    const asked = this.#current
    this.#locate(envelopes)
    for (const envelope of envelopes) if (!this.#halted) this.#onEnvelope(envelope)
    // Who is no more than one round ahead is not joined, and has shown what it holds of this one.
    const { vigil } = this.#words
    const near = this.#current === asked && this.#reached[vigil.positionOf(from) ?? 0]! <= asked + 1
    if (complete && near && !this.#halted) vigil.onAnswer(from, this.height, this.#nowMs)
    if (vigil.asksAgain(from, this.height)) this.#ask(from)
  }

  #onDone(id: number, result: Result): void {
    const work = this.#agenda.takeWork(id)
    if (work === undefined) return
    if (result.kind === 'unfit' && work.kind === 'fetch')
      this.#step.faults.push({ peer: work.member.peer, what: `a vector that is unfit: ${result.reason}` })
    // What a round that was left behind has made is of no use, but what it has fetched may be to others.
    if (work.round === this.#current || work.kind === 'fetch') this.#rounds.get(work.round)?.onDone(work, result)
  }

  #halt(evidence: Evidence): void {
    this.#halted = true
    this.#rounds.clear()
    this.#agenda.forgetTimers()
    this.#agenda.forgetWork()
    this.#step.outputs.push({ kind: 'halted', evidence })
  }
}
