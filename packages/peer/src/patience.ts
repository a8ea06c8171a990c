/**
 * How long a peer waits for the chunks of one author, each of which is sent once.
 *
 * Nothing is safe by it: whenever a peer stops waiting, it says truly what it holds. What it has to do:
 * - To end, whatever is lost. It does after `mostWaits` times what it waits for the first at the latest, and what this machine was too busy for.
 * - Not to outlast what comes by much. Once the first is there it waits, after each, no longer than that one took: chunks are asked
 *   for all at once, and follow each other closely.
 * - Not to leave rounds empty where all is slow, but nothing lost. A timer that comes late says that this process was busy, and what
 *   arrived meanwhile is still unread: it is waited for as much longer. And the first chunk is waited for twice as long as the first of
 *   the usual author took the last time, `firstMsAfter`: where nothing of most came, as long again. So delays of any size up to
 *   `mostLonger` times the wait are met in the end, as by timeouts where delays are bounded and nobody knows by what (Dwork, Lynch,
 *   Stockmeyer 1988). What is usual is a median: less than a third lies, so it is between the times of honest peers, and a few links
 *   that lose all keep nobody waiting.
 * A liar that sends slowly, or nothing, is waited for by those who take its chunks alone, and loses its own receipts by it.
 */
import { lowerMedian } from './fetching/lower-median.ts'
import type { Clock } from './ports.ts'

/** Times the wait for the first chunk. */
const mostLonger = 64
/** In all, times the wait for the first. */
const mostWaits = 8
/** Of the wait, what is waited after a chunk at least. */
const leastShare = 1 / 2
/** A timer that comes so late says that this process was busy; so much of it is waited for again, so often in a row. */
const busyMs = 10
const mostBusyMs = 1000
const mostExcuses = 8

/** How long the first chunk of an author is waited for, where those of all took so long the last time. */
export function firstMsAfter(tookMs: Iterable<number>, waitMs: number): number {
  const times = Float64Array.from(tookMs)
  const usualMs = times.length === 0 ? 0 : lowerMedian(times, times.length)
  return Math.min(mostLonger * waitMs, Math.max(waitMs, 2 * usualMs))
}

export class Patience {
  readonly #clock: Pick<Clock, 'nowMs' | 'after'>
  readonly #over: () => void
  readonly #firstMs: number
  readonly #waitMs: number
  readonly #beganMs: number
  /** When the last came, and how long is waited from then on. */
  #sinceMs: number
  #quietMs: number
  /** The first, once it is there. */
  #tookMs: number | undefined
  #excuses = 0
  #excusedMs = 0
  #cancel: () => void

  /** `over` is called once, unless `end` is before. */
  constructor(
    clock: Pick<Clock, 'nowMs' | 'after'>,
    { waitMs, firstMs = waitMs }: { readonly waitMs: number; readonly firstMs?: number | undefined },
    over: () => void,
  ) {
    this.#clock = clock
    this.#over = over
    this.#waitMs = waitMs
    this.#firstMs = firstMs
    this.#quietMs = this.#firstMs
    this.#beganMs = clock.nowMs()
    this.#sinceMs = this.#beganMs
    this.#cancel = this.#wait(this.#firstMs)
  }

  /** A chunk came. */
  heard(): void {
    const nowMs = this.#clock.nowMs()
    if (this.#tookMs === undefined) {
      this.#tookMs = nowMs - this.#beganMs
      this.#quietMs = Math.max(leastShare * this.#waitMs, this.#tookMs)
    }
    this.#sinceMs = nowMs
    this.#excuses = 0
    this.#cancel()
    this.#cancel = this.#wait(this.#dueMs() - nowMs)
  }

  /** How long the first took, or at least would have. */
  get tookMs(): number {
    return this.#tookMs ?? this.#firstMs
  }

  end(): void {
    this.#cancel()
  }

  #dueMs(): number {
    return Math.min(this.#sinceMs + this.#quietMs, this.#beganMs + mostWaits * this.#firstMs + this.#excusedMs)
  }

  #wait(delayMs: number): () => void {
    const dueMs = this.#clock.nowMs() + delayMs
    return this.#clock.after(Math.max(0, delayMs), () => {
      const lateMs = this.#clock.nowMs() - dueMs
      if (lateMs <= busyMs || this.#excuses >= mostExcuses) {
        this.#over()
        return
      }
      this.#excuses++
      const againMs = Math.min(lateMs, mostBusyMs)
      this.#excusedMs += lateMs + againMs
      this.#cancel = this.#wait(againMs)
    })
  }
}
