/**
 * Random integers from a seed, for rules that draw: mulberry32 by Tommy Ettinger, 32 bits of state. Only that liars
 * cannot choose the draws matters here, and that every machine draws the same.
 */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** An integer from 0 to `count` − 1. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * count)
  }

  /** The integers from 0 to `count` − 1 in random order (Fisher and Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const value = order[i]!
      order[i] = order[j]!
      order[j] = value
    }
    return order
  }

  /** `size` distinct integers from 0 to `count` − 1, ascending (Floyd: A Sample of Brilliance, 1987). */
  sample(count: number, size: number): Uint32Array {
    const taken = new Uint32Array(Math.ceil(count / 32))
    for (let last = count - size; last < count; last++) {
      const candidate = this.below(last + 1)
      const isTaken = (taken[candidate >>> 5]! >>> (candidate & 31)) & 1
      const fresh = isTaken ? last : candidate
      taken[fresh >>> 5]! |= 1 << (fresh & 31)
    }
    const chosen = new Uint32Array(size)
    for (let word = 0, k = 0; k < size; word++) {
      // The lowest bit that is left, time and again.
      for (let bits = taken[word]!; bits !== 0; bits &= bits - 1)
        chosen[k++] = word * 32 + 31 - Math.clz32(bits & -bits)
    }
    return chosen
  }
}
