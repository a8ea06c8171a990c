import { Coordinators } from './coordinators.ts'
import { PeerSet } from './peer-set.ts'
import type { Position } from './position.ts'

/** F, the most weight of liars that so much weight tolerates: W > 3F, or more times F where an agreement needs it. */
export function mostTolerated(total: number, times = 3): number {
  return Math.floor((total - 1) / times)
}

/** The most peers that weigh no more than F together: the lightest. */
export function mostLiars(weights: readonly number[], tolerated: number): number {
  const lightest = weights.filter((weight) => weight > 0).sort((a, b) => a - b)
  let left = tolerated
  const beyond = lightest.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return beyond < 0 ? lightest.length : beyond
}

/** The most peers that may lie if as much weight may as can be tolerated at all: less than a third of them when each weighs 1. */
export function mostThatMayLie(weights: readonly number[]): number {
  return mostLiars(weights, mostTolerated(weights.reduce((sum, weight) => sum + weight, 0)))
}

/**
 * Every threshold of the protocol, in one place. `n` is the total weight of the roster and `f` the weight that may
 * lie; a peer weighs 1 unless the roster says otherwise. The thresholds need n ≥ 3f+1, which the constructor checks:
 *
 * - `echo` and `certificate`, more than (n+f)/2: two such sets share more than f, so at least one honest peer, and an
 *   honest peer says one thing in one slot. The n−f honest peers alone reach it, because n−f > (n+f)/2 iff n > 3f.
 * - `amplify`, f+1: at least one honest peer is among them, so a liar alone starts nothing.
 * - `deliver`, 2f+1: at least f+1 of them are honest, which is enough to make everybody amplify.
 * - `available`, n−f: the most that a peer may wait for, since f may stay silent.
 */
export class Quorums {
  readonly total: number
  readonly tolerated: number
  /** One a peer. */
  readonly weights: readonly number[]
  readonly #coordinators: Coordinators

  /** `weights[i]` is the weight of the peer at position i of the roster: integers, of which 0 takes no part. */
  constructor(weights: readonly number[], tolerated: number) {
    this.total = weights.reduce((sum, weight) => sum + weight, 0)
    this.tolerated = tolerated
    this.weights = weights
    if (this.total === 0 || !weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0))
      throw new RangeError('weights are integers ≥ 0, one a peer, and not all 0')
    if (!Number.isSafeInteger(tolerated) || tolerated < 0) throw new RangeError('tolerated is an integer ≥ 0')
    const most = mostTolerated(this.total)
    if (tolerated > most)
      throw new RangeError(`n = ${this.total} tolerates at most f = ${most}, not ${tolerated}: n ≥ 3f+1 is needed`)
    this.#coordinators = new Coordinators(weights)
  }

  /** Of peers that weigh 1 each. */
  static equal(peers: number, tolerated: number): Quorums {
    return new Quorums(Array<number>(peers).fill(1), tolerated)
  }

  get peers(): number {
    return this.weights.length
  }

  /** The most peers that may lie, which is f when each weighs 1. A set of peers that may be all there is lacks no more. */
  get mostLiars(): number {
    return mostLiars(this.weights, this.tolerated)
  }

  /** Whose turn it is in a phase, from 1: peers have it as often as they weigh. */
  coordinator(phase: number): Position {
    return this.#coordinators.of(phase)
  }

  /** The same without these, of whom all that weigh may lie: F is so much less too, and W > 3F still. */
  without(peers: readonly Position[]): Quorums {
    if (peers.length === 0) return this
    const weights = this.weights.map((weight, peer) => (peers.includes(peer) ? 0 : weight))
    return new Quorums(weights, this.tolerated - this.weigh(peers))
  }

  /** The fewest peers whose weight is enough for that, heaviest first. */
  fewest(enough: (weight: number) => boolean): Position[] {
    const heaviest = [...this.weights.keys()].sort((a, b) => this.weight(b) - this.weight(a) || a - b)
    let sum = 0
    const last = heaviest.findIndex((peer) => {
      sum += this.weight(peer)
      return enough(sum)
    })
    return heaviest.slice(0, last + 1)
  }

  weight(peer: Position): number {
    return this.weights[peer] ?? 0
  }

  /** What these weigh, in their order; nothing where each weighs 1, so that their number is their weight. */
  weightsOf(peers: readonly Position[]): number[] | undefined {
    const weights = peers.map((peer) => this.weight(peer))
    return weights.every((weight) => weight === 1) ? undefined : weights
  }

  weigh(peers: Iterable<number>): number {
    let sum = 0
    for (const peer of peers) sum += this.weight(peer)
    return sum
  }

  echo(weight: number): boolean {
    return 2 * weight > this.total + this.tolerated
  }

  amplify(weight: number): boolean {
    return weight >= this.tolerated + 1
  }

  deliver(weight: number): boolean {
    return weight >= 2 * this.tolerated + 1
  }

  available(weight: number): boolean {
    return weight >= this.total - this.tolerated
  }

  certificate(weight: number): boolean {
    return 2 * weight > this.total + this.tolerated
  }
}

/** Distinct peers and their weight together. */
export class Tally extends PeerSet {
  weight = 0

  /** False if the peer was counted before. */
  count(peer: Position, quorums: Quorums): boolean {
    if (!this.add(peer)) return false
    this.weight += quorums.weight(peer)
    return true
  }
}
