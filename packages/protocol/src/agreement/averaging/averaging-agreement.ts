/**
 * Averaging agreement of one peer (El-Mhamdi et al., Collaborative Learning in the Jungle, NeurIPS 2021): every honest peer
 * ends a round with a model of its own, close to those of the others.
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
 * Work of the round before goes on.
 *
 * A peer that starts again goes on after the last round that it finished, with its model then, and answers again in that
 * round, in which others may still be.
 */

import type { Position } from '../../roster/position.ts'
import type { Agreement, Shell } from '../../shell/agreement.ts'
import type { AgreementOptions } from '../../shell/agreement-options.ts'
import type { Result, Work } from '../../shell/step.ts'
import type { Answer, Ask } from '../../words/ask.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Envelope, Head } from '../../words/words.ts'
import { AveragingRound } from './averaging-round.ts'
import type { Averaging } from './settings.ts'

/** Rounds beyond its own whose envelopes a peer keeps; when others are so far ahead it joins them. */
const roundsAhead = 2
/** Rounds before its own in which a peer still answers. */
const roundsBehind = 2

export class AveragingAgreement implements Agreement {
  /** Of plain sends either word of a liar may be the one that can be fetched. */
  readonly hearsBoth: boolean
  readonly #shell: Shell
  readonly #options: AgreementOptions
  readonly #averaging: Averaging
  readonly #rounds = new Map<number, AveragingRound>()
  /** By author, the newest round that it has spoken in. */
  readonly #reached: number[]
  #current = 0
  /** Whether it only takes in the models of the round, and says nothing of its own. */
  #joins = false
  #model: Digest

  constructor(shell: Shell, options: AgreementOptions, averaging: Averaging) {
    const { network, head, initial } = options
    const { quorums } = network
    if (quorums.total !== quorums.peers) throw new RangeError('averaging counts peers: every peer weighs 1')
    this.#shell = shell
    this.#options = options
    this.#model = head?.model ?? initial
    this.#reached = Array(network.peers).fill(0)
    this.#averaging = averaging
    this.hearsBoth = averaging.method !== 'rb-tm'
  }

  get height(): number {
    return this.begun ? this.#current - 1 : (this.#options.head?.round ?? 0)
  }

  get begun(): boolean {
    return this.#current > 0
  }

  start(): void {
    const { height } = this
    if (height > 0) {
      this.#create(height, true).leave()
      this.#shell.repeat(this.#place(height))
    }
    this.#begin(height + 1, false)
  }

  again(): void {
    this.#begin(this.#current, false)
  }

  round(number: number): AveragingRound | undefined {
    return this.#rounds.get(number)
  }

  holders(round: number, member: Member): number[] {
    return this.round(round)?.holders(member) ?? []
  }

  #begin(number: number, behind: boolean): void {
    const { vigil, agenda } = this.#shell
    this.round(this.#current)?.leave()
    this.#current = number
    const joins = behind || number <= vigil.muteUntil
    this.#joins = joins
    if (behind) vigil.onBehind(number - 1)
    const oldest = number - roundsBehind
    for (const round of this.#rounds.keys()) if (round < oldest) this.#rounds.delete(round)
    agenda.forgetWork(({ round }) => round < oldest)
    const over = number > (this.#options.rounds ?? Number.POSITIVE_INFINITY)
    const round = over ? undefined : this.#create(number, joins)
    const working = Math.max(1, number - 1)
    this.#shell.enter({ ...this.#place(number), oldest, working, joins, begin: () => round?.start() })
    // The round may be one in which nobody else speaks any more.
    if (joins && !over) this.#shell.ask()
  }

  #create(number: number, joins: boolean): AveragingRound {
    const shell = this.#shell
    const place = this.#place(number)
    const start = { ...place, averaging: this.#averaging, self: this.#options.self, model: this.#model, joins }
    const round = new AveragingRound(start, this.#options.network, {
      say: (statement) => shell.say(place, statement),
      timer: (stage) => shell.setTimer(this.#options.timing.graceMs, () => this.round(number)?.onTimer(stage)),
      work: (work) => shell.work(work),
      gathered: (stage, members) => {
        if (stage === 0) shell.output({ kind: 'agreed', round: number, members })
      },
      averaged: (model, members) => this.#onAveraged(number, model, members),
    })
    this.#rounds.set(number, round)
    return round
  }

  #place(number: number): { number: number; previous: Digest } {
    return { number, previous: this.#options.network.genesis }
  }

  #onAveraged(number: number, model: Digest, members: readonly Member[]): void {
    if (number !== this.#current) return
    this.#model = model
    this.#shell.end({ kind: 'round-ended', round: number, model, members }, true)
    this.#begin(number + 1, false)
  }

  /** Rounds that are kept; and those too far ahead, when it is news that the author has come there. */
  isNear(head: Head): boolean {
    return this.inReach(head) || (head.round > this.height && head.round > (this.#reached[head.author] ?? 0))
  }

  inReach({ round }: Head): boolean {
    return round >= this.height + 1 - roundsBehind && round <= this.height + 1 + roundsAhead
  }

  /** Too early to be kept, but it tells where its author is. */
  mayTell(): boolean {
    return true
  }

  /** A peer that is behind joins the newest round that it can, and not each on the way there. */
  locate(envelopes: readonly Envelope[]): void {
    for (const { author, round } of envelopes) this.#reached[author] = Math.max(this.#reached[author]!, round)
    if (!this.begun) return
    const { quorums } = this.#options.network
    const ahead = [...this.#reached.keys()].filter((peer) => this.#reached[peer]! > this.#current)
    ahead.sort((a, b) => this.#reached[b]! - this.#reached[a]!)
    // The newest round that f+1 have come to: one of them is honest.
    let weight = 0
    const last = ahead.find((peer) => {
      weight += quorums.weight(peer)
      return quorums.amplify(weight)
    })
    if (last === undefined) return
    this.#shell.vigil.onBehind(this.height)
    const newest = this.#reached[last]!
    if (newest >= this.#current + roundsAhead) this.#begin(newest - 1, true)
  }

  /** A peer that falls silent only takes in. */
  conclude(): void {
    if (this.#shell.vigil.state === 'silent' && this.begun && !this.#joins) this.#begin(this.#current, true)
  }

  locator(): Ask['locator'] {
    return [{ round: this.height, digest: this.#options.network.genesis }]
  }

  /** What is kept of the asker's round, or of the last that this peer finished; and where this peer is. */
  answer({ locator }: Ask): ReturnType<Agreement['answer']> {
    const { heard } = this.#shell
    const asked = (locator[0]?.round ?? 0) + 1
    if (asked >= this.#current) return { certificates: [], envelopes: heard.of(asked) ?? [] }
    const own = (heard.of(this.#current) ?? []).filter(({ author }) => author === this.#options.self)
    return { certificates: [], envelopes: [...own, ...(heard.of(asked) ?? heard.of(this.#current - 1) ?? [])] }
  }

  /** Who is no more than one round ahead is not joined, and has shown what it holds of this one. */
  hasShownAll(_: Answer, from: Position, before: number): boolean {
    return this.height === before && this.#reached[from]! <= before + 2
  }

  onDone(work: Work, result: Result): void {
    // What a round that was left behind has made is of no use, but what it has fetched may be to others.
    if (work.round === this.#current || work.kind === 'fetch') this.round(work.round)?.onDone(work, result)
  }

  onHalted(): void {
    this.#rounds.clear()
  }
}
