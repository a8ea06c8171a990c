import type { Clock } from '@hearsay/peer'

/** Says when a cell makes no progress any more, and before that how long it has been waiting. */
export class StallWatch {
  readonly #options: StallWatchOptions
  #cancel: () => void = () => {}
  #sinceMs = 0

  constructor(options: StallWatchOptions) {
    this.#options = options
  }

  progressed(): void {
    this.#sinceMs = this.#options.clock.nowMs()
    this.#wait()
  }

  close(): void {
    this.#cancel()
  }

  #wait(): void {
    const { clock, stallMs, onWaiting, onStalled } = this.#options
    this.#cancel()
    const leftMs = this.#sinceMs + stallMs - clock.nowMs()
    this.#cancel = clock.after(Math.min(tellEveryMs, Math.max(1, Math.ceil(leftMs))), () => {
      const waitedMs = clock.nowMs() - this.#sinceMs
      if (waitedMs >= stallMs) return onStalled()
      onWaiting(waitedMs)
      this.#wait()
    })
  }
}

export interface StallWatchOptions {
  readonly clock: Clock
  readonly stallMs: number
  readonly onWaiting: (waitedMs: number) => void
  readonly onStalled: () => void
}

const tellEveryMs = 1000
