import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type EngineName, engineNames } from './engines/engine.ts'
import type { NamedModel } from './files/model-file.ts'
import { GatheredCalls } from './gathered-calls.ts'
import type { Holdings } from './holdings.ts'
import type { Extensions } from './messages.ts'
import { isPoisonOf } from './pictures/poisons.ts'
import { registries } from './registries.ts'
import type { Architecture } from './task/architecture.ts'
import { type LearningInput, learningSchema } from './task/learning.ts'
import type { Evaluation, Measure } from './task/measure.ts'
import type { Reading } from './task/reading.ts'
import type { Items, NamedTensor, PoisonSpec, TaskSpec, Trained } from './task/task.ts'
import { TrainingError } from './task/training-error.ts'
import type { RowShape, Update } from './task/update.ts'
import { agreedTaskSchema, measuresOf, taskOf, taskSchema } from './tasks.ts'
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
  /**
   * A model that has learnt such a task, to be used without the data that it learnt from, by what stands beside it.
   *
   * @throws TrainingError `bad-task` of a task whose outputs only its own program knows, `bad-model` when it is none of that task
   */
  recall(
    learnt: NamedModel & { readonly task: TaskSpec; readonly reading: Reading; readonly base: string },
  ): Promise<RecalledModel>
  /** Ends the processes; what is pending is rejected with `closed`. */
  close(): Promise<void>
}

export interface RecalledModel {
  /** Of n samples, one after the other: n × outputs; see `Reading`. */
  outputs(inputs: Float32Array): Promise<Float32Array>
}

export interface OpenOptions {
  task: TaskSpec
  learning: LearningInput
  peers: number
  /** So many, the first, divide the data among them, and the rest have what these have; all unless given. */
  holders?: number | undefined
  /** Everything random in the task comes from it; a number and the string it prints as are the same seed. */
  seed: number | string
  /** The folder that relative paths of the task stand against; the working folder when left out. */
  base?: string | undefined
  /** It is an error when training changes the model that it was given; looked at only where this is true. */
  strict?: boolean
}

