/**
 * What is to happen, by time and then by the order in which it was put there. Times are whole milliseconds, so what
 * happens in one millisecond lies in one list, and the heap orders few times instead of many entries.
 */
export class EventQueue<T> {
  readonly #lists = new Map<number, T[]>()
  /** A binary heap of the times that have a list. */
  readonly #times: number[] = []

  push(atMs: number, entry: T): void {
    const list = this.#lists.get(atMs)
    if (list !== undefined) {
      list.push(entry)
      return
    }
    this.#lists.set(atMs, [entry])
    this.#sink(atMs)
  }

  /** When something happens next. */
  nextMs(): number | undefined {
    return this.#times[0]
  }

  /** Takes all that happens next at once; what is put there at the same time while it happens comes in another list. */
  take(): readonly T[] {
    const atMs = this.#times[0]
    if (atMs === undefined) return []
    const list = this.#lists.get(atMs)!
    this.#lists.delete(atMs)
    this.#raise()
    return list
  }

  #sink(atMs: number): void {
    const times = this.#times
    let at = times.length
    times.push(atMs)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (times[parent]! <= atMs) break
      times[at] = times[parent]!
      at = parent
    }
    times[at] = atMs
  }

  #raise(): void {
    const times = this.#times
    const last = times.pop()!
    if (times.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= times.length) break
      if (child + 1 < times.length && times[child + 1]! < times[child]!) child++
      if (times[child]! >= last) break
      times[at] = times[child]!
      at = child
    }
    times[at] = last
  }
}
