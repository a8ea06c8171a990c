import { AggregationError } from './error.ts'
import { instantiateKernels, type KernelMemory } from './kernels.ts'
import { controlLength, controlWords, type Layout, mostArguments, tasksOf } from './layout.ts'
import { type PassName, passes, passNames, type Thread } from './pass.ts'

/** As far as a `Worker` is needed here: of Node's node:worker_threads, or of a browser. */
export interface WorkerPort {
  postMessage(message: unknown): void
}

/** What a worker gets: the memory, and which thread it is. */
export interface Membership {
  readonly kernelMemory: KernelMemory
  readonly at: Layout
  readonly thread: number
}

/** A worker that serves does nothing else any more. */
const serving = new WeakSet<WorkerPort>()

const { state, active, next, end, finished, failed, pass } = controlWords

/**
 * The threads that work on one memory: the one that calls, and workers that wait until there is work. Whoever is free
 * takes the next task, so that a thread that comes late, is slow or has gone takes fewer and holds nobody up; only one
 * that stops in the midst of a task does.
 *
 * All is told in the memory, since a thread that waits cannot receive messages. `state` is odd while a pass is open.
 * A worker first counts itself among the active, and then looks whether a pass is open; the caller first closes the
 * pass, and then waits until nobody is active. So nobody works on a pass that the caller has left.
 */
export class Threads {
  readonly #caller: Thread
  readonly #control: Int32Array
  readonly #workers: number
  readonly #timeoutMs: number
  #lost = false

  /** Throws AggregationError `bad-workers` for workers that cannot be told about the memory, or not waited for. */
  constructor(options: {
    readonly kernelMemory: KernelMemory
    readonly at: Layout
    readonly workers: readonly WorkerPort[]
    readonly timeoutMs: number
  }) {
    const { kernelMemory, at, workers, timeoutMs } = options
    this.#caller = threadOf({ kernelMemory, at, thread: 0 })
    this.#control = controlOf(this.#caller)
    this.#workers = workers.length
    this.#timeoutMs = timeoutMs
    if (workers.length === 0) return
    checkWaiting(this.#control)
    for (const [i, worker] of workers.entries()) {
      enlist(worker, `Worker ${i + 1} of ${workers.length}`, { kernelMemory, at, thread: i + 1 })
    }
  }

  /**
   * Does the tasks `first` to `last` − 1 of a pass. Calls `done` for each, here and in no particular order, as soon as it
   * is done. Returns false as soon as a task finds a number that is not finite; some tasks are then not done.
   * Throws AggregationError `worker-lost` when a worker does not finish its task in the time limit, and ever after.
   */
  run(
    name: PassName,
    args: readonly number[],
    [first, last]: readonly [first: number, last: number],
    done?: (task: number) => void,
  ): boolean {
    if (this.#lost) throw lost()
    const { buffer, at } = this.#caller
    const control = this.#control
    new Float64Array(buffer, at.arguments, mostArguments).set(args)
    control[pass] = passNames.indexOf(name)
    control[next] = first
    control[end] = last
    control[finished] = control[failed] = 0
    const marks = new Int32Array(buffer, at.done + first * 4, last - first).fill(0)
    const left = new Set(done ? marks.keys() : [])
    const collect = () => {
      const begun = Atomics.load(control, next) - first
      for (const k of left) {
        if (k >= begun) return
        if (Atomics.load(marks, k) === 0) continue
        left.delete(k)
        done!(first + k)
      }
    }
    const shared = this.#workers > 0 && last - first > 1
    if (shared) {
      Atomics.add(control, state, 1)
      Atomics.notify(control, state)
    }
    try {
      workOff(this.#caller, control, collect)
    } finally {
      if (shared) {
        Atomics.add(control, state, 1)
        this.#waitForWorkers()
      }
    }
    if (control[failed] !== 0) return false
    if (control[finished] !== last - first) throw this.#lose()
    collect()
    return true
  }

  #waitForWorkers(): void {
    const control = this.#control
    for (;;) {
      const others = Atomics.load(control, active)
      if (others === 0) return
      const before = Atomics.load(control, finished)
      const timedOut = Atomics.wait(control, active, others, this.#timeoutMs) === 'timed-out'
      if (timedOut && Atomics.load(control, finished) === before) throw this.#lose()
    }
  }

  #lose(): AggregationError {
    this.#lost = true
    return lost()
  }
}

function checkWaiting(control: Int32Array): void {
  try {
    // Not equal, so it returns at once; where a thread may not wait it throws.
    Atomics.wait(control, state, -1)
  } catch (cause) {
    throw new AggregationError(
      'bad-workers',
      'This thread may not wait for workers: in a browser, aggregate in a worker, which may have workers of its own.',
      { cause },
    )
  }
}

function enlist(worker: WorkerPort, name: string, membership: Membership): void {
  if (serving.has(worker)) {
    throw new AggregationError('bad-workers', `${name} serves another workspace: each needs workers of its own.`)
  }
  try {
    worker.postMessage(membership)
  } catch (cause) {
    throw new AggregationError('bad-workers', `${name} cannot be given the memory: it must be a Worker.`, { cause })
  }
  serving.add(worker)
}

/** Serves in a worker, for as long as there is one. */
export function serve(membership: Membership): never {
  const thread = threadOf(membership)
  const control = controlOf(thread)
  for (;;) {
    Atomics.add(control, active, 1)
    const seen = Atomics.load(control, state)
    try {
      if (seen % 2 !== 0) workOff(thread, control)
    } finally {
      if (Atomics.sub(control, active, 1) === 1) Atomics.notify(control, active)
    }
    Atomics.wait(control, state, seen)
  }
}

/** Takes tasks of the open pass until there are none. */
function workOff(thread: Thread, control: Int32Array, afterEach?: () => void): void {
  const { buffer, at } = thread
  const { taskColumns, work } = passes[passNames[control[pass]!]!]
  const args = Array.from(new Float64Array(buffer, at.arguments, mostArguments))
  const marks = new Int32Array(buffer, at.done, tasksOf(at.columns, taskColumns))
  const last = control[end]!
  for (;;) {
    const index = Atomics.add(control, next, 1)
    if (index >= last || Atomics.load(control, failed) !== 0) return
    const column = index * taskColumns
    const columns = Math.min(taskColumns, at.columns - column)
    if (work(thread, { index, column, columns }, args)) {
      Atomics.store(marks, index, 1)
      Atomics.add(control, finished, 1)
    } else Atomics.store(control, failed, 1)
    afterEach?.()
  }
}

function threadOf({ kernelMemory, at, thread }: Membership): Thread {
  const own = at.own[thread]!
  return { kernels: instantiateKernels(kernelMemory), buffer: kernelMemory.memory.buffer, at, own }
}

function controlOf({ buffer, at }: Thread): Int32Array {
  return new Int32Array(buffer, at.control, controlLength)
}

function lost(): AggregationError {
  return new AggregationError(
    'worker-lost',
    'A worker began a task and did not finish it. It may still write to the memory of the workspace: end it, and make ' +
      'another workspace with other workers.',
  )
}