/** One network's learning problem. All its results depend on nothing but its options and the call's arguments. */
export interface TrainingTask {
  /** What an evaluation gives; the first is the headline. */
  readonly measures: readonly Measure[]
  /** Where the parts of the parameters are, in order and without gaps. */
  readonly tensors: readonly NamedTensor[]
  /** What other programs need to be told of the model. */
  readonly architecture: Architecture
  /** Of a task that declares rows: what they are. Its updates are of those that they speak about. */
  readonly rows?: RowShape
  /** Of a task whose rows are about items: what is known of them. */
  readonly items?: Items
  /** Who has what of the training data, where that is known. */
  readonly holdings?: Holdings
  /** The model that everybody starts from, of length d: the same bits on every machine. */
  readonly initial: Float32Array
  /**
   * Trains one peer (0 to peers − 1) for a round (from 1) from a model of length d.
   * `update` is the local model minus the given one, always finite; `loss` the mean over the steps, Infinity when
   * the given model is useless. `diverged`: the loss of a step or the update was not finite, and training ended before its
   * last step or gave zeros. With `poison` the peer's data are poisoned, and what it computes on them is honest.
   */
  train(
    peer: number,
    round: number,
    model: Float32Array,
    poison?: PoisonSpec,
  ): Promise<Trained<Update> & { readonly timeMs: number }>
  /** Every measure of the task, on its test data. `poisons` are those of who lies, one for each, for measures of how well they do. */
  evaluate(model: Float32Array, poisons?: readonly PoisonSpec[]): Promise<Evaluation>
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
 * @param options.extensions files of a user's own, which each process loads first
 * @param options.onSaid is told what the programs of trainers log, a line at a time
 * @param options.signal ends processes that still load their engine; the pool rejects with its reason
 * @throws TrainingError `engine-unavailable`, `bad-argument`
 */
export async function startTrainingPool(
  options: {
    engine?: EngineName | 'auto'
    processes?: number
    extensions?: Extensions
    signal?: AbortSignal
    onSaid?: (line: string) => void
  } = {},
): Promise<TrainingPool> {
  const requested = options.engine ?? 'auto'
  if (requested !== 'auto' && !engineNames.includes(requested)) {
    throw new TrainingError('bad-argument', `engine ${requested} is none of ${engineNames.join(', ')}, auto`)
  }
  const processes = options.processes ?? Math.min(2, availableParallelism())
  checkInteger('processes', processes, 1, processesAtMost)
  const { signal, extensions, onSaid } = options
  const more = { count: processes, signal, onSaid, ...(extensions && { extensions }) }
  signal?.throwIfAborted()
  if (requested !== 'auto') return createPool(requested, requested, more)
  try {
    return await createPool('native', 'auto', more)
  } catch (error) {
    signal?.throwIfAborted()
    const notice = `training runs on the wasm engine, which is slower, because ${(error as Error).message}`
    return createPool('wasm', 'auto', { ...more, notice })
  }
}

async function createPool(
  name: EngineName,
  requested: EngineName | 'auto',
  {
    count,
    signal,
    notice,
    onSaid,
    ...given
  }: {
    count: number
    signal: AbortSignal | undefined
    notice?: string
    onSaid: ((line: string) => void) | undefined
    extensions?: Extensions
  },
): Promise<TrainingPool> {
  const processes = Array.from({ length: count }, () => startTrainingProcess(name, onSaid))
  const close = async () => {
    await Promise.all(processes.map((child) => child.close()))
  }
  const abort = (): void => void close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const [loaded] = await Promise.all(
      processes.map((child) => child.request({ kind: 'load', engine: name, ...given })),
    )
    const engine = { name, requested, version: loaded!.version, ...(notice === undefined ? {} : { notice }) }
    let lastTask = 0
    return {
      engine,
      pids: processes.map(({ pid }) => pid),
      close,
      open: (options) => openTask(processes, ++lastTask, options),
      recall: (learnt) => recallModel(processes[0]!, ++lastTask, learnt),
    }
  } catch (cause) {
    await close()
    signal?.throwIfAborted()
    const remedies = {
      native:
        'in a clone run `node scripts/set-up.mjs` to get its library (needs python3 and a C++ compiler), elsewhere `npm install @tensorflow/tfjs-node`',
      wasm: 'in a clone run `node scripts/set-up.mjs`, elsewhere `npm install`, to have the packages again',
    }
    const problem = `the ${name} engine does not load; ${remedies[name === 'wasm' ? 'wasm' : 'native']}. Its error: ${(cause as Error).message}`
    throw new TrainingError('engine-unavailable', problem, { cause })
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function openTask(processes: TrainingProcess[], taskId: number, options: OpenOptions): Promise<TrainingTask> {
  const task = parse('task', taskSchema(), options.task)
  const learning = parse('learning', learningSchema, options.learning)
  const { peers, holders, seed, strict = false } = options
  const base = resolve(options.base ?? '')
  checkInteger('peers', peers, 1, peersAtMost)
  if (holders !== undefined) checkInteger('holders', holders, 1, peers)
  const { name } = taskOf(task)
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await Promise.all(processes.map((child) => child.request({ kind: 'close', taskId })))
  }
  const answers = await Promise.allSettled(
    processes.map((child) =>
      child.request({ kind: 'open', taskId, task, learning, peers, ...(holders && { holders }), seed, base, strict }),
    ),
  )
  const failure = answers.find((result) => result.status === 'rejected')
  if (failure) {
    await close().catch(() => {})
    throw failure.reason
  }
  const [first] = answers as Extract<(typeof answers)[0], { status: 'fulfilled' }>[]
  const { tensors, initial, architecture, rows, items, holdings, together } = first!.value
  const gathered = processes.map(
    (child) => new GatheredCalls((calls) => child.request({ kind: 'train-together', taskId, calls })),
  )
  const check = (model: Float32Array) => {
    if (closed) throw new TrainingError('closed', 'the task is closed')
    if (model.length === initial.length) return
    throw new TrainingError('bad-argument', `a model of ${model.length} parameters, this task's have ${initial.length}`)
  }
  const parsePoison = (given: PoisonSpec): PoisonSpec => {
    const { kind, ...options } = given
    const resolved = registries.poisons.resolve(kind, options)
    if (isPoisonOf(resolved.member, name)) return { kind, ...resolved.options }
    throw new TrainingError('bad-task', `poison ${kind} is of the task ${resolved.member.task}, not of ${name}`)
  }
  return {
    measures: measuresOf(task),
    tensors,
    architecture,
    ...(rows && { rows }),
    ...(items && { items }),
    holdings,
    initial,
    async train(peer, round, model, poison) {
      check(model)
      checkInteger('peer', peer, 0, peers - 1)
      checkInteger('round', round, 1, Number.MAX_SAFE_INTEGER)
      const spec = poison === undefined ? {} : { poison: parsePoison(poison) }
      if (together && poison === undefined) return gathered[peer % processes.length]!.train({ peer, round, model })
      return processes[peer % processes.length]!.request({ kind: 'train', taskId, peer, round, model, ...spec })
    },
    async evaluate(model, given = []) {
      check(model)
      const idlest = processes.reduce((best, child) => (child.pending < best.pending ? child : best))
      return idlest.request({ kind: 'evaluate', taskId, model, poisons: given.map(parsePoison) })
    },
    close,
  }
}

async function recallModel(
  process: TrainingProcess,
  taskId: number,
  { task, reading, base, tensors, parameters: model }: Parameters<TrainingPool['recall']>[0],
): Promise<RecalledModel> {
  const spec = parse('task', agreedTaskSchema(), task)
  const due = (await process.request({ kind: 'recall', taskId, task: spec, reading, base })).tensors
  const told = (all: readonly NamedTensor[]) => all.map(({ name, shape }) => `${name} [${shape}]`).join(', ')
  if (told(due) !== told(tensors))
    throw new TrainingError('bad-model', `its tensors are ${told(tensors)}, and those of its task ${told(due)}`)
  return { outputs: (inputs) => process.request({ kind: 'outputs', taskId, model, inputs }) }
}

function parse<Schema extends z.ZodType>(what: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new TrainingError('bad-task', `${what}: ${z.prettifyError(result.error)}`)
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new TrainingError('bad-argument', `${name} is ${value}, expected an integer from ${least} to ${most}`)
}
