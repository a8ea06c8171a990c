/**
 * What becomes of gradients that are held: first rounds of the rule of the network, from n − f peers or more each, until there is a
 * filter; then one after the other is measured, judged, and applied if it passes. It asks for one piece of work at a time.
 */
import type { Position } from '../../roster/position.ts'
import type { Shell } from '../../shell/agreement.ts'
import type { Result } from '../../shell/step.ts'
import type { Digest } from '../../words/digest.ts'
import type { Averaged, Member } from '../../words/member.ts'
import type { Announced, Standpoint } from './inbox.ts'
import { type Candidate, Judge } from './judge.ts'
import { type Asynchronous, mostInRound } from './settings.ts'

export interface UpdatesOptions {
  readonly settings: Asynchronous
  readonly peers: number
  readonly tolerated: number
  readonly model: Digest
  readonly graceMs: number
  readonly self: Position
  /** It has moved to where others are (mixing.ts). */
  readonly onMoved: (epoch: number) => void
}

type Port = Pick<Shell, 'work' | 'output' | 'setTimer'>

type Doing =
  | { readonly kind: 'noting'; readonly candidates: readonly Candidate[]; readonly counts: readonly number[] }
  | { readonly kind: 'combining' | 'beginning' }
  | { readonly kind: 'measuring'; readonly candidate: Candidate }
  | { readonly kind: 'applying' | 'mixing' }

export class Updates {
  round = 0
  /** How many were judged in this round, and whose passed. */
  judged = 0
  passed: Member[] = []
  /** A round of the rule is over with this round. */
  ruled = false
  readonly #options: UpdatesOptions
  readonly #port: Port
  readonly #judge: Judge
  readonly #queue: Announced[] = []
  /** Of a round of the rule: one of each author. */
  #gathered = new Map<Position, Announced>()
  /** How many rounds of the rule there were. */
  #rounds = 0
  #graced = false
  #doing: Doing | undefined
  /** What it is to move by. */
  #others: readonly Averaged[] | undefined

  constructor(options: UpdatesOptions, port: Port) {
    const { settings, peers, tolerated, model } = options
    this.#options = options
    this.#port = port
    this.#judge = new Judge({ filters: settings, peers, tolerated }, model)
  }

