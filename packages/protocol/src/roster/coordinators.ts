import type { Position } from './position.ts'

/**
 * Who coordinates which phase: peers in turn, each as often as it weighs (Tijdeman, The chairman assignment problem, 1980).
 *
 * Guarantee: of the first t phases a peer of weight w has more than tw/W − 1 and less than tw/W + 1. So b peers that weigh
 * less than W/3 together have less than T/3 + 2b of any T in a row, and of 3b in a row somebody else has one. Peers that
 * all weigh the same have one each in the order of the roster, and then again: there any b + 1 will do.
 *
 * The j-th turn of a peer may be from phase ⌊(j−1)W/w⌋ + 1 to ⌈jW/w⌉. Of those who may, the one that has to be first has
 * it: no other order can keep to all of these when that one does not (earliest deadline first, for jobs of one phase), and
 * by their rates w/W, which are 1 together, there is an order that does.
 */
export class Coordinators {
  readonly #weights: readonly number[]
  readonly #total: number
  readonly #areEqual: boolean
  /** By peer, how many turns it has had; and who had those so far. */
  readonly #had: number[]
  readonly #order: Position[] = []

  /** Of integers, one a peer; who weighs 0 has no turn. */
  constructor(weights: readonly number[]) {
    this.#weights = weights
    this.#total = weights.reduce((sum, weight) => sum + weight, 0)
    this.#areEqual = weights.every((weight) => weight === weights[0])
    this.#had = weights.map(() => 0)
  }

  /** Of a phase, from 1. */
  of(phase: number): Position {
    if (this.#areEqual) return (phase - 1) % this.#weights.length
    while (this.#order.length < phase) this.#order.push(this.#next())
    return this.#order[phase - 1]!
  }

  #next(): Position {
    const phase = this.#order.length + 1
    let [next, due] = [0, Number.POSITIVE_INFINITY]
    for (const [peer, weight] of this.#weights.entries()) {
      const had = this.#had[peer]!
      if (weight === 0 || Math.floor((had * this.#total) / weight) >= phase) continue
      const last = Math.ceil(((had + 1) * this.#total) / weight)
      if (last < due) [next, due] = [peer, last]
    }
    this.#had[next]!++
    return next
  }
}
