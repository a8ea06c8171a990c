/**
 * Learning in which nobody waits for anybody (Kardam: Damaskinos, El Mhamdi, Guerraoui, Patra, Taziki: Asynchronous Byzantine
 * machine learning, ICML 2018), with every peer in the place of the server, for itself: models differ.
 *
 * It guarantees, with n ≥ 3f + 1 and the strict frequency filter: of any 2f + 1 gradients that a peer applies in a row, f + 1 are of
 * honest peers, since they are of 2f + 1 peers; and one that changed faster than an honest peer's did is never applied (judge.ts). With f
 * silent peers those that are left go on. That this makes learning converge is the paper's, for a server and smooth costs. Models
 * differ, since each peer applies what passes at it; what others are off is taken in now and then (mixing.ts).
 *
 * 1. Train on the model that is there, and announce: INIT, the gradient's digest, and a word, that of the model; by a number that only rises.
 *    Then train again, on the model of then.
 * 2. Pull what others announce: of each author the newest, one at a time, no more than `mostInRound` in a round (inbox.ts).
 * 3. The first rounds apply what the rule of the network makes of n − f gradients or more; after them each is judged by itself,
 *    and applied, times its dampening (updates.ts).
 * 4. A round is over when n gradients have been judged: no peer waits for that, or for it to be over elsewhere. It is what is kept, evaluated,
 *    and begun again after a restart, from the model that it ended with.
 *
 * Numbers of gradients are never below the round that they are said in, so who forgets what it said before its last round, and
 * begins with the number of that, contradicts nothing.
 */
import type { Position } from '../../roster/position.ts'
import type { Agreement, AgreementRound, Shell } from '../../shell/agreement.ts'
import type { AgreementOptions } from '../../shell/agreement-options.ts'
import type { Result, Work } from '../../shell/step.ts'
import type { Ask } from '../../words/ask.ts'
import type { Digest } from '../../words/digest.ts'
import type { Statement } from '../../words/statements.ts'
import { Inbox, type Standpoint } from './inbox.ts'
import { Mixing } from './mixing.ts'
import { type Asynchronous, gradientStage, mostInRound } from './settings.ts'
import { Updates } from './updates.ts'

/** So often a peer asks in a round before it gives up what it pulls. */
const leastPatience = 8

export class EachForItself implements Agreement {
  readonly numbersRise = true
  readonly #shell: Shell
  readonly #options: AgreementOptions
  readonly #inbox: Inbox
  readonly #updates: Updates
  readonly #mixing: Mixing
  /** What its last announcements name: others may ask for them. */
  #said: Digest[] = []
  #height: number
  #model: Digest
  #begun = false
  /** The training under way: what it trains on, since which round. */
  #training: (Standpoint & { readonly round: number; readonly number: number }) | undefined
  /** How many it began in this round. */
  #trained = 0
  /** When the least time from one training to the next is not over. */
  #rests = false
  /** How often it has asked in this round since it began to pull, and after how often what it pulls is given up. */
  #asked = 0
  #patience = leastPatience
  /** What is being heard. */
  #hearing: Hearing | undefined
  #named = ''

