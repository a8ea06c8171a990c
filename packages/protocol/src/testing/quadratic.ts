/**
 * Asynchronous learning in small: ½‖x‖² in 20 dimensions, n = 10 workers of which f = 3 may lie, each of whose gradients is computed on a
 * model that is some 12 updates old. What filters let through, and where learning ends.
 */
import { namedStream, type RandomStream } from '@hearsay/catalogue/random'
import { type Candidate, Judge, type JudgeOptions, type Pair } from '../agreement/asynchronous/judge.ts'
import type { Filters } from '../agreement/asynchronous/settings.ts'

const [peers, tolerated, dimensions, rate, noise] = [10, 3, 20, 0.1, 0.3]
const gradients = 4000
const start = 5

export const trials = ['no attack', 'gaussian x 20', 'reversed x 10', 'reversed x 1'] as const
export type Trial = (typeof trials)[number]

const open: Filters = {
  lipschitz: 'none',
  memory: 1,
  frequency: 'none',
  dampening: 'exponential',
  alpha: 0.2,
  escape: false,
}

export interface Variant {
  readonly filters: Filters
  /** Rounds of the coordinate median before. */
  readonly rounds: number
}

export const variants = {
  'no filter': { filters: open, rounds: 0 },
  literal: { filters: { ...open, lipschitz: 'literal' }, rounds: 0 },
  'literal, greatest of 25, escape': {
    filters: { ...open, lipschitz: 'literal', memory: 25, escape: true },
    rounds: 0,
  },
  'own models, latest': { filters: { ...open, lipschitz: 'own-models' }, rounds: 3 },
  'own models, greatest of 5': { filters: { ...open, lipschitz: 'own-models', memory: 5 }, rounds: 3 },
  'usual, latest': { filters: { ...open, lipschitz: 'usual' }, rounds: 3 },
  'own models, greatest of 25': { filters: { ...open, lipschitz: 'own-models', memory: 25 }, rounds: 3 },
} as const satisfies Readonly<Record<string, Variant>>

export interface Outcome {
  /** Accepted of the honest gradients. */
  readonly share: number
  /** ‖x‖ at the end. */
  readonly norm: number
}

/** Whose word coefficients are: of who judges, or of who is judged. */
export type Coefficients = 'recomputed' | 'believed'

/** One run of so many gradients. */
export function descend(variant: Variant, trial: Trial, seed: number, coefficients: Coefficients): Outcome {
  const random = namedStream('quadratic', trial, seed)
  const world = new World(random, trial)
  const options = { filters: variant.filters, peers, tolerated }
  const first = world.add('model', new Float64Array(dimensions).fill(start))
  const judge =
    coefficients === 'recomputed'
      ? new Judge(options, first)
      : new Believing(options, first, (author) => world.lies(author))
  const models = [judge.model]
  const measured = (pairs: readonly Pair[]): number[] => pairs.map(([a, b]) => world.distance(a, b))
  const update = (gradient: string, factor: number): void => {
    const [x, g] = [world.vector(judge.model), world.vector(gradient)]
    judge.updated(
      world.add(
        'model',
        x.map((value, i) => value - rate * factor * g[i]!),
      ),
    )
    models.push(judge.model)
    if (judge.epoch % 100 === 0) world.forgetBut([...judge.named, ...models.slice(-60)])
  }
  for (let round = 0; round < variant.rounds; round++) {
    const model = judge.model
    const given = Array.from({ length: peers }, (_, author) => world.gradient(author, model))
    for (const [author, gradient] of given.entries()) {
      const candidate = { author, gradient, model, staleness: 0 }
      judge.note(candidate, measured(judge.pairs(candidate)))
    }
    const median = world.add('gradient', world.median(given))
    judge.begin(median)
    update(median, 1)
  }
  let [honest, passed] = [0, 0]
  for (let event = 0; event < gradients; event++) {
    const author = random.below(peers)
    const staleness = Math.min(judge.epoch, 59, Math.max(0, Math.round(12 + 4 * normal(random))))
    const model = models[judge.epoch - staleness]!
    const gradient = world.gradient(author, model)
    const candidate = { author, gradient, model, staleness }
    const verdict = judge.judge(candidate, measured(judge.pairs(candidate)))
    if (!world.lies(author)) honest++
    if (!verdict.accepted) continue
    if (!world.lies(author)) passed++
    update(gradient, verdict.factor)
  }
  return { share: passed / honest, norm: lengthOf(world.vector(judge.model)) }
}

/** The medians of so many seeds. */
export function outcome(variant: Variant, trial: Trial, seeds: number, coefficients: Coefficients): Outcome {
  const runs = Array.from({ length: seeds }, (_, seed) => descend(variant, trial, seed, coefficients))
  const middle = (of: (run: Outcome) => number): number => runs.map(of).sort((a, b) => a - b)[seeds >> 1]!
  return { share: middle(({ share }) => share), norm: middle(({ norm }) => norm) }
}

/** Who believes what workers say of themselves: liars say 0, which lowers what is allowed. */
class Believing extends Judge {
  readonly #lies: (author: number) => boolean

  constructor(options: JudgeOptions, from: string, lies: (author: number) => boolean) {
    super(options, from)
    this.#lies = lies
  }

  override note(candidate: Candidate, distances: readonly number[]): void {
    super.note(candidate, this.#lies(candidate.author) ? [0, 1] : distances)
  }
}

/** Vectors by name, and who makes them. */
class World {
  readonly #random: RandomStream
  readonly #trial: Trial
  readonly #vectors = new Map<string, Float64Array>()
  #names = 0

  constructor(random: RandomStream, trial: Trial) {
    this.#random = random
    this.#trial = trial
  }

  lies(author: number): boolean {
    return this.#trial !== 'no attack' && author < tolerated
  }

  add(kind: string, vector: Float64Array): string {
    const name = `${kind} ${this.#names++}`
    this.#vectors.set(name, vector)
    return name
  }

  vector(name: string): Float64Array {
    return this.#vectors.get(name)!
  }

  distance(a: string, b: string): number {
    const [x, y] = [this.vector(a), this.vector(b)]
    let sum = 0
    for (let i = 0; i < x.length; i++) sum += (x[i]! - y[i]!) * (x[i]! - y[i]!)
    return Math.sqrt(sum)
  }

  gradient(author: number, model: string): string {
    const honest = this.vector(model).map((value) => value + noise * normal(this.#random))
    const lie = (value: number): number => {
      if (this.#trial === 'gaussian x 20') return 20 * normal(this.#random)
      return this.#trial === 'reversed x 10' ? -10 * value : -value
    }
    return this.add('gradient', this.lies(author) ? honest.map(lie) : honest)
  }

  median(names: readonly string[]): Float64Array {
    const vectors = names.map((name) => this.vector(name))
    const middle = vectors.length >> 1
    return vectors[0]!.map((_, i) => {
      const sorted = vectors.map((vector) => vector[i]!).sort((a, b) => a - b)
      return (sorted[middle - 1]! + sorted[middle]!) / 2
    })
  }

  forgetBut(names: readonly string[]): void {
    const kept = new Set(names)
    for (const name of this.#vectors.keys()) if (!kept.has(name)) this.#vectors.delete(name)
  }
}

function lengthOf(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
}

function normal(random: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
}
