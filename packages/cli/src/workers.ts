import { Worker } from 'node:worker_threads'
import { CommandError } from './command-error.ts'

/** More than that is a mistake. */
const mostWorkers = 64

/** Threads for a workspace, which do not keep the process from ending. */
export function startWorkers(count: number): Worker[] {
  if (count > mostWorkers) throw new CommandError(`--workers ${count}: at most ${mostWorkers}.`)
  const file = new URL(import.meta.resolve('@hearsay/aggregation/worker'))
  return Array.from({ length: count }, () => {
    const worker = new Worker(file)
    worker.unref()
    return worker
  })
}
