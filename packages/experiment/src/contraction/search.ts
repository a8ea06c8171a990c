/**
 * The search for the worst round: simulated annealing over everything that liars can arrange, with moves that know
 * where the worst cases lie (values equal to others, mirrored at others, or a little beside them), from several
 * starts, and a descent of step sizes at the end. What it finds is a lower bound of the true worst ratio.
 */
import { type RandomStream, seededStream } from '@hearsay/catalogue/random'
import type { Point } from './averages.ts'
import { allowed, type Exchange, ratioOf } from './exchange.ts'
import type { ContractionProtocol } from './protocols.ts'

export interface SearchOptions {
  readonly protocol: ContractionProtocol
  readonly n: number
  readonly f: number
  /** d, the coordinates of a value. */
  readonly dimension: number
  /** How many starts, and how many arrangements are tried from each. */
  readonly starts: number
  readonly steps: number
  readonly seed: number
}

export interface Worst {
  readonly ratio: number
  readonly exchange: Exchange
}

/** `turn` is awaited now and then, so that others have theirs; it may throw to end the search. */
export async function searchWorst(options: SearchOptions, turn: () => Promise<void> = async () => {}): Promise<Worst> {
  const search = searching(options)
  for (;;) {
    const next = search.next()
    if (next.done) return next.value
    await turn()
  }
}

/** So many arrangements are tried in one go. */
const stepsInOneGo = 2048

/** Yields where it may pause. */
function* searching(options: SearchOptions): Generator<void, Worst> {
  const search = new Search(options)
  let worst = yield* search.from(search.start())
  for (let start = 1; start < options.starts; start++) {
    const found = yield* search.from(search.start())
    if (found.ratio > worst.ratio) worst = found
  }
  return yield* search.refine(worst)
}

/** How much worse an arrangement may be that is gone on from, at first. */
const temperature = 0.08
/** Values stay within: what lies farther away does no more than this. */
const reach = 8
/** Values are multiples of this, so that differences are exact in float32 too, and ties are ties for every average. */
const grain = 2 ** -12

class Search {
  readonly #options: SearchOptions
  readonly #random: RandomStream

  constructor(options: SearchOptions) {
    this.#options = options
    this.#random = seededStream(options.seed)
  }

