// A worker that tells of which phases it did a task.
import { parentPort } from 'node:worker_threads'
import { type Phase, phases } from '../machine/phase.ts'

for (const [name, phase] of Object.entries(phases) as [string, { -readonly [key in keyof Phase]: Phase[key] }][]) {
  const { work } = phase
  phase.work = (thread, task, args) => {
    parentPort!.postMessage(name)
    return work(thread, task, args)
  }
}

await import('../worker-node.ts')
