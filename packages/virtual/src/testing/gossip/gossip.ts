/**
 * Plain gossip averaging, as a third agreement of one's own: in a round every peer trains and says what that made of its
 * model, and ends the round with the mean of its own and of those of its neighbours in a graph.
 *
 * It guarantees, when nobody lies: a peer is at most one round before its neighbours and ends every round, though some of
 * them be silent; without training the models of a connected graph come closer in every round. With a liar, nothing.
 *
 * A peer names its neighbours, in a word of this agreement's own: a model counts among two that name each other.
 */
import type {
  Agreement,
  AgreementKind,
  AgreementOptions,
  AgreementRound,
  Digest,
  Envelope,
  Member,
  Result,
  Shell,
  Statement,
  Work,
} from '@hearsay/protocol'

export interface GossipSettings {
  /** Pairs of positions. */
  readonly graph: readonly (readonly [number, number])[]
}

export function gossip({ graph }: GossipSettings): AgreementKind {
  return {
    name: 'gossip',
    stages: () => 1,
    create: (shell, options) => {
      const pairs = [...graph, ...graph.map(([a, b]) => [b, a] as const)]
      const neighbours = pairs.flatMap(([a, b]) => (a === options.self ? [b] : []))
      return new GossipAgreement(
        shell,
        options,
        neighbours.sort((a, b) => a - b),
      )
    },
    refuses: (statement, { previous }, { genesis }) => {
      const own = statement.kind === 'init' || statement.kind === 'word'
      return own && statement.stage === 0 && previous === genesis ? undefined : 'a word of another agreement'
    },
  }
}

class GossipAgreement implements Agreement {
  #height: number
  #model: Digest
  #round: GossipRound | undefined
  readonly #shell: Shell
  readonly #options: AgreementOptions
  readonly #neighbours: readonly number[]

  constructor(shell: Shell, options: AgreementOptions, neighbours: readonly number[]) {
    this.#shell = shell
    this.#options = options
    this.#neighbours = neighbours
    this.#height = options.head?.round ?? 0
    this.#model = options.head?.model ?? options.initial
  }

  get height(): number {
    return this.#height
  }

  get begun(): boolean {
    return this.#round !== undefined
  }

  start(): void {
    const { genesis } = this.#options.network
    // Neighbours may still be in the round that was over before.
    if (this.#height > 0) this.#shell.repeat({ number: this.#height, previous: genesis })
    const number = this.#height + 1
    const round = new GossipRound({ number, previous: genesis, model: this.#model }, this.#shell, this.#options, [
      ...this.#neighbours,
    ])
    this.#round = round
    this.#shell.enter({
      number,
      previous: genesis,
      oldest: number - 1,
      working: number - 1,
      begin: () => round.begin(),
    })
  }

  again(): void {
    this.start()
  }

  round(number: number): GossipRound | undefined {
    return this.#round?.number === number ? this.#round : undefined
  }

  inReach({ author, round }: { readonly author: number; readonly round: number }): boolean {
    const matters = author === this.#options.self || this.#neighbours.includes(author)
    return matters && round >= this.#height && round <= this.#height + 2
  }

  isNear(head: { readonly author: number; readonly round: number }): boolean {
    return this.inReach(head)
  }

  mayTell(): boolean {
    return false
  }

  onDone(work: Work, result: Result): void {
    const model = this.round(work.round)?.onDone(work, result)
    if (model === undefined) return
    const { number, members } = this.#round!
    this.#height = number
    this.#model = model
    this.#shell.end({ kind: 'round-ended', round: number, model, members }, true)
    this.start()
  }

  conclude(): void {}

  onHalted(): void {
    this.#round = undefined
  }

  locator(): readonly { readonly round: number; readonly digest: Digest }[] {
    return [{ round: this.#height, digest: this.#options.network.genesis }]
  }

  answer({ locator }: Parameters<Agreement['answer']>[0]): ReturnType<Agreement['answer']> {
    const asked = (locator[0]?.round ?? 0) + 1
    return { certificates: [], envelopes: this.#shell.heard.of(asked) ?? ([] as readonly Envelope[]) }
  }

  hasShownAll({ round }: { readonly round: number }): boolean {
    return round <= this.#height + 1
  }

  holders(): number[] {
    return []
  }
}

class GossipRound implements AgreementRound {
  readonly number: number
  readonly previous: Digest
  /** Of whose models the mean is, once that is known. */
  members: readonly Member[] = []
  readonly #model: Digest
  readonly #shell: Shell
  readonly #options: AgreementOptions
  /** Whose models are waited for. */
  readonly #awaited: Set<number>
  readonly #neighbours: readonly number[]
  readonly #held: Member[] = []
  #over = false

  constructor(
    start: { readonly number: number; readonly previous: Digest; readonly model: Digest },
    shell: Shell,
    options: AgreementOptions,
    neighbours: readonly number[],
  ) {
    this.number = start.number
    this.previous = start.previous
    this.#model = start.model
    this.#shell = shell
    this.#options = options
    this.#neighbours = neighbours
    this.#awaited = new Set([...neighbours, options.self])
  }

  begin(): void {
    this.#shell.work({ kind: 'train', round: this.number, model: this.#model })
  }

  onStatement(from: number, statement: Statement): void {
    const { self, timing } = this.#options
    if (statement.kind === 'init') {
      const member = { peer: from, digest: statement.digest }
      this.#shell.work({ kind: 'fetch', round: this.number, stage: 0, member })
      if (from === self) this.#shell.setTimer(timing.graceMs, () => this.#goOn())
    } else if (from === self) return
    else if (statement.kind === 'word' && !Buffer.from(statement.content, 'hex').includes(self)) {
      this.#awaited.delete(from)
      this.#progress()
    }
  }

  /** The model that the round ends with, once it is there. */
  onDone(work: Work, result: Result): Digest | undefined {
    const { self } = this.#options
    if (result.kind === 'trained') {
      const members = [{ peer: self, digest: result.digest }]
      this.#average({ members, onto: this.#model, into: 'vector', stage: 0 })
    } else if (work.kind === 'fetch' && result.kind === 'held') {
      this.#held.push(work.member)
      this.#progress()
    } else if (result.kind === 'averaged') {
      if (this.#over) return result.digest
      this.#say(result.digest)
    }
    return undefined
  }

  #say(digest: Digest): void {
    this.#shell.say(this, { kind: 'init', stage: 0, digest })
    this.#shell.say(this, { kind: 'word', stage: 0, content: Buffer.from(this.#neighbours).toString('hex') })
  }

  /** Without those that did not come in time. */
  #goOn(): void {
    for (const peer of this.#neighbours) this.#awaited.delete(peer)
    this.#progress()
  }

  #progress(): void {
    const held = this.#held.map(({ peer }) => peer)
    if (this.#over || [...this.#awaited].some((peer) => !held.includes(peer))) return
    this.#over = true
    this.members = this.#held.toSorted((a, b) => a.peer - b.peer)
    this.#shell.output({ kind: 'agreed', round: this.number, members: this.members })
    this.#average({ members: this.members, into: 'model', stage: 1 })
  }

  #average(of: Pick<Extract<Work, { kind: 'average' }>, 'members' | 'onto' | 'into' | 'stage'>): void {
    this.#shell.work({ kind: 'average', round: this.number, by: { kind: 'rule' }, ...of })
  }
}
