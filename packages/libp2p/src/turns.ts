/**
 * Turns on the event loop for what comes from others: those who sent it one after the other, and so much in one turn of the
 * loop as takes a moment, so that whatever comes in one chunk, what else is to be done waits for that and not for all.
 */

/** What a turn of the loop may take before the loop is free again; a piece that was begun is finished. */
const momentMs = 2
/** Pieces in one turn of the loop, however short. */
const mostPieces = 16
/** Promises between whoever waits and its work, at most: what is done beyond them is not timed. */
const mostHops = 24

export class Turns {
  /** Whoever had a turn is put last. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #scheduled = false

  /** Fulfilled in a later turn of the loop; what is done at once then is timed. */
  next(who: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting = this.#waiting.get(who)
    if (waiting === undefined) this.#waiting.set(who, [resolve])
    else waiting.push(resolve)
    this.#schedule()
    return promise
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return
    this.#scheduled = true
    setImmediate(() => {
      void this.#grant(performance.now() + momentMs)
    })
  }

  async #grant(untilMs: number): Promise<void> {
    for (let pieces = 0; pieces < mostPieces && this.#waiting.size > 0; pieces++) {
      for (const [who, [first, ...others]] of this.#waiting) {
        this.#waiting.delete(who)
        if (others.length > 0) this.#waiting.set(who, others)
        first?.()
        break
      }
      // Whoever waited goes on now.
      for (let hop = 0; hop < mostHops; hop++) await undefined
      if (performance.now() >= untilMs) break
    }
    this.#scheduled = false
    this.#schedule()
  }
}
