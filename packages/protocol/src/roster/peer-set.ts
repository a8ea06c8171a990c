import type { Position } from './position.ts'

/** The words of all sets that are empty, as most are for a while. */
const none: number[] = []

/** Some of the peers of a roster, by position: a bit each, since a peer keeps thousands of such sets a round. */
export class PeerSet {
  /** 32 positions a word. */
  #words = none

  has(peer: Position): boolean {
    return ((this.#words[peer >> 5] ?? 0) & (1 << (peer & 31))) !== 0
  }

  /** False if it was there before. */
  add(peer: Position): boolean {
    const at = peer >> 5
    const bit = 1 << (peer & 31)
    if (at >= this.#words.length) {
      // No longer than it must be: an array that is pushed to has room for many more.
      const grown: number[] = Array(at + 1).fill(0)
      for (let i = 0; i < this.#words.length; i++) grown[i] = this.#words[i]!
      this.#words = grown
    }
    if ((this.#words[at]! & bit) !== 0) return false
    this.#words[at]! |= bit
    return true
  }

  /** In order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [at, word] of this.#words.entries())
      for (let bit = 0; bit < 32; bit++) if ((word & (1 << bit)) !== 0) yield 32 * at + bit
  }
}
