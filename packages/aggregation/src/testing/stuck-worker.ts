// A worker that begins tasks of a mean and finishes none: it waits for ever, or throws when it was made with `throws`.
import { workerData } from 'node:worker_threads'
import { type Pass, passes } from '../machine/pass.ts'

const mean: { -readonly [key in keyof Pass]: Pass[key] } = passes.mean
mean.work = () => {
  if (workerData === 'throws') throw new Error('a task that fails')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  return 1
}

await import('../worker-node.ts')
