/** Says when a cell makes no progress any more, and before that how long it has been waiting. */
export class StallWatch {
  readonly #options: StallWatchOptions
  #timer: NodeJS.Timeout | undefined
  #sinceMs = 0

  constructor(options: StallWatchOptions) {
    this.#options = options
  }

  progressed(): void {
    this.#sinceMs = performance.now()
    this.#wait()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #wait(): void {
    const { stallMs, onWaiting, onStalled } = this.#options
    clearTimeout(this.#timer)
    const leftMs = this.#sinceMs + stallMs - performance.now()
    this.#timer = setTimeout(
      () => {
        const waitedMs = performance.now() - this.#sinceMs
        if (waitedMs >= stallMs) return onStalled()
        onWaiting(waitedMs)
        this.#wait()
      },
      Math.min(tellEveryMs, Math.max(1, Math.ceil(leftMs))),
    )
  }
}

export interface StallWatchOptions {
  readonly stallMs: number
  readonly onWaiting: (waitedMs: number) => void
  readonly onStalled: () => void
}

const tellEveryMs = 1000
