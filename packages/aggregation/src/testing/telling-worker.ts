// A worker that tells of which passes it did a task.
import { parentPort } from 'node:worker_threads'
import { type Pass, passes } from '../machine/pass.ts'

for (const [name, pass] of Object.entries(passes) as [string, { -readonly [key in keyof Pass]: Pass[key] }][]) {
  const { work } = pass
  pass.work = (thread, task, args) => {
    parentPort!.postMessage(name)
    return work(thread, task, args)
  }
}

await import('../worker-node.ts')
