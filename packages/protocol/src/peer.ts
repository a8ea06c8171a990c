/**
 * One peer as a deterministic state machine: events in, a step out. It reads no clock, opens no socket, awaits
 * nothing and draws nothing at random, so the same events give the same steps, byte for byte.
 *
 * A peer that was killed starts again from its newest certificate and from what it said since, which its driver kept:
 * it repeats that, and fills no slot twice. All it said was justified by what others had signed, which it hears again,
 * so it is like a peer whose messages were late; but it must not vote twice, and that it cannot.
 *
 * It guarantees, with at most f liars by weight and n ≥ 3f+1: honest peers certify the same chain of models (safety,
 * under any asynchrony), each round takes in at least n−f updates, and rounds go on once messages arrive within an
 * unknown bound (liveness). With more liars it may fork or stop; it then names culprits by their own signatures, and
 * never an honest peer.
 *
 * It asks of its driver: envelopes it sends reach honest peers in the end, by gossip or by asks; payloads named by an
 * honest echo can be fetched; timers and work come back as events; one `handle` at a time, and as many waiting events
 * in each as there are, because what is said in one step goes into one signature.
 */
import { Agenda } from './agenda.ts'
import { decodeAnswer, decodeAsk, encodeAnswer, encodeAsk, heldOf, mostCertificates, shortId } from './ask.ts'
import { Chain } from './chain.ts'
import { type Certificate, decodeCertificate, encodeCertificate } from './checkpoint.ts'
import type { Member } from './common-subset.ts'
import type { Digest } from './digest.ts'
import { endedBy } from './ended.ts'
import type { Envelope, Head, Words } from './envelope.ts'
import { type Evidence, equivocation, fork } from './evidence.ts'
import { Hearing } from './hearing.ts'
import { emptyStep, type MutableStep } from './mutable-step.ts'
import type { Network } from './network.ts'
import { OwnWords } from './own-words.ts'
import { Pace } from './pace.ts'
import type { PeerOptions } from './peer-options.ts'
import type { Progress } from './progress.ts'
import { Round, type RoundTimer } from './round.ts'
import { maxPhasesAhead } from './statements.ts'
import type { Event, Opened, Participant, Result, Step } from './step.ts'

/** Rounds beyond its own whose envelopes a peer keeps. */
const roundsAhead = 2

type Timer = RoundTimer | 'ask' | 'adopt' | 'begin'

export class Peer implements Participant {
  /** It has stopped learning: the chain forked, or it is proven to have contradicted itself. */
  halted = false
  readonly #network: Network
  readonly #options: PeerOptions
  readonly #last: number
  readonly #chain: Chain
  readonly #pace: Pace
  readonly #heard: Hearing
  readonly #agenda = new Agenda<Timer>()
  #rival: Certificate | undefined
  #round: Round | undefined
  #model: Digest
  /** Words of another chain were heard, and a neighbour was asked about them. */
  #strangers = false
  #begun = false
  /** The model of the head is to be fetched. */
  #adopts = false
  #nowMs = 0
  #step: MutableStep = emptyStep()
  readonly #words: OwnWords

