/**
 * Which gradients update the model, one after the other, and by how much: the filters and the dampening of Kardam
 * (Damaskinos, El Mhamdi, Guerraoui, Patra, Taziki, ICML 2018), for whoever updates a model: a peer that does it for itself,
 * or all of them, in an order that they agreed on.
 *
 * Deterministic: it holds digests, positions and numbers, and is told by who holds vectors how far apart those are that it names.
 * So the same gradients in the same order, with the same distances, give the same verdicts wherever they are judged; and its
 * state is a few lines, from which another goes on, once it has the vectors that it names.
 *
 * What is believed of an author: nothing. Its coefficient is of its last two gradients, which were seen.
 *
 * Where public code and the poster cannot be followed, and what is done instead:
 * - `literal` divides a candidate's change of gradient by the last step of the model, which is small and says nothing of where the
 *   two gradients were computed: nearly everything is refused. `own-models` divides by the distance of their own models.
 * - `own-models` divides by nothing where two gradients are of one model, which is the rule when nothing is applied, and then nothing
 *   is any more; and it holds a worker's gradient against another's as if these differed no more than two of one worker, whose data are
 *   the same. `usual` compares like with like: a worker's coefficient is that of its newest gradient against the one that was
 *   applied last then, as a candidate's is; and it divides by no less than the median distance between the last two models of workers,
 *   since what gradients differ by on one model is noise, which does not grow less when models come close.
 * - There is a filter only when n − f workers have a coefficient, and a gradient to compare with: `begin` is for rounds of a robust rule
 *   that lead there. Without them all pass until there is one.
 * - A second gradient on one model is judged, and gives no coefficient; to refuse it would stop peers that all wait for another model.
 */
import type { Position } from '../../roster/position.ts'
import type { Digest } from '../../words/digest.ts'
import { damping } from './dampening.ts'
import { frequencyWindow, isTooFrequent } from './frequency-filter.ts'
import { type Change, coefficientOf, greatestAllowed } from './lipschitz-filter.ts'
import type { Filters } from './settings.ts'

/** A gradient, and the model that it was computed on. */
export interface Sample {
  readonly gradient: Digest
  readonly model: Digest
}

export interface Candidate extends Sample {
  readonly author: Position
  /** How many updates of the model came since the one that it was computed on. */
  readonly staleness: number
}

/** Two vectors whose distance is asked for. */
export type Pair = readonly [Digest, Digest]

export type Verdict =
  | { readonly accepted: true; readonly factor: number }
  | { readonly accepted: false; readonly why: 'lipschitz' | 'frequency' }

/** All that a judge knows, to go on from. */
export interface JudgeState {
  /** How many updates there have been. */
  readonly epoch: number
  readonly model: Digest
  /** The one before the last update, once there was one. */
  readonly before?: Digest
  /** The last gradient that was accepted. */
  readonly last?: Sample
  /** Whose gradients were accepted last, as many as the frequency filter looks at, the newest last. */
  readonly authors: readonly Position[]
  /** In the order of positions, of workers that gave a gradient: its last, and its last coefficients, the newest last. */
  readonly workers: readonly WorkerState[]
  /** How many were refused by the Lipschitz filter since one passed. */
  readonly refusals: number
}

export interface WorkerState {
  readonly author: Position
  readonly sample: Sample
  readonly coefficients: readonly number[]
  /** How far its last two models are apart, where that matters. */
  readonly moved?: number
}

/** One of several that are judged together: a candidate, and how it changed. */
export interface Met {
  readonly candidate: Candidate
  /** Against the last of its author, if there was one. */
  readonly own?: Change
  /** Against what was accepted last, if it is to be judged by that. */
  readonly last?: Change
}

export interface JudgeOptions {
  readonly filters: Filters
  /** n and f. */
  readonly peers: number
  readonly tolerated: number
}

export class Judge {
  readonly #options: JudgeOptions
  readonly #workers: Map<Position, WorkerState>
  #state: Omit<JudgeState, 'workers'>

  /** Of a network that begins with this model, or that goes on from this state. */
  constructor(options: JudgeOptions, from: Digest | JudgeState) {
    this.#options = options
    const { workers, ...state } = typeof from === 'string' ? begun(from) : from
    this.#workers = new Map(workers.map((worker) => [worker.author, worker]))
    this.#state = state
  }

