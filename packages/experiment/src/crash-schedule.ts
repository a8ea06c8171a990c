import type { Clock } from '@hearsay/peer'
import type { Crash } from '@hearsay/scenario'

/** Crashes peers in the rounds that a scenario names, each once, and starts them again. Peers are scenario indices. */
export class CrashSchedule {
  readonly #pending: Crash[]
  readonly #clock: Clock
  readonly #does: { crash(peer: number): void; restart(peer: number): void }

  constructor(
    crashes: readonly Crash[],
    clock: Clock,
    does: { crash(peer: number): void; restart(peer: number): void },
  ) {
    this.#pending = [...crashes]
    this.#clock = clock
    this.#does = does
  }

  /** A peer begins this round. */
  begun(peer: number, round: number): void {
    const at = this.#pending.findIndex((crash) => crash.peer === peer && crash.round <= round)
    if (at < 0) return
    const { afterMs, restartAfterMs } = this.#pending.splice(at, 1)[0]!
    this.#clock.after(afterMs, () => {
      this.#does.crash(peer)
      if (restartAfterMs !== undefined) this.#clock.after(restartAfterMs, () => this.#does.restart(peer))
    })
  }
}
