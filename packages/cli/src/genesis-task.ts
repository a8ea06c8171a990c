import { dirname } from 'node:path'
import { placeIn } from '@hearsay/home'
import type { Genesis } from '@hearsay/ledger'
import { checkTask, TrainingError } from '@hearsay/training'
import { learningSchema, taskSchema } from '@hearsay/training/schema'
import { CommandError } from './command-error.ts'

/** What a genesis says of training, checked by training itself. `file` begins errors, `data` is the folder of a data set. */
export function taskOf(genesis: Genesis, file: string, data?: string) {
  const task = taskSchema().safeParse({ ...genesis.task, ...(data === undefined ? {} : { data }) })
  const learning = learningSchema.safeParse(genesis.learning)
  if (!task.success || !learning.success) {
    const issues = [task.error?.issues.map((issue) => ({ ...issue, path: ['task', ...issue.path] })) ?? []]
    issues.push(learning.error?.issues.map((issue) => ({ ...issue, path: ['learning', ...issue.path] })) ?? [])
    throw new CommandError(
      issues
        .flat()
        .map(({ path, message }) => `${placeIn(file, path)}: ${path.join('.')}: ${message}`)
        .join('\n'),
    )
  }
  return { task: task.data, learning: learning.data }
}

/** Throws CommandError unless peers can learn what the genesis says. Data that is not at hand is not looked at. */
export async function checkGenesisTask(genesis: Genesis, file: string, data?: string): Promise<void> {
  const { task, learning } = taskOf(genesis, file, data)
  try {
    await checkTask({ task, learning, peers: genesis.peers.length, base: dirname(file), seeds: [genesis.seed] })
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error
    if (error.code !== 'data-missing') throw new CommandError(`${placeIn(file, ['task'])}: task: ${error.message}`)
  }
}
