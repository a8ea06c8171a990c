/** Time as a network knows it: that of the machine, or a virtual one. */
export interface Clock {
  /** Milliseconds since some moment. */
  nowMs(): number
  /** Runs this once, after so long; gives what cancels it. */
  after(delayMs: number, run: () => void): () => void
}

export const machineClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
