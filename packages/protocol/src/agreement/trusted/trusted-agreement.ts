/**
 * No agreement: in a round every peer announces its update, and aggregates those of all n peers, as a server would that all
 * of them trust. It is what agreement is measured against, and nothing that anybody should run.
 *
 * It guarantees, while every peer announces one update, the same to all, that is held and sound: all peers aggregate the same
 * n updates, and so have one model. Liars that only choose what update they announce, or what they learn from, are within
 * that, and the rule alone withstands them. A peer that announces two updates, to different peers, parts their models for
 * good, and nobody proves it; one that is silent, or whose update nobody can fetch, stops the network. No certificates.
 *
 * 1. Train, and announce INIT(v).
 * 2. On the first INIT(v) of each peer fetch v.
 * 3. Holding n, aggregate them in the order of the roster. The round is over, and the next begins.
 *
 * A peer ends no round before all have announced in it, so no two of them are more than a round apart: one that starts again
 * says again what it said in the last round that it ended, in which others may still be.
 */
import type { Agreement, AgreementRound, Shell } from '../../shell/agreement.ts'
import type { AgreementOptions } from '../../shell/agreement-options.ts'
import type { Result, Work } from '../../shell/step.ts'
import type { Ask } from '../../words/ask.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Statement } from '../../words/statements.ts'

export class TrustedAgreement implements Agreement {
  readonly #shell: Shell
  readonly #options: AgreementOptions
  #height: number
  #model: Digest
  /** What that was aggregated onto. */
  #before: Digest | undefined
  #round: TrustedRound | undefined

  constructor(shell: Shell, options: AgreementOptions) {
    const { quorums } = options.network
    if (quorums.total !== quorums.peers) throw new RangeError('trusted agreement counts peers: every peer weighs 1')
    this.#shell = shell
    this.#options = options
    this.#height = options.head?.round ?? 0
    this.#model = options.head?.model ?? options.initial
    this.#before = options.head?.before
  }

  get height(): number {
    return this.#height
  }

  get begun(): boolean {
    return this.#round !== undefined
  }

  start(): void {
    const { network } = this.#options
    const place = (number: number) => ({ number, previous: network.genesis })
    if (this.#height > 0 && !this.begun) this.#shell.repeat(place(this.#height))
    const number = this.#height + 1
    const start = { ...place(number), model: this.#model, before: this.#before, peers: network.peers }
    const round = new TrustedRound(start, this.#shell)
    this.#round = round
    const working = Math.max(1, number - 1)
    this.#shell.enter({ ...place(number), oldest: number - 1, working, begin: () => round.begin() })
  }

  again(): void {
    this.start()
  }

  round(number: number): TrustedRound | undefined {
    return this.#round?.number === number ? this.#round : undefined
  }

  inReach({ round }: { readonly round: number }): boolean {
    return round >= this.#height && round <= this.#height + 2
  }

  isNear(head: { readonly round: number }): boolean {
    return this.inReach(head)
  }

  mayTell(): boolean {
    return false
  }

  onDone(work: Work, result: Result): void {
    const round = this.round(work.round)
    const model = round?.onDone(work, result)
    if (round === undefined || model === undefined) return
    const before = this.#model
    this.#height = round.number
    this.#model = model
    this.#before = before
    this.#shell.end({ kind: 'round-ended', round: round.number, model, before, members: round.members }, true)
    this.start()
  }

  conclude(): void {}

  onHalted(): void {
    this.#round = undefined
  }

  locator(): Ask['locator'] {
    return [{ round: this.#height, digest: this.#options.network.genesis }]
  }

  answer({ locator }: Ask): ReturnType<Agreement['answer']> {
    const asked = (locator[0]?.round ?? 0) + 1
    return { certificates: [], envelopes: this.#shell.heard.of(asked) ?? [] }
  }

  hasShownAll({ round }: { readonly round: number }): boolean {
    return round <= this.#height + 1
  }

  /** Whoever has pulled it holds it; where the author is no neighbour, others are asked. */
  holders(): number[] {
    return [...Array(this.#options.network.peers).keys()].filter((peer) => peer !== this.#options.self)
  }
}

interface Start {
  readonly number: number
  readonly previous: Digest
  readonly model: Digest
  readonly before: Digest | undefined
  readonly peers: number
}

class TrustedRound implements AgreementRound {
  readonly number: number
  readonly previous: Digest
  readonly #start: Start
  readonly #shell: Shell
  /** By author, what it announced first. */
  readonly #announced = new Map<number, Digest>()
  readonly #held = new Map<number, Digest>()

  constructor(start: Start, shell: Shell) {
    this.number = start.number
    this.previous = start.previous
    this.#start = start
    this.#shell = shell
  }

  get members(): readonly Member[] {
    return [...this.#held].map(([peer, digest]) => ({ peer, digest })).sort((a, b) => a.peer - b.peer)
  }

  begin(): void {
    this.#shell.work({ kind: 'train', round: this.number, model: this.#start.model })
  }

  onStatement(from: number, statement: Statement): void {
    if (statement.kind !== 'init' || this.#announced.has(from)) return
    this.#announced.set(from, statement.digest)
    const member = { peer: from, digest: statement.digest }
    this.#shell.work({ kind: 'fetch', round: this.number, member })
  }

  /** The model that the round ends with, once it is there. */
  onDone(work: Work, result: Result): Digest | undefined {
    if (result.kind === 'trained') this.#shell.say(this, { kind: 'init', digest: result.digest })
    else if (work.kind === 'fetch' && result.kind === 'held') this.#onHeld(work.member)
    else if (result.kind === 'aggregated') return result.model
    return undefined
  }

  #onHeld({ peer, digest }: Member): void {
    this.#held.set(peer, digest)
    if (this.#held.size < this.#start.peers) return
    const { number: round, members } = this
    this.#shell.output({ kind: 'agreed', round, members })
    const { model, before } = this.#start
    const onto = before !== undefined && { before: { model: before, signers: [] } }
    this.#shell.work({ kind: 'aggregate', round, model, members, ...onto })
  }
}
