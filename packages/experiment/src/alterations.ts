/**
 * Attacks on updates that wait for what honest peers make. They are promises, and virtual time must not depend on when
 * those are settled: it stands still while any of them computes, and goes on when all are done or wait for something that
 * is yet to happen in it.
 */
import type { VirtualNetwork } from '@hearsay/virtual'

interface Settled {
  readonly peer: number
  readonly run: () => void
}

export class Alterations {
  readonly #network: () => VirtualNetwork
  /** Begun and not done, and of those the ones that wait for honest peers. */
  #begun = 0
  #waiting = 0
  #gate: (() => void) | undefined
  #settled: Settled[] = []

  constructor(network: () => VirtualNetwork) {
    this.#network = network
  }

  /** Whoever attacks begins to wait for honest peers, or goes on. */
  readonly onWaiting = (change: 1 | -1): void => {
    this.#waiting += change
    this.#turn()
  }

  /** `then` is called when the promise is fulfilled, at the moment of virtual time at which it is. */
  await<T>(peer: number, promise: Promise<T>, then: (value: T) => void, failed: (error: Error) => void): void {
    this.#begun++
    this.#turn()
    const settle = (run: () => void): void => {
      this.#begun--
      this.#settled.push({ peer, run })
      this.#turn()
    }
    promise.then(
      (value) => settle(() => then(value)),
      (error: Error) => settle(() => failed(error)),
    )
  }

  #turn(): void {
    const computing = this.#begun > this.#waiting
    if (computing && this.#gate === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#gate = resolve
      this.#network().holdAt(this.#network().nowMs(), promise)
    }
    if (computing || this.#gate === undefined) return
    // Which was settled first is chance.
    const settled = this.#settled.sort((a, b) => a.peer - b.peer)
    this.#settled = []
    for (const { run } of settled) run()
    this.#gate()
    this.#gate = undefined
  }
}
