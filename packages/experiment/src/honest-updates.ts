/** What honest peers made in each round: known to a coalition as soon as it is made, before it is sent. */

import type { Update } from '@hearsay/aggregation'
import type { Clock } from '@hearsay/peer'
import type { Digest } from '@hearsay/protocol'

/** Rounds before the newest that are still known: liars that lag so far know nothing. */
const roundsKept = 2

export interface Work {
  readonly round: number
  readonly model: Digest
}

interface Made extends Work {
  /** None of who pauses. */
  readonly update: Update | undefined
}

interface Waiting extends Work {
  readonly resolve: () => void
  /** Begins anew whenever an update is made. */
  cancel: () => void
}

/**
 * Whoever asks for the updates of a round waits for those of all honest peers that may still make one on the same model:
 * not for those that trained on another or are rounds ahead. A peer that stopped cannot be told from one that is slow, so
 * after `patienceMs` in which nobody made anything, what is known has to do.
 */
export class HonestUpdates {
  readonly #peers: readonly number[]
  readonly #patienceMs: number
  readonly #clock: Clock
  readonly #onWaiting: (change: 1 | -1) => void
  /** By peer, of the last rounds. */
  readonly #made = new Map<number, Made[]>()
  readonly #waiting = new Set<Waiting>()

  /** `onWaiting` is told at once when somebody begins to wait, and when the wait is over, before whoever waited goes on. */
  constructor(options: {
    readonly peers: readonly number[]
    readonly patienceMs: number
    readonly clock: Clock
    readonly onWaiting?: ((change: 1 | -1) => void) | undefined
  }) {
    this.#peers = options.peers.toSorted((a, b) => a - b)
    this.#patienceMs = options.patienceMs
    this.#clock = options.clock
    this.#onWaiting = options.onWaiting ?? (() => {})
  }

  /** Without an update, it makes none in this round. */
  add(peer: number, { round, model }: Work, update?: Update): void {
    const kept = (this.#made.get(peer) ?? []).filter((made) => made.round >= round - roundsKept)
    this.#made.set(peer, [...kept, { round, model, update }])
    for (const waiting of this.#waiting) {
      if (this.#isComplete(waiting)) waiting.resolve()
      else this.#waitOn(waiting)
    }
  }

  /** The updates of this round on this model, in order of the peers. Rejects with the signal's reason when it is aborted first. */
  async of(work: Work, signal: AbortSignal): Promise<Map<number, Update>> {
    signal.throwIfAborted()
    if (!this.#isComplete(work)) await this.#wait(work, signal)
    const updates = new Map<number, Update>()
    for (const peer of this.#peers) {
      const update = this.#updateOf(peer, work)
      if (update !== undefined) updates.set(peer, update)
    }
    return updates
  }

  /** The newest of each peer, in order of the peers: what may be known where nobody waits. */
  newest(): Map<number, Update> {
    return new Map(
      this.#peers.flatMap((peer) => {
        const update = this.#made.get(peer)?.findLast((made) => made.update !== undefined)?.update
        return update === undefined ? [] : [[peer, update] as const]
      }),
    )
  }

  #updateOf(peer: number, { round, model }: Work): Update | undefined {
    return this.#made.get(peer)?.find((made) => made.round === round && made.model === model)?.update
  }

  #isComplete(work: Work): boolean {
    return this.#peers.every((peer) => {
      if (this.#updateOf(peer, work) !== undefined) return true
      return this.#made.get(peer)?.some((made) => made.round >= work.round) ?? false
    })
  }

  #waitOn(waiting: Waiting): void {
    waiting.cancel()
    waiting.cancel = this.#clock.after(this.#patienceMs, waiting.resolve)
  }

  async #wait(work: Work, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let waits = true
    const over = (settle: () => void) => (): void => {
      if (!waits) return
      waits = false
      this.#onWaiting(-1)
      settle()
    }
    const waiting: Waiting = { ...work, resolve: over(resolve), cancel: () => {} }
    this.#waitOn(waiting)
    const abort = over(() => reject(signal.reason))
    this.#waiting.add(waiting)
    this.#onWaiting(1)
    signal.addEventListener('abort', abort, { once: true })
    try {
      await promise
    } finally {
      this.#waiting.delete(waiting)
      waiting.cancel()
      signal.removeEventListener('abort', abort)
    }
  }
}