  constructor(options: PeerOptions) {
    this.#options = options
    this.#network = options.network
    this.#last = options.rounds ?? Number.POSITIVE_INFINITY
    this.#chain = new Chain(options.network, options.archive, options.head?.certificate)
    this.#heard = new Hearing(options.network, {
      round: (head) => this.#isNear(head),
      words: (words) => this.#inReach(words),
      tooFar: (words) => this.#round?.mayTell(words) === true,
      onTooFar: (author) => this.#round?.onTooFar(author),
      proven: options.proven,
    })
    this.#words = new OwnWords(options)
    this.#pace = new Pace(options.network.quorums, options.timing.roundMs)
    this.#model = options.head?.model ?? options.initial
  }

  get height(): number {
    return this.#chain.height
  }

  /** Where this peer's round stands, for people; undefined when it has none. */
  get progress(): Progress | undefined {
    const round = this.#round
    if (round !== undefined) {
      const { phase, missing } = this.#pace.waits ? { phase: 'pace' as const, missing: [] } : round.progress()
      return { round: round.number, phase, missing }
    }
    const adopts = this.#agenda.work.some(({ kind }) => kind === 'adopt')
    return adopts ? { round: this.height, phase: 'adopting', missing: [] } : undefined
  }

  open(bytes: Uint8Array): Opened {
    return this.#heard.open(bytes)
  }

  handle(events: readonly Event[], nowMs: number): Step {
    this.#nowMs = nowMs
    this.#step = emptyStep()
    for (const event of events) this.#on(event)
    if (this.#adopts) this.#fetchModel()
    this.#hearSelf()
    const news = this.#begun ? this.#words.vigil.news() : undefined
    if (news !== undefined) this.#step.outputs.push(news)
    return this.#step
  }

  answer(bytes: Uint8Array): Uint8Array | undefined {
    const ask = decodeAsk(bytes, this.#network)
    if (ask === undefined) return undefined
    const certificates = this.#chain.following(ask.locator, mostCertificates)
    if (this.#rival !== undefined) certificates.unshift(encodeCertificate(this.#rival))
    const round = (ask.locator[0]?.round ?? 0) + 1
    const lacking = (this.#heard.of(round) ?? []).filter(({ id }) => !ask.held.has(shortId(id)))
    return encodeAnswer(certificates, lacking, this.#network, this.height + 1)
  }

  holders(round: number, member: Member): number[] {
    return this.#round?.number === round
      ? (this.#round.subset.broadcasts[member.peer]?.holders(member.digest) ?? [])
      : []
  }

  #on(event: Event): void {
    if (this.halted) return
    switch (event.kind) {
      case 'start':
        // A round is begun once. What came before the start may have begun one, or an adoption.
        if (this.#begun) break
        if (this.#options.holdsModel === false) this.#adopt()
        else this.#begin()
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

  #begin(): void {
    this.#begun = true
    const number = this.height + 1
    this.#heard.forgetBefore(this.height)
    this.#agenda.forgetTimers()
    this.#agenda.forgetWork()
    this.#strangers = false
    if (number > this.#last) {
      this.#round = undefined
      this.#step.outputs.push({ kind: 'ended', round: this.height })
      return
    }
    const round: Round = new Round(
      { number, previous: this.#chain.digest, model: this.#model, self: this.#options.self },
      this.#network,
      {
        say: (statement) => this.#words.say(round, statement),
        timer: (timer) => this.#setTimer(timer, this.#delay(timer)),
        work: (work) => this.#step.work.push(this.#agenda.start(work)),
        agreed: (members) => this.#step.outputs.push({ kind: 'agreed', round: number, members }),
        certified: (certificate) => this.#onCertificate(certificate, true),
        proven: (peer) => this.#heard.isProven(peer),
      },
    )
    this.#round = round
    this.#step.outputs.push({ kind: 'round', round: number })
    this.#setTimer('ask', this.#options.timing.askMs)
    this.#words.forgetBefore(this.height)
    for (const envelope of this.#words.again(round)) this.#send(envelope)
    const begun = number <= this.#words.vigil.muteUntil || this.#words.hasFilled(number, { kind: 'init', digest: '' })
    const waitMs = this.#pace.enter(this.#nowMs, () => begun || round.start())
    if (waitMs > 0) this.#setTimer('begin', waitMs)
    for (const envelope of this.#heard.of(number) ?? []) this.#hear(envelope)
  }

  #delay(timer: RoundTimer): number {
    const { graceMs, timeoutMs = 0 } = this.#options.timing
    return timer === 'grace' ? graceMs : (timer.phase - 1) * timeoutMs
  }

  #setTimer(timer: Timer, delayMs: number): void {
    this.#step.timers.push(this.#agenda.setTimer(timer, this.#nowMs + delayMs))
  }

  /** Within the rounds that this peer keeps. */
  #isNear({ round }: Head): boolean {
    return round >= this.height && round <= Math.min(this.#last, this.height + 1 + roundsAhead)
  }

  /** Within the rounds and phases that this peer keeps: the bound on what others can make it hold. */
  #inReach(envelope: Words): boolean {
    if (!this.#isNear(envelope)) return false
    // Every horizon is beyond these.
    if (envelope.slots.phase <= maxPhasesAhead) return true
    // It said so, and must not say otherwise when it gets there.
    if (this.#words.heeds(envelope)) return true
    const round = this.#round?.number === envelope.round ? this.#round : undefined
    for (const statement of envelope.statements) {
      if (!('phase' in statement) || statement.phase <= maxPhasesAhead) continue
      if (round === undefined || statement.phase > round.subset.horizon(statement.instance)) return false
    }
    return true
  }

  #onEnvelope(envelope: Envelope): void {
    if (!this.#inReach(envelope)) this.#round?.heedTooFar(envelope)
    if (!this.#inReach(envelope)) return
    const considered = this.#heard.consider(envelope)
    if (considered.kind === 'known') return
    if (this.#words.heeds(envelope)) this.#words.onUnknown(envelope, this.height, this.#nowMs)
    if (considered.kind === 'conflict') {
      const evidence = equivocation(considered.with, envelope, this.#network)
      if (this.#words.heeds(envelope)) {
        this.#halt(evidence)
        return
      }
      this.#step.outputs.push({ kind: 'evidence', evidence })
    } else if (this.#hear(envelope)) return
    // A word of another chain: its author lies, or the chain has forked and a neighbour can show it.
    const ours = envelope.round > this.height + 1 ? undefined : this.#chain.digestAt(envelope.round - 1)
    if (ours === undefined || ours === envelope.previous) return
    if (!this.#strangers) this.#ask()
    this.#strangers = true
  }

  /** False if it is not of this peer's round. */
  #hear(envelope: Envelope): boolean {
    const round = this.#round
    if (!round?.covers(envelope)) return false
    for (const statement of envelope.statements) {
      if (this.#round !== round) break
      if (statement.kind === 'init') this.#pace.onAnnounced(envelope.author, this.#nowMs)
      round.onStatement(envelope.author, statement)
    }
    return true
  }

  #hearSelf(): void {
    const { self } = this.#options
    const envelopes = this.#words.seal((number, statement) => {
      if (this.#round?.number === number) this.#round.onStatement(self, statement)
    })
    for (const envelope of envelopes) this.#send(envelope)
  }

  #send(envelope: Envelope): void {
    this.#heard.consider(envelope)
    this.#step.sends.push({ to: 'all', envelope })
  }

  #onTimer(id: number): void {
    const timer = this.#agenda.takeTimer(id)
    if (timer === undefined) return
    if (timer === 'adopt') {
      // Unless a newer certificate has begun an adoption already.
      if (this.#round !== undefined) this.#adopt()
    } else if (timer === 'begin') this.#pace.onDue(this.#nowMs)
    else if (timer !== 'ask') this.#round?.onTimer(timer)
    else {
      this.#ask()
      for (const neighbour of this.#words.vigil.unanswered()) this.#ask(neighbour)
      this.#strangers = false
      if (this.#words.vigil.onTime(this.#nowMs) && this.#round !== undefined) this.#begin()
      else this.#setTimer('ask', this.#options.timing.askMs)
    }
  }

  #ask(to?: string): void {
    const held = heldOf(this.#heard.of(this.height + 1) ?? [])
    const bytes = encodeAsk({ locator: this.#chain.locator(), held }, this.#network)
    this.#step.asks.push(to === undefined ? { bytes } : { to, bytes })
  }

  #onAnswer(from: string, bytes: Uint8Array): void {
    const answer = decodeAnswer(bytes, this.#network)
    if (answer === undefined) {
      this.#step.faults.push({ peer: from, what: 'an answer that is malformed' })
      return
    }
    const before = this.height
    for (const encoded of answer.certificates) {
      const certificate = decodeCertificate(encoded, this.#network)
      if (typeof certificate === 'string') {
        this.#step.faults.push({ peer: from, what: certificate })
        return
      }
      this.#onCertificate(certificate, false)
    }
    for (const encoded of answer.envelopes) {
      const opened = this.open(encoded)
      if (opened.verdict === 'reject') {
        this.#step.faults.push({ peer: from, what: opened.reason })
        return
      }
      if (opened.envelope !== undefined) this.#on({ kind: 'envelope', envelope: opened.envelope })
    }
    if (this.halted) return
    const { vigil } = this.#words
    if (answer.certificates.length === 0 && answer.round > 0 && answer.round <= this.height + 1)
      vigil.onAnswer(from, this.height, this.#nowMs)
    // There may be more where that came from.
    if (vigil.asksAgain(from, this.height) || this.height >= before + mostCertificates) this.#ask(from)
  }

  /** `heard` is one made of what is said now, and not shown by a neighbour, which may be of any age. */
  #onCertificate(certificate: Certificate, heard: boolean): void {
    const { round, previous, model, members } = certificate.checkpoint
    if (round <= this.height) {
      const ours = this.#chain.certificate(round)
      if (ours === undefined || ours.digest === certificate.digest || this.halted) return
      this.#rival = certificate
      this.#halt(fork(ours, certificate, this.#network))
      return
    }
    if (this.halted || round !== this.height + 1 || round > this.#last || previous !== this.#chain.digest) return
    this.#chain.append(certificate)
    this.#step.outputs.push({ kind: 'round-ended', members, ...endedBy(certificate) })
    this.#words.vigil.onCertified(round, heard, this.#nowMs)
    this.#model = model
    const current = this.#round
    if (current?.number !== round) this.#adopt()
    else if (current.aggregated === model) this.#begin()
    else if (current.aggregated !== undefined) this.#giveWay(current.aggregated)
    else {
      current.settle(members)
      this.#setTimer('adopt', this.#options.timing.graceMs)
    }
  }

  /** What this peer aggregated is not what the others certified. */
  #giveWay(aggregated: Digest | undefined): void {
    if (aggregated !== undefined)
      this.#step.outputs.push({ kind: 'differs', round: this.height, aggregated, certified: this.#model })
    this.#adopt()
  }

  /**
   * The certified model is not held: it is fetched. What this peer aggregated differs, or it was not there when the
   * others agreed. It says no more in that round.
   */
  #adopt(): void {
    this.#begun = true
    this.#round = undefined
    this.#pace.leave()
    this.#agenda.forgetWork()
    this.#adopts = true
  }

  /** Of the newest certificate, when all events are in: an answer may have brought many, and an adoption ends the one before. */
  #fetchModel(): void {
    this.#adopts = false
    const head = this.#chain.head
    if (head === undefined || this.#round !== undefined || this.halted) return
    const { round, model } = head.checkpoint
    const signers = [...head.signatures.keys()].filter((signer) => signer !== this.#options.self).sort((a, b) => a - b)
    // Nobody may hold this model any more: neighbours are asked for newer certificates meanwhile.
    if (!this.#agenda.timers.includes('ask')) this.#setTimer('ask', this.#options.timing.askMs)
    this.#step.work.push(this.#agenda.start({ kind: 'adopt', round, model, signers }))
  }

  #onDone(id: number, result: Result): void {
    const work = this.#agenda.takeWork(id)
    if (work === undefined) return
    if (work.kind === 'adopt') {
      if (work.model === this.#model && work.round === this.height) this.#begin()
      return
    }
    if (result.kind === 'unfit' && work.kind === 'fetch')
      this.#step.faults.push({ peer: work.member.peer, what: `an update that is unfit: ${result.reason}` })
    this.#round?.onDone(work, result)
    // The certificate came while this peer was aggregating.
    if (work.kind === 'aggregate' && work.round === this.height && this.#round?.number === work.round) {
      if (this.#round.aggregated === this.#model) this.#begin()
      else this.#giveWay(this.#round.aggregated)
    }
  }

  #halt(evidence: Evidence): void {
    this.halted = true
    this.#round = undefined
    this.#agenda.forgetTimers()
    this.#agenda.forgetWork()
    this.#step.outputs.push({ kind: 'evidence', evidence }, { kind: 'halted', evidence })
  }
}
