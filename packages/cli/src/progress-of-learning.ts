import type { OperatorEvent, PeerEvent } from '@hearsay/peer'
import type { SteadyTraining } from '@hearsay/training'

/** Evaluations are at least so far apart, and take at most a twentieth of the time of training. */
const leastMs = 10_000
const share = 20

/**
 * Tells how well the models do that this peer gets from the network, by the measures of its task. Now and then, and never two
 * at once: training waits for an evaluation.
 */
export class ProgressOfLearning {
  readonly #training: Pick<SteadyTraining, 'evaluate'>
  readonly #tell: (told: PeerEvent) => void
  #notBeforeMs = Number.NEGATIVE_INFINITY

  constructor(training: Pick<SteadyTraining, 'evaluate'>, tell: (told: PeerEvent) => void) {
    this.#training = training
    this.#tell = tell
  }

  /** Where models are, once the peer has started. */
  modelOf: (digest: string) => Float32Array | undefined = () => undefined
  #newest: { readonly round: number; readonly model: string } | undefined

  /** The model of a round that ended is held when the next round begins, or the last one is over. */
  onEvent(event: OperatorEvent): void {
    if (event.kind !== 'output') return
    const { output } = event
    if (output.kind === 'round-ended') this.#newest = output
    if ((output.kind !== 'round' && output.kind !== 'ended') || this.#newest === undefined) return
    const { round, model } = this.#newest
    const held = this.modelOf(model)
    if (held !== undefined) void this.#evaluate(round, held)
  }

  async #evaluate(round: number, model: Float32Array): Promise<void> {
    const startedMs = performance.now()
    if (startedMs < this.#notBeforeMs) return
    this.#notBeforeMs = Number.POSITIVE_INFINITY
    try {
      // What is null is not measured here.
      const measured = Object.entries(await this.#training.evaluate(model)).filter(([, value]) => value !== null)
      const measures = measured.map(([name, value]) => [name, inJson(value)])
      this.#tell({ kind: 'evaluated', round, measures: Object.fromEntries(measures) })
    } catch (error) {
      const { code, message } = error as { readonly code?: unknown; readonly message: string }
      // Whoever ends the peer knows that it evaluates no more.
      if (code !== 'closed') this.#tell({ kind: 'unevaluated', round, message })
    } finally {
      const endedMs = performance.now()
      this.#notBeforeMs = Math.max(startedMs + leastMs, endedMs + share * (endedMs - startedMs))
    }
  }
}

/** JSON has no infinity. */
export function inJson(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? Number(value.toPrecision(6)) : null
}
