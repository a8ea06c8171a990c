/** Threads that help a cell with long vectors: what is computed has the same bits with them and without. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { WorkerPort } from '@hearsay/aggregation'

/** Shorter vectors are done before a thread has woken up. */
const leastLength = 2 ** 17

export class SpareThreads {
  readonly #workers: Worker[] = []

  /** One thread for a workspace, if there is a processor for it; the workspace after that, of other updates, has none. */
  readonly take = (length: number): readonly WorkerPort[] => {
    if (length < leastLength || availableParallelism() < 2 || this.#workers.length > 0) return []
    const worker = new Worker(new URL(import.meta.resolve('@hearsay/aggregation/worker')))
    worker.unref()
    this.#workers.push(worker)
    return [worker]
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}