  get standpoint(): Standpoint {
    return { model: this.#judge.model, epoch: this.#judge.epoch }
  }

  /** Whether the rule still leads. */
  get isGathering(): boolean {
    const { bootstrap } = this.#options.settings
    return bootstrap > 0 && (this.#rounds < bootstrap || !this.#judge.isReady)
  }

  /** All vectors that it needs to be held. */
  get named(): Digest[] {
    const held = [...this.#queue, ...this.#gathered.values()]
    const doing = this.#doing?.kind === 'measuring' ? [this.#doing.candidate] : []
    return [...this.#judge.named, ...[...held, ...doing].flatMap(({ gradient, model }) => [gradient, model])]
  }

  beginRound(round: number): void {
    this.round = round
    this.judged = 0
    this.passed = []
    this.ruled = false
    this.#go()
  }

  /** Moves, as soon as nothing else is done, by what the rule of the network makes of how far these are off, and of itself. */
  mix(others: readonly Averaged[]): void {
    this.#others = others
    this.#go()
  }

  /**
   * Its gradient is held, and sound. Of an author no more wait than it may give in a round: who judges more slowly than others
   * announce leaves out the oldest, and holds no more for that.
   */
  onHeld(announced: Announced): void {
    const before = this.#queue.filter(({ author }) => author === announced.author)
    if (before.length >= mostInRound) this.#queue.splice(this.#queue.indexOf(before[0]!), 1)
    this.#queue.push(announced)
    this.#go()
  }

  onDone(result: Result): void {
    const doing = this.#doing
    this.#doing = undefined
    if (doing?.kind === 'noting' && result.kind === 'measured') this.#note(doing, result.distances)
    else if (doing?.kind === 'combining' && result.kind === 'averaged') {
      this.#judge.begin(result.digest)
      this.#apply('beginning', result.digest, 1)
    } else if (doing?.kind === 'beginning' && result.kind === 'aggregated') {
      this.#judge.updated(result.model)
      this.#rounds++
      this.passed = [...this.#gathered.values()].map(({ author, gradient }) => ({ peer: author, digest: gradient }))
      this.#gathered = new Map()
      this.#graced = false
      this.ruled = true
    } else if (doing?.kind === 'measuring' && result.kind === 'measured') this.#rule(doing.candidate, result.distances)
    else if (doing?.kind === 'applying' && result.kind === 'aggregated') {
      this.#judge.updated(result.model)
      this.judged++
    } else if (doing?.kind === 'mixing' && result.kind === 'averaged') {
      this.#judge.updated(result.digest)
      this.#options.onMoved(this.#judge.epoch)
    }
    this.#go()
  }

  /** Takes the next, unless the round is over: who uses this then begins another. */
  #go(): void {
    if (this.isGathering && !this.ruled) {
      for (const announced of this.#queue.splice(0)) {
        if (!this.#gathered.has(announced.author)) this.#gathered.set(announced.author, announced)
      }
      this.#gather()
      return
    }
    if (this.#doing !== undefined || this.ruled || this.judged >= this.#options.peers) return
    if (this.#others !== undefined) {
      this.#move(this.#others)
      return
    }
    const next = this.#queue.shift()
    if (next === undefined) return
    const { author, gradient, model, epoch } = next
    const candidate = { author, gradient, model, staleness: this.#judge.epoch - epoch }
    this.#doing = { kind: 'measuring', candidate }
    this.#port.work({ kind: 'measure', round: this.round, pairs: this.#judge.pairs(candidate) })
  }

  #move(others: readonly Averaged[]): void {
    const { model } = this.#judge
    const { self } = this.#options
    const members = [...others, { peer: self, digest: model, less: model }].sort((a, b) => a.peer - b.peer)
    this.#others = undefined
    this.#doing = { kind: 'mixing' }
    const by = { kind: 'rule' } as const
    this.#port.work({ kind: 'average', round: this.round, stage: 0, by, members, onto: model, into: 'model' })
  }

  #gather(): void {
    const { peers, tolerated, graceMs } = this.#options
    if (this.#doing !== undefined || this.#gathered.size < peers - tolerated) return
    if (this.#gathered.size < peers && !this.#graced) {
      const rounds = this.#rounds
      this.#graced = true
      this.#port.setTimer(graceMs, () => {
        if (this.#rounds === rounds && this.isGathering) this.#close()
      })
    } else if (this.#gathered.size === peers) this.#close()
  }

  /** What was gathered counts, of the model that this peer has: authors are in a round of the rule like it. */
  #close(): void {
    if (this.#doing !== undefined || this.ruled) return
    const { model } = this.standpoint
    const sorted = [...this.#gathered.values()].sort((a, b) => a.author - b.author)
    const candidates = sorted.map(({ author, gradient }) => ({ author, gradient, model, staleness: 0 }))
    const pairs = candidates.map((candidate) => this.#judge.pairs(candidate))
    this.#gathered = new Map(sorted.map((each) => [each.author, each]))
    this.#doing = { kind: 'noting', candidates, counts: pairs.map(({ length }) => length) }
    this.#port.work({ kind: 'measure', round: this.round, pairs: pairs.flat() })
  }

  #note({ candidates, counts }: Extract<Doing, { kind: 'noting' }>, distances: readonly number[]): void {
    let at = 0
    for (const [i, candidate] of candidates.entries()) {
      this.#judge.note(candidate, distances.slice(at, at + counts[i]!))
      at += counts[i]!
    }
    const members = candidates.map(({ author, gradient }) => ({ peer: author, digest: gradient }))
    this.#doing = { kind: 'combining' }
    const by = { kind: 'rule' } as const
    this.#port.work({ kind: 'average', round: this.round, stage: 0, by, members, into: 'vector' })
  }

  #rule(candidate: Candidate, distances: readonly number[]): void {
    const { author: peer, staleness, gradient: digest } = candidate
    const verdict = this.#judge.judge(candidate, distances)
    const { round } = this
    const factor = verdict.accepted ? verdict.factor * this.#options.settings.step : 0
    const why = verdict.accepted ? {} : { why: verdict.why }
    this.#port.output({ kind: 'judged', round, peer, staleness, factor, ...why })
    if (verdict.accepted) {
      this.passed.push({ peer, digest })
      this.#apply('applying', digest, factor)
    } else this.judged++
  }

  #apply(kind: 'beginning' | 'applying', update: Digest, factor: number): void {
    this.#doing = { kind }
    this.#port.work({ kind: 'apply', round: this.round, model: this.#judge.model, update, factor })
  }
}
