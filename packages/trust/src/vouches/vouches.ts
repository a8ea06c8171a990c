import { TrustError } from './trust-error.ts'

/** What one peer says of another: that it is honest, as far as it knows. Peers are indices from 0. */
export interface Vouch {
  readonly from: number
  readonly to: number
  /** How sure it is, above 0; 1 when left out. */
  readonly weight?: number | undefined
}

/** Of vouches `index` is the one that is wrong. */
export interface VouchFault {
  readonly index: number
  readonly message: string
}

export const mostPeers = 100_000
export const mostVouches = 1_000_000
/** Greater, or smaller than 1 over it, and sums of weights are no longer what they seem. */
export const mostWeight = 1_000_000

/** What is wrong with vouches among `count` peers: each fault with its index, and what to do. */
export function vouchFaults(count: number, vouches: readonly Vouch[]): VouchFault[] {
  const faults: VouchFault[] = []
  const sound: number[] = []
  for (const [index, vouch] of vouches.entries()) {
    const message = faultOf(count, vouch)
    if (message === undefined) sound.push(index)
    else faults.push({ index, message })
  }
  const order = sorted(count, vouches, sound)
  for (let k = 1; k < order.length; k++) {
    const { from, to } = vouches[order[k]!]!
    const before = vouches[order[k - 1]!]!
    if (before.from === from && before.to === to)
      faults.push({ index: order[k]!, message: `peer ${from} vouches for ${to} twice: leave one out` })
  }
  return faults.sort((a, b) => a.index - b.index)
}

function faultOf(count: number, { from, to, weight = 1 }: Vouch): string | undefined {
  for (const peer of [from, to])
    if (!(Number.isSafeInteger(peer) && peer >= 0 && peer < count))
      return `there are peers 0 to ${count - 1}, found ${peer}`
  if (from === to) return `peer ${from} vouches for itself, which says nothing: leave it out`
  if (weight >= 1 / mostWeight && weight <= mostWeight) return undefined
  return `its weight must be from ${1 / mostWeight} to ${mostWeight}, found ${weight}`
}

/** Indices of vouches by `to`, then by `from`, then as they were. */
function sorted(count: number, vouches: readonly Vouch[], indices: ArrayLike<number>): ArrayLike<number> {
  const byFrom = counted(count, indices, (index) => vouches[index]!.from)
  return counted(count, byFrom, (index) => vouches[index]!.to)
}

/** Counting sort, which keeps the order of equals. */
function counted(count: number, indices: ArrayLike<number>, keyOf: (index: number) => number): Int32Array {
  const ends = new Int32Array(count + 1)
  for (let k = 0; k < indices.length; k++) ends[keyOf(indices[k]!) + 1]!++
  for (let key = 0; key < count; key++) ends[key + 1]! += ends[key]!
  const result = new Int32Array(indices.length)
  for (let k = 0; k < indices.length; k++) result[ends[keyOf(indices[k]!)]!++] = indices[k]!
  return result
}

/**
 * Who vouches for whom, among peers 0 … count − 1. Those who vouch for peer v are `from[starts[v]]` … `from[starts[v + 1] − 1]`,
 * ascending, with `weights` beside them: whatever the order in which vouches were given, sums over them have the same bits.
 */
export class Vouches {
  readonly count: number
  readonly starts: Int32Array
  readonly from: Int32Array
  readonly weights: Float64Array

  private constructor(count: number, starts: Int32Array, from: Int32Array, weights: Float64Array) {
    this.count = count
    this.starts = starts
    this.from = from
    this.weights = weights
  }

  /** Throws TrustError `bad-peers` or `bad-vouch`. */
  static of(count: number, given: readonly Vouch[]): Vouches {
    if (!(Number.isSafeInteger(count) && count >= 1 && count <= mostPeers))
      throw new TrustError('bad-peers', `There must be 1 to ${mostPeers} peers, found ${count}.`)
    if (given.length > mostVouches)
      throw new TrustError('bad-vouch', `There may be at most ${mostVouches} vouches, found ${given.length}.`)
    const fault = vouchFaults(count, given)[0]
    if (fault !== undefined) throw new TrustError('bad-vouch', `Vouch ${fault.index}: ${fault.message}.`)
    const order = Array.from(sorted(count, given, [...given.keys()]), (index) => given[index]!)
    const starts = new Int32Array(count + 1)
    for (const { to } of order) starts[to + 1]!++
    for (let peer = 0; peer < count; peer++) starts[peer + 1]! += starts[peer]!
    const from = Int32Array.from(order, (vouch) => vouch.from)
    const weights = Float64Array.from(order, ({ weight = 1 }) => weight)
    return new Vouches(count, starts, from, weights)
  }

  /** Of each peer, `share[from]` times the weight of each vouch for it, summed from +0 by ascending `from`. */
  received(share: Float64Array): Float64Array {
    const { count, starts, from, weights } = this
    const sums = new Float64Array(count)
    for (let peer = 0; peer < count; peer++) {
      let sum = 0
      for (let k = starts[peer]!; k < starts[peer + 1]!; k++) sum += weights[k]! * share[from[k]!]!
      sums[peer] = sum
    }
    return sums
  }

  /** How many vouches each peer has given, and what they weigh together. */
  given(): { readonly counts: Float64Array; readonly weights: Float64Array } {
    const [counts, weights] = [new Float64Array(this.count), new Float64Array(this.count)]
    for (let k = 0; k < this.from.length; k++) {
      counts[this.from[k]!]!++
      weights[this.from[k]!]! += this.weights[k]!
    }
    return { counts, weights }
  }

  /** Each vouch, by `to` and then by `from`. */
  *all(): Generator<Required<Vouch> & { readonly weight: number }> {
    for (let to = 0; to < this.count; to++)
      for (let k = this.starts[to]!; k < this.starts[to + 1]!; k++)
        yield { from: this.from[k]!, to, weight: this.weights[k]! }
  }
}
