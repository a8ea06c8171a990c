/**
 * Momentum of a worker that lasts over rounds: in round t a peer sends m_t = β · m_{t−1} + (1 − β) · u_t in place of its update
 * u_t, where m of the last round that it sent in stands in for those that it missed, and m before all is zero (Karimireddy,
 * He, Jaggi: Learning from History for Byzantine Robust Optimization, ICML 2021, of gradients g_t; here of updates, which with one
 * local step are −rate · g_t). What liars can hide behind, the variance of honest updates, becomes less with it.
 *
 * A round that is trained again, after a crash before its word was said, begins from the same m_{t−1}. Where pauses count, t counts the
 * rounds that this peer took part in and that were learnt from: its momentum is frozen in a pause.
 */
import { isSparse, type Update } from '@hearsay/aggregation'
import { executedOf, type Trainer, type Vector } from './ports.ts'

/** Where a peer keeps what it sent last. */
export interface MomentumMemory {
  /** The momentum of the newest round before this one; undefined if there is none. */
  before(round: number): Float32Array | undefined
  /** When this is fulfilled, or returns nothing, it is safe. */
  keep(round: number, momentum: Vector): Promise<void> | undefined
}

/** Rounds that are kept: one may be trained again. */
export const momentaKept = 2

/** While the process lives. */
export class MomentumInMemory implements MomentumMemory {
  readonly #kept = new Map<number, Vector>()

  before(round: number): Vector | undefined {
    return newestBefore(this.#kept, round)
  }

  keep(round: number, momentum: Vector): undefined {
    this.#kept.delete(round)
    this.#kept.set(round, momentum)
    for (const oldest of this.#kept.keys()) if (this.#kept.size > momentaKept) this.#kept.delete(oldest)
  }
}

export function newestBefore<T>(kept: ReadonlyMap<number, T>, round: number): T | undefined {
  const rounds = [...kept.keys()].filter((each) => each < round)
  return rounds.length === 0 ? undefined : kept.get(Math.max(...rounds))
}

/** @param share β, from 0 below 1; undefined is 0: what is sent is the update. */
export function withMomentum(trainer: Trainer, share: number | undefined, memory: MomentumMemory): Trainer {
  if (share === undefined || share === 0) return trainer
  return {
    train: (training, done, failed) => {
      const { signal } = training
      const round = executedOf(training)
      const trained = (update: Update): void => {
        if (signal.aborted) return
        try {
          const momentum = mixed(update, memory.before(round), share)
          const kept = memory.keep(round, momentum)
          if (kept === undefined) done(momentum)
          else kept.then(() => done(momentum)).catch(failed)
        } catch (error) {
          failed(error as Error)
        }
      }
      trainer.train(training, trained, failed)
    },
  }
}

/** Of an update that nobody else has, in its place: what trains made it, and does not keep it. */
function mixed(update: Update, last: Float32Array | undefined, share: number): Vector {
  if (isSparse(update)) throw new RangeError('momentum over rounds is of whole vectors, and this update is of rows')
  const momentum = update as Vector
  const before = last ?? new Float32Array(update.length)
  for (let i = 0; i < momentum.length; i++) momentum[i] = share * before[i]! + (1 - share) * momentum[i]!
  return momentum
}
