import type { EngineName } from './engines/engine.ts'
import { type Description, describe } from './files/description.ts'
import type { Extensions } from './messages.ts'
import {
  type OpenOptions,
  startTrainingPool,
  type TrainingEngine,
  type TrainingPool,
  type TrainingTask,
} from './pool.ts'
import { TrainingError } from './task/training-error.ts'

/** So many processes in a row may fail at one request: then it is not the process that is at fault. */
const mostAttempts = 3

export interface SteadyTrainingOptions extends OpenOptions {
  readonly engine: EngineName | 'auto'
  /** A request that takes longer hangs. */
  readonly deadlineMs: number
  /** Ends it all at once: what is pending, and starting it, rejects. */
  readonly signal?: AbortSignal
  /** Files of an operator's own, which each process loads first. */
  readonly extensions?: Extensions
  /** A process died or hung, and another is started. */
  readonly onRestart: (reason: string) => void
  /** Is told what the program of a trainer logs, a line at a time. */
  readonly onSaid?: ((line: string) => void) | undefined
}

/** A task in service for as long as a peer runs: a process that dies or hangs is replaced, and asked again. */
export interface SteadyTraining {
  readonly engine: TrainingEngine
  readonly initial: Float32Array
  /** What of its models is not their numbers. */
  readonly description: Description
  /** As of TrainingTask. */
  readonly rows: TrainingTask['rows'] | undefined
  /** As TrainingTask; rejects with what the third process in a row failed with. */
  train: (...of: Parameters<TrainingTask['train']>) => ReturnType<TrainingTask['train']>
  evaluate(model: Float32Array): ReturnType<TrainingTask['evaluate']>
  /** The process that trains now. */
  readonly pids: readonly number[]
  close(): Promise<void>
}

interface Running {
  readonly pool: TrainingPool
  readonly task: TrainingTask
}

/** Throws TrainingError as startTrainingPool and `open` do. */
export async function startSteadyTraining(options: SteadyTrainingOptions): Promise<SteadyTraining> {
  const first = await run(options, options.engine)
  let running = Promise.resolve(first)
  let current = first
  let failed: Running | undefined
  let closed = false
  const { engine } = first.pool

  /** Others that were pending have failed with the same process: it is replaced once. */
  const restart = (what: Running, reason: string): void => {
    if (what === failed) return
    failed = what
    options.onRestart(reason)
    running = what.pool
      .close()
      // The same engine: another gives other bits.
      .then(() => run(options, engine.name))
      .then((next) => {
        current = next
        return closed ? next.pool.close().then(() => next) : next
      })
    running.catch(() => {})
  }

  const ask = async <T>(request: (task: TrainingTask) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      const now = await running
      try {
        return await beforeDeadline(request(now.task), options.deadlineMs)
      } catch (error) {
        if (closed || options.signal?.aborted || attempt === mostAttempts || !isOfProcess(error)) throw error
        restart(now, error.message)
      }
    }
  }

  return {
    engine,
    initial: first.task.initial,
    description: describe(first.task),
    rows: first.task.rows,
    train: (...of) => ask((task) => task.train(...of)),
    evaluate: (model) => ask((task) => task.evaluate(model)),
    get pids() {
      return current.pool.pids
    },
    close: async () => {
      closed = true
      await running.then(({ pool }) => pool.close()).catch(() => {})
    },
  }
}

async function run(options: SteadyTrainingOptions, engine: EngineName | 'auto'): Promise<Running> {
  const { task, learning, peers, seed, base, signal, extensions, onSaid } = options
  const given = { ...(signal && { signal }), ...(extensions && { extensions }), ...(onSaid && { onSaid }) }
  const pool = await startTrainingPool({ engine, processes: 1, ...given })
  signal?.addEventListener('abort', () => void pool.close(), { once: true })
  try {
    return { pool, task: await pool.open({ task, learning, peers, seed, base }) }
  } catch (error) {
    // Whatever happened: a process that is left keeps this one alive.
    await pool.close()
    throw error
  }
}

function beforeDeadline<T>(answer: Promise<T>, deadlineMs: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const problem = `training took longer than ${deadlineMs / 1000} s`
    late.reject(new TrainingError('deadline', problem))
  }, deadlineMs)
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer))
}

/** Not what was asked is at fault, but who was asked. Of a pool that was closed another request has said so. */
function isOfProcess(error: unknown): error is TrainingError {
  return error instanceof TrainingError && ['process-ended', 'deadline', 'closed'].includes(error.code)
}