  constructor(shell: Shell, options: AgreementOptions, settings: Asynchronous) {
    const { quorums } = options.network
    if (quorums.total !== quorums.peers)
      throw new RangeError('asynchronous agreement counts peers: every peer weighs 1')
    this.#shell = shell
    this.#options = options
    const { head, holdsModel = true } = options
    this.#height = head?.round ?? 0
    this.#model = head !== undefined && holdsModel ? head.model : options.initial
    const { peers, tolerated } = quorums
    const { self, timing } = options
    this.#mixing = new Mixing({
      self,
      every: settings.mixEvery,
      enough: peers - tolerated,
      pull: (author, digest) => this.#fetch(author, digest),
      mix: (others) => this.#updates.mix(others),
    })
    const onMoved = (epoch: number): void => this.#mixing.moved(epoch)
    this.#updates = new Updates(
      { settings, peers, tolerated, model: this.#model, graceMs: timing.graceMs, self, onMoved },
      shell,
    )
    this.#inbox = new Inbox(peers, mostInRound, this.#updates.standpoint, ({ author, gradient }) =>
      this.#fetch(author, gradient),
    )
  }

  get height(): number {
    return this.#height
  }

  get begun(): boolean {
    return this.#begun
  }

  start(): void {
    const { genesis } = this.#options.network
    this.#begun = true
    const said = this.#options.said ?? []
    const last = said.reduce((greatest, { round }) => Math.max(greatest, round), 0)
    if (last > 0) {
      this.#inbox.skip(this.#options.self, last)
      this.#shell.repeat({ number: last, previous: genesis })
    }
    this.#enter()
  }

  again(): void {
    this.#enter()
  }

  #enter(): void {
    const round = this.#height + 1
    this.#trained = 0
    this.#asked = 0
    this.#patience = leastPatience
    // What is pulled since the round before is still wanted, and what is trained since whichever.
    const working = Math.max(1, round - 1)
    const trains = this.#training?.round
    this.#shell.enter({
      number: round,
      previous: this.#options.network.genesis,
      oldest: Math.max(1, round - 1),
      working,
      trains,
      // Of the numbers of gradients the round says nothing: whoever has said one of its number trains all the same.
      begin: () => {},
    })
    const lost = [
      ...this.#inbox.beginRound(round).map(({ author, gradient }) => ({ author, digest: gradient })),
      ...this.#mixing.beginRound(round, this.#updates.isGathering),
    ]
    this.#shell.agenda.forgetWork(
      (work) => work.kind === 'fetch' && lost.some(({ author, digest }) => isOf(work.member, author, digest)),
    )
    this.#updates.beginRound(round)
    if (this.#shell.vigil.state !== 'silent') this.#train()
  }

  /** On the model that is there, unless it trains, or has in this round what others will take in of it. */
  #train(): void {
    if (this.#training !== undefined || this.#rests || this.#trained >= mostInRound) return
    const { self, timing } = this.#options
    const round = this.#height + 1
    const number = Math.max(round, this.#inbox.newest(self) + 1)
    this.#training = { ...this.#updates.standpoint, round, number }
    this.#trained++
    const { model } = this.#training
    this.#shell.work({ kind: 'train', round, count: number, model })
    if (timing.roundMs === undefined || timing.roundMs === 0) return
    this.#rests = true
    this.#shell.setTimer(timing.roundMs, () => {
      this.#rests = false
      // A round that began meanwhile has had no training, and in one of the rule nothing else would begin it.
      if (this.#trained > 0) this.#goOn()
      else if (this.#shell.vigil.state !== 'silent') this.#train()
    })
  }

  /** Trains again, if it is not a round of the rule, in which all train once. */
  #goOn(): void {
    if (!this.#updates.isGathering && this.#shell.vigil.state !== 'silent') this.#train()
  }

  #onTrained(digest: Digest): void {
    const training = this.#training
    if (training === undefined) return
    this.#training = undefined
    const { self, network } = this.#options
    // Words of a life before may have come meanwhile.
    const number = Math.max(training.number, this.#inbox.newest(self) + 1)
    const place = { number, previous: network.genesis }
    this.#shell.say(place, { kind: 'init', stage: gradientStage, digest })
    this.#shell.say(place, { kind: 'word', stage: gradientStage, content: training.model })
    this.#said = [...this.#said, training.model].slice(-mostInRound)
    this.#take(self, number, digest, training)
    this.#goOn()
  }

  #take(author: Position, number: number, digest: Digest, own?: Standpoint): void {
    const from = this.#inbox.announce(author, number, digest, this.#updates.standpoint, own)
    this.#mixing.announced(author, number, from)
    this.#shell.forget(author, number)
  }

  #fetch(author: Position, digest: Digest): void {
    const member = { peer: author, digest }
    this.#shell.work({ kind: 'fetch', round: this.#height + 1, member })
  }

  round(number: number): AgreementRound | undefined {
    if (this.#hearing?.number !== number) {
      const { genesis } = this.#options.network
      this.#hearing = new Hearing(number, genesis, (author, digest, model) => {
        if (model !== undefined) this.#mixing.says(author, number, model)
        if (number <= this.#inbox.newest(author)) return
        if (author === this.#options.self) this.#inbox.skip(author, number)
        else if (digest !== undefined) this.#take(author, number, digest)
        else {
          // A word before its gradient. What came before is forgotten all the same: numbers have no end.
          this.#inbox.skip(author, number)
          this.#shell.forget(author, number)
        }
      })
    }
    return this.#hearing
  }

  /** The newest of each author, to be held against it when it says another, and what is newer. */
  inReach({ author, round }: { readonly author: Position; readonly round: number }): boolean {
    const newest = this.#inbox.newest(author)
    if (round < newest || this.#shell.heard.isProven(author)) return false
    return round === newest || author === this.#options.self || this.#inbox.hears(author)
  }

  isNear(head: { readonly author: Position; readonly round: number }): boolean {
    return this.inReach(head)
  }

  mayTell(): boolean {
    return false
  }

  onDone(work: Work, result: Result): void {
    if (result.kind === 'trained') this.#onTrained(result.digest)
    else if (work.kind === 'fetch') {
      const { peer, digest } = work.member
      const announced = this.#inbox.pulled(peer, digest)
      if (announced !== undefined && result.kind === 'held') this.#updates.onHeld(announced)
      this.#mixing.pulled(peer, digest, result.kind === 'held')
    } else this.#updates.onDone(result)
    this.#endRounds()
  }

  #endRounds(): void {
    const { peers } = this.#options.network
    const updates = this.#updates
    if (!updates.ruled && updates.judged < peers) return
    if (updates.ruled) this.#inbox.gather(updates.standpoint)
    const before = this.#model
    this.#height = updates.round
    this.#model = updates.standpoint.model
    const [{ passed: members }, { model }] = [updates, updates.standpoint]
    this.#shell.output({ kind: 'agreed', round: this.#height, members })
    this.#shell.end({ kind: 'round-ended', round: this.#height, model, before, members }, true)
    this.#enter()
  }

  /** What its work needs is held from here on. */
  conclude(): void {
    if (!this.#begun) return
    const trained = this.#training === undefined ? [] : [this.#training.model]
    const named = [...this.#updates.named, ...this.#inbox.models, ...this.#mixing.named, ...this.#said, ...trained]
    const digests = [...new Set(named)].sort()
    const text = digests.join()
    if (text === this.#named) return
    this.#named = text
    this.#shell.output({ kind: 'needed', round: this.#height + 1, digests })
  }

  onHalted(): void {
    this.#training = undefined
  }

  /**
   * Who was cut off while it pulled wants what others have long forgotten; and its round does not end for it. So it pulls what is newest
   * instead, ever less often, since liars too can announce and not give.
   */
  onAsking(): void {
    if (++this.#asked < this.#patience || !this.#inbox.isHeldUp) return
    this.#asked = 0
    this.#patience *= 2
    const round = this.#height + 1
    const trains = this.#training?.round
    this.#shell.agenda.forgetWork(({ kind }) => kind === 'fetch')
    // None of the work of this round goes on, but for training.
    this.#shell.output({ kind: 'round', round, oldest: round + 1, ...(trains !== undefined && { trains }) })
    this.#inbox.renew()
    this.#mixing.renew()
  }

  locator(): Ask['locator'] {
    return [{ round: this.#height, digest: this.#options.network.genesis }]
  }

  /** The newest gradient of each author. */
  answer(): ReturnType<Agreement['answer']> {
    const authors = [...Array(this.#options.network.peers).keys()]
    const envelopes = authors.flatMap((author) =>
      (this.#shell.heard.of(this.#inbox.newest(author)) ?? []).filter((envelope) => envelope.author === author),
    )
    return { certificates: [], envelopes }
  }

  hasShownAll(): boolean {
    return true
  }

  /** Whoever has pulled it holds it for a while; where the author is no neighbour, others are asked. */
  holders(): number[] {
    return [...Array(this.#options.network.peers).keys()].filter((peer) => peer !== this.#options.self)
  }
}

const isOf = (member: { readonly peer: Position; readonly digest: Digest }, author: Position, digest: Digest) =>
  member.peer === author && member.digest === digest

type Announcement = (author: Position, gradient: Digest | undefined, model: Digest | undefined) => void

/** Takes in announcements of one number: the gradient, and then the word that follows it, the model that it was computed on. */
class Hearing implements AgreementRound {
  readonly number: number
  readonly previous: Digest
  readonly #announced: Announcement

  constructor(number: number, previous: Digest, announced: Announcement) {
    this.number = number
    this.previous = previous
    this.#announced = announced
  }

  onStatement(from: Position, statement: Statement): void {
    if (statement.kind === 'init') this.#announced(from, statement.digest, undefined)
    else if (statement.kind === 'word') this.#announced(from, undefined, statement.content)
  }
}