  start(): Exchange {
    const { protocol, n, f } = this.#options
    const freedom = protocol.freedom(n, f)
    const honest = Array.from({ length: n - f }, () => this.#anywhere())
    const told = Array.from({ length: f }, () => this.#anywhere())
    const others = freedom.equivocation ? Array.from({ length: f }, () => this.#anywhere()) : told
    const missing = (self: 0 | 1): number[] => (freedom.unheard === 'any' ? this.#sample(self) : [])
    return { honest, liars: [told, others], unheard: [missing(0), missing(1)] }
  }

  /** Threshold accepting (Dueck and Scheuer 1990): annealing without a transcendental function. */
  *from(start: Exchange): Generator<void, Worst> {
    const { steps } = this.#options
    let here: Worst = { ratio: this.#ratio(start), exchange: start }
    let worst = here
    for (let step = 0; step < steps; step++) {
      if (step % stepsInOneGo === 0) yield
      const next = this.#try(here.exchange, () => this.#near(here.exchange))
      if (next === undefined) continue
      if (next.ratio >= here.ratio - temperature * (1 - step / steps) ** 2) here = next
      if (next.ratio > worst.ratio) worst = next
    }
    return worst
  }

  /** Goes uphill by smaller and smaller steps. */
  *refine(worst: Worst): Generator<void, Worst> {
    let best = worst
    for (let size = 0.25; size >= grain; size /= 2)
      for (let step = 0; step < this.#options.steps / 16; step++) {
        if (step % stepsInOneGo === 0) yield
        const next = this.#try(best.exchange, () => {
          const pool = this.#pool(best.exchange)
          return pool[this.#random.integer(pool.length)]!.map(
            (value) => value + size * (2 * this.#random.uniform() - 1),
          )
        })
        if (next !== undefined && next.ratio > best.ratio) best = next
      }
    return best
  }

  #ratio(exchange: Exchange): number {
    return ratioOf(exchange, this.#options.protocol, this.#options.n, this.#options.f)
  }

  /** One or two changes; undefined when liars cannot arrange that. */
  #try(from: Exchange, point: () => Point): Worst | undefined {
    const changed =
      this.#random.uniform() < 0.5 ? this.#change(from, point) : this.#change(this.#change(from, point), point)
    const { protocol, n, f } = this.#options
    const exchange = allowed(changed, protocol.freedom(n, f), f) ? changed : undefined
    return exchange === undefined ? undefined : { ratio: this.#ratio(exchange), exchange }
  }

  #change(from: Exchange, point: () => Point): Exchange {
    const { protocol, n, f } = this.#options
    const { equivocation, unheard } = protocol.freedom(n, f)
    const which = this.#random.uniform()
    if (which < 0.45 || (which >= 0.8 && unheard === 'none'))
      return { ...from, honest: replaced(from.honest, this.#random.integer(n - f), within(point())) }
    const peer = this.#random.integer(2)
    if (which < 0.8) {
      const told = replaced(from.liars[peer]!, this.#random.integer(f), within(point()))
      if (!equivocation) return { ...from, liars: [told, told] }
      return { ...from, liars: peer === 0 ? [told, from.liars[1]] : [from.liars[0], told] }
    }
    const missing = unheard === 'any' ? this.#exchangeOne(from.unheard[peer]!) : this.#toggle(from.unheard[peer]!)
    return { ...from, unheard: peer === 0 ? [missing, from.unheard[1]] : [from.unheard[0], missing] }
  }

  #exchangeOne(missing: readonly number[]): number[] {
    return replaced(missing, this.#random.integer(missing.length), this.#random.integer(this.#options.n))
  }

  #toggle(missing: readonly number[]): number[] {
    const position = this.#random.integer(this.#options.n)
    return missing.includes(position) ? missing.filter((other) => other !== position) : [...missing, position]
  }

  /** f positions of honest peers other than `self`. */
  #sample(self: 0 | 1): number[] {
    const { n, f } = this.#options
    const others = Array.from({ length: n - f }, (_, position) => position).filter((position) => position !== self)
    return Array.from({ length: f }, () => others.splice(this.#random.integer(others.length), 1)[0]!)
  }

  #pool({ honest, liars }: Exchange): readonly Point[] {
    return [...honest, ...liars[0], ...liars[1]]
  }

  #anywhere(): Point {
    return Array.from({ length: this.#options.dimension }, () =>
      this.#random.uniform() < 0.5 ? this.#random.integer(2) : this.#random.integer(17) / 16,
    )
  }

  /** Somewhere that matters: at another value, between two, mirrored, or a little aside. */
  #near(exchange: Exchange): Point {
    const pool = this.#pool(exchange)
    const one = pool[this.#random.integer(pool.length)]!
    const kind = this.#random.uniform()
    if (kind < 0.4) return one
    if (kind < 0.55) return this.#anywhere()
    if (kind < 0.75) {
      const other = pool[this.#random.integer(pool.length)]!
      const way = [0.5, -1, 2, 2 * this.#random.uniform() - 1][this.#random.integer(4)]!
      return one.map((value, column) => value + way * (other[column]! - value))
    }
    const aside = [1, 0.1, 0.01, 0.001, 0.0001][this.#random.integer(5)]!
    return one.map((value) => value + aside * (2 * this.#random.uniform() - 1))
  }
}

function replaced<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((old, position) => (position === index ? item : old))
}

function within(point: Point): Point {
  return point.map((value) => grain * Math.round(Math.min(reach, Math.max(-reach, value)) / grain))
}
