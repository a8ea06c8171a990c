/**
 * Exact agreement: every round ends with one model, the same for all honest peers, and a certificate that shows it.
 *
 * It guarantees, with at most f liars by weight and n ≥ 3f+1: honest peers certify the same chain of models (safety,
 * under any asynchrony), each round takes in at least n−f updates, and rounds go on once messages arrive within an
 * unknown bound (liveness). With more liars it may fork or stop; it then names culprits by their own signatures, and
 * never an honest peer.
 *
 * A peer that starts again goes on from its newest certificate. One that is behind takes the certificates that others show,
 * and the model of the newest from those who signed it.
 */

import { Chain } from '../../chain/chain.ts'
import { type Certificate, decodeCertificate, decodeLink, encodeCertificate } from '../../chain/checkpoint.ts'
import { endedBy } from '../../chain/ended.ts'
import { fork } from '../../chain/evidence.ts'
import type { Position } from '../../roster/position.ts'
import type { Quorums } from '../../roster/quorums.ts'
import type { Agreement, Shell } from '../../shell/agreement.ts'
import type { AgreementOptions } from '../../shell/agreement-options.ts'
import type { Progress } from '../../shell/progress.ts'
import type { Result, Work } from '../../shell/step.ts'
import type { Answer, Ask } from '../../words/ask.ts'
import { mostCertificates } from '../../words/ask.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import { mostPhasesAhead } from '../../words/statements.ts'
import type { Envelope, Head, Words } from '../../words/words.ts'
import type { Course } from './course.ts'
import { Round, type RoundTimer } from './round.ts'

/** Rounds beyond its own whose envelopes a peer keeps. */
const roundsAhead = 2

export class ExactAgreement implements Agreement {
  begun = false
  readonly #shell: Shell
  readonly #options: AgreementOptions
  readonly #last: number
  readonly #timeoutMs: number
  readonly #chain: Chain
  #rival: Certificate | undefined
  #round: Round | undefined
  #model: Digest
  /** Of the round that it began last. */
  #era: Quorums
  /** Words of another chain were heard, and a neighbour was asked about them. */
  #strangers = false
  /** The model of the head is to be fetched. */
  #adopts = false
  readonly #course: Course | undefined

  /** With a course, a peer trains as that says, and not in every round on the model of it. */
  constructor(shell: Shell, options: AgreementOptions, course?: Course) {
    const { head, archive, network, timing, rounds } = options
    if (timing.timeoutMs === undefined) throw new RangeError('exact agreement needs timing.timeoutMs')
    if (head !== undefined && head.certificate === undefined)
      throw new RangeError('exact agreement goes on from a certificate')
    this.#shell = shell
    this.#options = options
    this.#course = course
    this.#last = rounds ?? Number.POSITIVE_INFINITY
    this.#timeoutMs = timing.timeoutMs
    this.#chain = new Chain(network, archive, head?.certificate)
    this.#model = head?.model ?? options.initial
    this.#era = this.#chain.quorums(this.height + 1)
  }

  get height(): number {
    return this.#chain.height
  }

  get quorums(): Quorums {
    return this.#chain.quorums(this.height + 1)
  }

