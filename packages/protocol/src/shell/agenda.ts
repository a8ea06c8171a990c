import type { Work } from './step.ts'

/** Work without its id. */
export type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never

/** What a peer has asked of its driver and waits for: timers and work, by id. What it has forgotten may come back, to nothing. */
export class Agenda<Timer> {
  readonly #timers = new Map<number, Timer>()
  readonly #work = new Map<number, Work>()
  #ids = 0

  hasTimer(id: number): boolean {
    return this.#timers.has(id)
  }

  get work(): Work[] {
    return [...this.#work.values()]
  }

  setTimer(timer: Timer, atMs: number): { id: number; atMs: number } {
    const id = ++this.#ids
    this.#timers.set(id, timer)
    return { id, atMs }
  }

  start(unnumbered: Unnumbered<Work>): Work {
    const work: Work = { ...unnumbered, id: ++this.#ids }
    this.#work.set(work.id, work)
    return work
  }

  /** The timer that is due, once; undefined if it is not waited for. */
  takeTimer(id: number): Timer | undefined {
    const timer = this.#timers.get(id)
    this.#timers.delete(id)
    return timer
  }

  /** The work that is done, once; undefined if it is not waited for. */
  takeWork(id: number): Work | undefined {
    const work = this.#work.get(id)
    this.#work.delete(id)
    return work
  }

  forgetTimers(): void {
    this.#timers.clear()
  }

  forgetWork(which: (work: Work) => boolean = () => true): void {
    for (const [id, work] of this.#work) if (which(work)) this.#work.delete(id)
  }
}
