/** How long jobs take by the clock on the wall, and how long what is left takes if it goes on so. */
export class Pace {
  /** So many are to be done. */
  jobs = 0
  readonly #nowMs: () => number
  readonly #begun = new Map<string, number>()
  /** When which round of a job was told first. */
  readonly #first = new Map<string, { readonly round: number; readonly atMs: number }>()
  #done = 0
  #startMs: number | undefined

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  begun(job: string): void {
    this.#startMs ??= this.#nowMs()
    this.#begun.set(job, this.#nowMs())
    this.#first.delete(job)
  }

  /** Of a job that has come to this round, if rounds go on as they did since its first that was told; undefined before the second. */
  leftMs(job: string, { round, rounds }: { readonly round: number; readonly rounds: number }): number | undefined {
    const first = this.#first.get(job) ?? { round, atMs: this.#nowMs() }
    this.#first.set(job, first)
    if (round <= first.round) return undefined
    return ((this.#nowMs() - first.atMs) * (rounds - round)) / (round - first.round)
  }

  /** In words: `took 2.1 s, about 3 min to go`. Those that go on beside it are as good as half done. */
  ended(job: string): string {
    const tookMs = this.#nowMs() - (this.#begun.get(job) ?? this.#nowMs())
    this.#begun.delete(job)
    this.#done++
    const doneBy = this.#done + this.#begun.size / 2
    const left = this.jobs - doneBy
    const took = `took ${inWords(tookMs)} real`
    if (left <= 0) return took
    const leftMs = ((this.#nowMs() - this.#startMs!) / doneBy) * left
    return `${took}, about ${inWords(leftMs)} to go`
  }
}

/** `2.1 s`, `3 min`, `4.5 h`. */
export function inWords(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 100) return `${Number(seconds.toPrecision(2))} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