  get progress(): Progress | undefined {
    if (this.#round !== undefined) return { round: this.#round.number, ...this.#round.progress() }
    const adopts = this.#shell.agenda.work.some(({ kind }) => kind === 'adopt')
    return adopts ? { round: this.height, awaits: 'adopting', missing: [] } : undefined
  }

  start(): void {
    if (this.#options.holdsModel === false) this.#adopt()
    else this.#begin()
  }

  again(): void {
    if (this.#round !== undefined) this.#begin()
  }

  round(number: number): Round | undefined {
    return this.#round?.number === number ? this.#round : undefined
  }

  holders(round: number, member: Member, chunk?: number): number[] {
    return this.round(round)?.holders(member, chunk) ?? []
  }

  #begin(): void {
    const shell = this.#shell
    this.begun = true
    const number = this.height + 1
    shell.agenda.forgetTimers()
    this.#forgetWork()
    this.#strangers = false
    const { quorums } = this
    const { self, network } = this.#options
    const { digest: previous, changes } = this.#chain
    const course = this.#course
    const terms = course?.enter(
      {
        number,
        model: this.#model,
        state: this.#chain.head?.checkpoint.filters,
        peers: quorums.peers,
        tolerated: quorums.tolerated,
      },
      this.#signers(),
    )
    const modelOf = (round: number): Digest | undefined => this.#chain.certificate(round)?.checkpoint.model
    const start = {
      number,
      previous,
      model: this.#model,
      before: this.#before(),
      self,
      quorums,
      changes,
      modelOf,
      terms,
    }
    if (quorums !== this.#era) {
      const { weights, tolerated } = quorums
      shell.output({ kind: 'era', round: number, weights, tolerated })
    }
    this.#era = quorums
    // Who weighs nothing hears, and waits.
    const speaks = quorums.weight(self) > 0
    const round: Round = new Round(start, network, {
      say: (statement) => speaks && shell.say(round, statement),
      timer: (timer) => shell.setTimer(this.#delay(timer), () => this.#round?.onTimer(timer)),
      work: (work) => shell.work(work),
      agreed: (members) => shell.output({ kind: 'agreed', round: number, members }),
      judged: (members, { applied, robust }) => {
        const refused = members.flatMap(({ peer }) => (applied.includes(peer) ? [] : peer))
        shell.output({ kind: 'ordered', round: number, robust, applied, refused })
      },
      certified: (certificate) => this.#take(certificate, true),
      proven: (peer) => shell.heard.isProven(peer),
    })
    this.#round = number > this.#last ? undefined : round
    const begin = (): void => {
      if (!speaks) return
      if (course === undefined) round.start()
      else course.begin(round)
    }
    const keeps = changes.pauses?.last.filter((digest) => digest !== '')
    const kept = { trains: course?.trains, ...(keeps !== undefined && keeps.length > 0 && { keeps }) }
    shell.enter({ number, previous: round.previous, oldest: this.height, ...kept, begin })
  }

  /** Training on an older model goes on, where its update may still count. */
  #forgetWork(): void {
    this.#shell.agenda.forgetWork(({ kind }) => this.#course === undefined || kind !== 'train')
  }

  /** Of the newest certificate, but for this peer: they hold what it is made of. */
  #signers(): number[] {
    const signers = [...(this.#chain.head?.signatures.keys() ?? [])]
    return signers.filter((signer) => signer !== this.#options.self).sort((a, b) => a - b)
  }

  /** What the model of the head was aggregated onto. */
  #before(): { readonly model: Digest; readonly signers: readonly Position[] } | undefined {
    const { pauses } = this.#chain.changes
    if (pauses?.onto === '') return undefined
    if (this.height === 1) return { model: this.#options.initial, signers: [] }
    const certificate = this.height === 0 ? undefined : this.#chain.certificate(this.height - 1)
    if (certificate === undefined) return undefined
    return { model: pauses?.onto ?? certificate.checkpoint.model, signers: [...certificate.signatures.keys()] }
  }

  #delay(timer: RoundTimer): number {
    return timer === 'grace' || timer === 'receipts'
      ? this.#options.timing.graceMs
      : (timer.phase - 1) * this.#timeoutMs
  }

  isNear({ round }: Head): boolean {
    return round >= this.height && round <= Math.min(this.#last, this.height + 1 + roundsAhead)
  }

  inReach(words: Words): boolean {
    if (!this.isNear(words)) return false
    // Every horizon is beyond these.
    if (words.slots.phase <= mostPhasesAhead) return true
    // It said so, and must not say otherwise when it gets there.
    if (this.#shell.heeds(words)) return true
    const round = this.round(words.round)
    for (const statement of words.statements) {
      if (!('phase' in statement) || statement.phase <= mostPhasesAhead) continue
      if (round === undefined || statement.phase > round.subset.horizon(statement.instance)) return false
    }
    return true
  }

  mayTell(words: Words): boolean {
    return this.#round?.mayTell(words) === true
  }

  onTold(author: Position): void {
    this.#round?.onTooFar(author)
  }

  heedTooFar(envelope: Envelope): void {
    this.#round?.heedTooFar(envelope)
  }

  /** A word of another chain: its author lies, or the chain has forked and a neighbour can show it. */
  onUnheard({ round, previous }: Envelope): void {
    const ours = round > this.height + 1 ? undefined : this.#chain.digestAt(round - 1)
    if (ours === undefined || ours === previous) return
    if (!this.#strangers) this.#shell.ask()
    this.#strangers = true
  }

  onAsking(): void {
    this.#strangers = false
  }

  locator(): Ask['locator'] {
    return this.#chain.locator()
  }

  answer({ locator }: Ask): ReturnType<Agreement['answer']> {
    const certificates = this.#chain.following(locator, mostCertificates)
    if (this.#rival !== undefined) certificates.unshift(encodeCertificate(this.#rival))
    return { certificates, envelopes: this.#shell.heard.of((locator[0]?.round ?? 0) + 1) ?? [] }
  }

  onCertificate(bytes: Uint8Array): string | undefined {
    const { network } = this.#options
    const link = decodeLink(bytes, network)
    if (typeof link === 'string') return link
    // By which quorums it counts is not known before the one that it follows is.
    if (link.round > this.height + 1) return undefined
    const certificate = decodeCertificate(bytes, network, this.#chain.quorums(link.round))
    if (typeof certificate === 'string') return certificate
    this.#take(certificate, false)
    return undefined
  }

  hasShownAll({ certificates, round }: Answer): boolean {
    return certificates.length === 0 && round <= this.height + 1
  }

  /** `heard` is one made of what is said now, and not shown by a neighbour, which may be of any age. */
  #take(certificate: Certificate, heard: boolean): void {
    const { round, previous, model, members } = certificate.checkpoint
    const isHalted = this.#shell.isHalted()
    if (round <= this.height) {
      const ours = this.#chain.certificate(round)
      if (ours === undefined || ours.digest === certificate.digest || isHalted) return
      this.#rival = certificate
      this.#shell.halt(fork(ours, certificate, this.#options.network))
      return
    }
    if (isHalted || round > this.#last || previous !== this.#chain.digest) return
    this.#chain.append(certificate)
    this.#course?.onCertified(members)
    this.#shell.end({ kind: 'round-ended', members, ...endedBy(certificate) }, heard)
    this.#model = model
    const current = this.#round
    if (current?.number !== round) this.#adopt()
    else if (current.aggregated === model) this.#begin()
    else if (current.aggregated !== undefined) this.#giveWay(current.aggregated)
    else {
      current.settle(certificate.checkpoint)
      // Unless a newer certificate has begun an adoption already.
      this.#shell.setTimer(this.#options.timing.graceMs, () => this.#round !== undefined && this.#adopt())
    }
  }

  /** What this peer aggregated is not what the others certified. */
  #giveWay(aggregated: Digest | undefined): void {
    if (aggregated !== undefined)
      this.#shell.output({ kind: 'differs', round: this.height, aggregated, certified: this.#model })
    this.#adopt()
  }

  /**
   * The certified model is not held: it is fetched. What this peer aggregated differs, or it was not there when the
   * others agreed. It says no more in that round.
   */
  #adopt(): void {
    this.begun = true
    this.#round = undefined
    this.#shell.leave()
    this.#forgetWork()
    this.#adopts = true
  }

  /** Fetches the model of the newest certificate: an answer may have brought many, and an adoption ends the one before. */
  conclude(): void {
    const head = this.#chain.head
    if (this.#adopts && head !== undefined && this.#round === undefined) {
      const { round, model } = head.checkpoint
      // Nobody may hold this model any more: neighbours are asked for newer certificates meanwhile.
      this.#shell.keepAsking()
      this.#shell.work({ kind: 'adopt', round, model, signers: this.#signers() })
    }
    this.#adopts = false
  }

  onDone(work: Work, result: Result): void {
    if (work.kind === 'adopt') {
      if (work.model === this.#model && work.round === this.height) this.#begin()
      return
    }
    if (work.kind === 'train' && result.kind === 'trained' && this.#course !== undefined)
      this.#course.onTrained(work.round, result.digest)
    else this.#round?.onDone(work, result)
    // The certificate came while this peer was aggregating.
    if (work.kind === 'aggregate' && work.round === this.height && this.#round?.number === work.round) {
      if (this.#round.aggregated === this.#model) this.#begin()
      else this.#giveWay(this.#round.aggregated)
    }
  }

  onHalted(): void {
    this.#round = undefined
  }
}