  get state(): JudgeState {
    return { ...this.#state, workers: [...this.#workers.values()].sort((a, b) => a.author - b.author) }
  }

  get epoch(): number {
    return this.#state.epoch
  }

  get model(): Digest {
    return this.#state.model
  }

  /** Whether there is a filter: n − f coefficients, and a gradient to compare with. */
  get isReady(): boolean {
    return this.#state.last !== undefined && this.#allowed() !== undefined
  }

  /** All vectors that its state names, sorted: who judges has to hold them. At most 2n + 4. */
  get named(): Digest[] {
    const { model, before, last } = this.#state
    const samples = [...this.#workers.values()].map(({ sample }) => sample)
    const all = [model, ...(before ? [before] : []), ...[...samples, ...(last ? [last] : [])].flatMap(digestsOf)]
    return [...new Set(all)].sort()
  }

  /** What has to be measured to judge it, in the order in which it is then told. */
  pairs(candidate: Candidate): Pair[] {
    const { model, before, last } = this.#state
    const own = this.#workers.get(candidate.author)?.sample
    return [
      ...(own ? pairsOf(candidate, own) : []),
      ...(last ? pairsOf(candidate, last) : []),
      ...(this.#options.filters.lipschitz === 'literal' && before !== undefined ? [[model, before] as const] : []),
    ]
  }

  /** A gradient of the rounds before there is a filter: it counts for its author's coefficient alone. `distances`: of its pairs. */
  note(candidate: Candidate, distances: readonly number[]): void {
    const [gradients, models] = distances as [number, number]
    const known = this.#workers.has(candidate.author) && models > 0
    this.#remember(candidate, models, known ? gradients / this.#noLess(models) : undefined)
  }

  #remember({ author, gradient, model }: Candidate, models: number, coefficient: number | undefined): void {
    const before = this.#workers.get(author)
    let coefficients = before?.coefficients ?? []
    const { lipschitz, memory } = this.#options.filters
    const moved = before === undefined || models === 0 ? before?.moved : models
    if (coefficient !== undefined) coefficients = [...coefficients, coefficient].slice(-memory)
    const usual = lipschitz === 'usual' && moved !== undefined ? { moved } : {}
    this.#workers.set(author, { author, sample: { gradient, model }, coefficients, ...usual })
  }

  /** A round of a robust rule gave this in place of a gradient, computed on the model that was. `updated` tells what became of it. */
  begin(gradient: Digest): void {
    this.#state = { ...this.#state, last: { gradient, model: this.#state.model } }
  }

  /**
   * Of those that are judged together, in any order, what the Lipschitz filter will judge each by: all coefficients are found before one is
   * judged, so none of it hangs on their order. `step` is how far the last step of the model went, where the filter is literal.
   */
  meet(all: readonly Met[], step?: number): (number | undefined)[] {
    const { lipschitz } = this.#options.filters
    for (const { candidate, own } of all) this.#remember(candidate, own?.models ?? 0, undefined)
    return all.map(({ candidate, own, last }) => {
      const models = lipschitz === 'literal' ? step : last && this.#noLess(last.models)
      const isJudged = last !== undefined && models !== undefined && lipschitz !== 'none'
      const coefficient = isJudged ? coefficientOf({ gradients: last.gradients, models }) : undefined
      const usual = lipschitz === 'usual' && coefficient !== undefined && Number.isFinite(coefficient)
      const itsOwn = own && own.models > 0 ? own.gradients / this.#noLess(own.models) : undefined
      this.#remember(candidate, 0, usual ? coefficient : itsOwn)
      return coefficient
    })
  }

  /** Whether it is applied, times `factor`; then `updated` has to tell the model. `distances`: of its pairs. */
  judge(candidate: Candidate, distances: readonly number[]): Verdict {
    const { filters } = this.#options
    const change = this.#changeOf(candidate, distances)
    const coefficient = change && coefficientOf(change)
    if (filters.lipschitz === 'usual' && coefficient !== undefined && Number.isFinite(coefficient))
      this.#remember(candidate, this.#workers.has(candidate.author) ? distances[1]! : 0, coefficient)
    else this.note(candidate, distances)
    return this.decide(candidate, coefficient)
  }

  /** The same of one whose coefficient is known, to its author's as well. */
  decide(candidate: Candidate, coefficient: number | undefined): Verdict {
    const { filters, tolerated } = this.#options
    const { authors, refusals } = this.#state
    const allowed = this.#allowed()
    if (coefficient !== undefined && allowed !== undefined && coefficient > allowed && !this.#escapes()) {
      this.#state = { ...this.#state, refusals: refusals + 1 }
      return { accepted: false, why: 'lipschitz' }
    }
    if (isTooFrequent(filters.frequency, candidate.author, authors, tolerated))
      return { accepted: false, why: 'frequency' }
    const { author, gradient, model } = candidate
    const window = frequencyWindow(tolerated)
    const newest = window === 0 ? [] : [...authors, author].slice(-window)
    this.#state = { ...this.#state, authors: newest, last: { gradient, model }, refusals: 0 }
    return { accepted: true, factor: damping(filters, candidate.staleness) }
  }

  /** What was accepted has been applied, and gave this model. */
  updated(model: Digest): void {
    const { epoch, model: before } = this.#state
    this.#state = { ...this.#state, epoch: epoch + 1, model, before }
  }

  #escapes(): boolean {
    return this.#options.filters.escape && this.#state.refusals >= this.#options.peers
  }

  /** Against the last that was accepted; undefined if there is nothing to compare with. */
  #changeOf(candidate: Candidate, distances: readonly number[]): Change | undefined {
    const { before, last } = this.#state
    const { lipschitz } = this.#options.filters
    if (last === undefined || lipschitz === 'none') return undefined
    const at = this.#workers.has(candidate.author) ? 2 : 0
    const [gradients, models, step] = distances.slice(at) as [number, number, number]
    if (lipschitz !== 'literal') return { gradients, models: this.#noLess(models) }
    return before === undefined ? undefined : { gradients, models: step }
  }

  /** This distance of two models, or the usual one, if it is more and the filter is by that. */
  #noLess(models: number): number {
    if (this.#options.filters.lipschitz !== 'usual') return models
    const distances = [...this.#workers.values()].flatMap(({ moved }) => moved ?? []).sort((a, b) => a - b)
    return Math.max(models, distances[(distances.length - 1) >> 1] ?? 0)
  }

  #allowed(): number | undefined {
    const { peers, tolerated, filters } = this.#options
    if (filters.lipschitz === 'none') return Number.POSITIVE_INFINITY
    const greatest = [...this.#workers.values()].flatMap(({ coefficients }) =>
      coefficients.length === 0 ? [] : Math.max(...coefficients),
    )
    return greatestAllowed(greatest, peers, tolerated)
  }
}

const begun = (model: Digest): JudgeState => ({ epoch: 0, model, authors: [], workers: [], refusals: 0 })

const digestsOf = ({ gradient, model }: Sample): Digest[] => [gradient, model]

const pairsOf = (one: Sample, other: Sample): Pair[] => [
  [one.gradient, other.gradient],
  [one.model, other.model],
]
