/** The words of all sets that are empty, as most are for a while. */
const none: number[] = []

/** Some of the peers of a roster, by position: a bit each, since a peer keeps thousands of such sets a round. */
export class PeerSet {
  /** 30 positions a word, which engines keep as small integers. */
  #words = none

  has(peer: number): boolean {
    return ((this.#words[Math.trunc(peer / 30)] ?? 0) & (1 << (peer % 30))) !== 0
  }

  /** False if it was there before. */
  add(peer: number): boolean {
    const at = Math.trunc(peer / 30)
    const bit = 1 << (peer % 30)
    // No longer than it must be: an array that is pushed to has room for many more.
    const lacking = at + 1 - this.#words.length
    if (lacking > 0) this.#words = this.#words.concat(Array(lacking).fill(0))
    if ((this.#words[at]! & bit) !== 0) return false
    this.#words[at]! |= bit
    return true
  }

  /** In order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [at, word] of this.#words.entries())
      for (let bit = 0; bit < 30; bit++) if ((word & (1 << bit)) !== 0) yield 30 * at + bit
  }
}
