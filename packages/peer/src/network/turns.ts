/**
 * Turns on the event loop for what comes from others: one piece of work a turn, and those who sent it one after the
 * other, so that whatever comes in one chunk, what else is to be done waits for one piece of it and not for all.
 */
export class Turns {
  /** Whoever had a turn is put last. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #scheduled = false

  /** Fulfilled in a later turn of the loop, which nobody else has. */
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
      this.#scheduled = false
      for (const [who, [first, ...others]] of this.#waiting) {
        this.#waiting.delete(who)
        if (others.length > 0) this.#waiting.set(who, others)
        first?.()
        break
      }
      this.#schedule()
    })
  }
}
