import type { Pausing } from './ports.ts'

/** Training that may be paused. */
export interface Pausable {
  readonly round: number
  readonly from: Float32Array
  readonly signal: AbortSignal
}

const noHearing = (): void => {}

/** Hears of pauses while a peer trains, and of their end while it waits for that: of one thing at a time. */
export class PauseWatch {
  readonly #pausing: Pausing | undefined
  #unhear: () => void = noHearing

  constructor(pausing: Pausing | undefined) {
    this.#pausing = pausing
  }

  /** Hears no more of pauses. */
  end(): void {
    this.#unhear()
  }

  onResumed({ round, from, signal }: Pausable, resume: () => void): void {
    const check = (): void => {
      if (signal.aborted || this.#pausing?.isPaused(round, from)) return
      this.#unhear()
      resume()
    }
    this.#unhear = this.#pausing?.onChange?.(check) ?? noHearing
  }

  /** Aborts when the round is over, or, which is told, when this peer is to pause: now, or while it trains. */
  unlessPaused({ round, from, signal }: Pausable, paused: () => void): AbortSignal {
    this.#unhear()
    const pausing = this.#pausing
    if (pausing === undefined) return signal
    const stop = new AbortController()
    const check = (): void => {
      if (signal.aborted || stop.signal.aborted || !pausing.isPaused(round, from)) return
      this.#unhear()
      stop.abort()
      paused()
    }
    // What changes between is heard too.
    this.#unhear = pausing.onChange?.(check) ?? noHearing
    check()
    return AbortSignal.any([signal, stop.signal])
  }
}
