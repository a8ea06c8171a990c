import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { EngineName } from './engine.ts'
import { initialModel, parameterCount } from './model.ts'
import {
  type BackdoorInput,
  backdoorSchema,
  type LearningInput,
  learningSchema,
  type PoisonInput,
  poisonSchema,
  type TaskInput,
  taskSchema,
} from './schema.ts'
import { TrainingError } from './training-error.ts'
import { startTrainingProcess, type TrainingProcess } from './training-process.ts'

export interface TrainingEngine {
  name: EngineName
  requested: EngineName | 'auto'
  version: string
  /** What the wasm engine costs and how to get the native one, when `auto` had to fall back. */
  notice?: string
}

/** Training processes, each on one thread of its own and each serving several peers. */
export interface TrainingPool {
  readonly engine: TrainingEngine
  readonly pids: readonly number[]
  /** Loads data and divides it; the same arguments always give the same task. */
  open(options: OpenOptions): Promise<TrainingTask>
  /** Ends the processes; what is pending is rejected with `ERR_CLOSED`. */
  close(): Promise<void>
}

export interface OpenOptions {
  task: TaskInput
  learning: LearningInput
  peers: number
  /** Everything random in the task comes from it; a number and the string it prints as are the same seed. */
  seed: number | string
}

/** One network's learning problem. All its results depend on nothing but its options and the call's arguments. */
export interface TrainingTask {
  /** Length d of the parameter vector. */
  readonly parameters: number
  /** The model that everybody starts from, the same bits on every machine. */
  readonly initial: Float32Array
  /**
   * Trains one peer (0 to peers − 1) for a round (from 0) from a model of length d.
   * `update` is the local model minus the given one, always finite; `loss` the mean over the steps, Infinity when
   * the given model is useless. `diverged`: the loss of a step or the update was not finite, and training ended before its
   * last step or gave zeros. With `poison` the peer's data are poisoned, and what it computes on them is honest.
   */
  train(
    peer: number,
    round: number,
    model: Float32Array,
    poison?: PoisonInput,
  ): Promise<{ update: Float32Array; loss: number; diverged: boolean; timeMs: number }>
  /**
   * Accuracy (0 to 1) and mean loss on the test set; the loss is Infinity when outputs are not finite. `backdoor`: the
   * share of test samples of other labels that get the target of one of `backdoors` when they have its patch, of the
   * backdoor that works best; null without any.
   */
  evaluate(
    model: Float32Array,
    backdoors?: readonly BackdoorInput[],
  ): Promise<{ accuracy: number; loss: number; backdoor: number | null }>
  /** Forgets the task in all processes. */
  close(): Promise<void>
}

const processesAtMost = 64
const peersAtMost = 10_000

/**
 * Starts training processes and loads an engine in each.
 *
 * @param options.engine `auto` takes native when its library loads and wasm with a notice when not; an engine asked
 *   for by name is never replaced
 * @param options.processes 2, or 1 on a single core, when left out
 * @param options.signal ends processes that still load their engine; the pool rejects with its reason
 * @throws TrainingError `ERR_ENGINE_UNAVAILABLE`, `ERR_ARGUMENT`
 */
export async function startTrainingPool(
  options: { engine?: EngineName | 'auto'; processes?: number; signal?: AbortSignal } = {},
): Promise<TrainingPool> {
  const requested = options.engine ?? 'auto'
  if (!['native', 'wasm', 'auto'].includes(requested)) {
    throw new TrainingError('ERR_ARGUMENT', `engine ${requested} is none of native, wasm, auto`)
  }
  const processes = options.processes ?? Math.min(2, availableParallelism())
  checkInteger('processes', processes, 1, processesAtMost)
  const { signal } = options
  signal?.throwIfAborted()
  if (requested !== 'auto') return createPool(requested, requested, { count: processes, signal })
  try {
    return await createPool('native', 'auto', { count: processes, signal })
  } catch (error) {
    signal?.throwIfAborted()
    const notice = `training runs on the wasm engine, which is slower, because ${(error as Error).message}`
    return createPool('wasm', 'auto', { count: processes, signal, notice })
  }
}

async function createPool(
  name: EngineName,
  requested: EngineName | 'auto',
  { count, signal, notice }: { count: number; signal: AbortSignal | undefined; notice?: string },
): Promise<TrainingPool> {
  const processes = Array.from({ length: count }, () => startTrainingProcess(name))
  const close = async () => {
    await Promise.all(processes.map((child) => child.close()))
  }
  const abort = (): void => void close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const [loaded] = await Promise.all(processes.map((child) => child.request({ kind: 'load', engine: name })))
    const engine = { name, requested, version: loaded!.version, ...(notice === undefined ? {} : { notice }) }
    let lastTask = 0
    return {
      engine,
      pids: processes.map(({ pid }) => pid),
      close,
      open: (options) => openTask(processes, ++lastTask, options),
    }
  } catch (cause) {
    await close()
    signal?.throwIfAborted()
    const remedies = {
      native:
        'in a clone run `node scripts/set-up.mjs` to get its library (needs python3 and a C++ compiler), elsewhere `npm install @tensorflow/tfjs-node`',
      wasm: 'in a clone run `node scripts/set-up.mjs`, elsewhere `npm install`, to have the packages again',
    }
    const problem = `the ${name} engine does not load; ${remedies[name]}. Its error: ${(cause as Error).message}`
    throw new TrainingError('ERR_ENGINE_UNAVAILABLE', problem, { cause })
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function openTask(processes: TrainingProcess[], taskId: number, options: OpenOptions): Promise<TrainingTask> {
  const task = parse('task', taskSchema, options.task)
  const learning = parse('learning', learningSchema, options.learning)
  const { peers, seed } = options
  checkInteger('peers', peers, 1, peersAtMost)
  const parameters = parameterCount(task.model)
  const initial = initialModel(task.model, seed)
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await Promise.all(processes.map((child) => child.request({ kind: 'close', taskId })))
  }
  const opened = await Promise.allSettled(
    processes.map((child) => child.request({ kind: 'open', taskId, task, learning, peers, seed })),
  )
  const failure = opened.find((result) => result.status === 'rejected')
  if (failure) {
    await close().catch(() => {})
    throw failure.reason
  }
  const check = (model: Float32Array) => {
    if (closed) throw new TrainingError('ERR_CLOSED', 'the task is closed')
    if (model.length === parameters) return
    throw new TrainingError('ERR_ARGUMENT', `a model of ${model.length} parameters, this task's have ${parameters}`)
  }
  return {
    parameters,
    initial,
    async train(peer, round, model, poison) {
      check(model)
      checkInteger('peer', peer, 0, peers - 1)
      checkInteger('round', round, 0, Number.MAX_SAFE_INTEGER)
      const spec = poison === undefined ? {} : { poison: parse('poison', poisonSchema, poison) }
      return processes[peer % processes.length]!.request({ kind: 'train', taskId, peer, round, model, ...spec })
    },
    async evaluate(model, given = []) {
      check(model)
      const backdoors = given.map((backdoor) => parse('backdoor', backdoorSchema, backdoor))
      const idlest = processes.reduce((best, child) => (child.pending < best.pending ? child : best))
      return idlest.request({ kind: 'evaluate', taskId, model, backdoors })
    },
    close,
  }
}

function parse<Schema extends z.ZodType>(what: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new TrainingError('ERR_TASK_INVALID', `${what}: ${z.prettifyError(result.error)}`)
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new TrainingError('ERR_ARGUMENT', `${name} is ${value}, expected an integer from ${least} to ${most}`)
}
