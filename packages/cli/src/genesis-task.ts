import { dirname } from 'node:path'
import { placeIn } from '@hearsay/home'
import { charterOf, type Genesis, type LearningSchemas } from '@hearsay/ledger'
import type { Era } from '@hearsay/peer'
import { checkTask, TrainingError } from '@hearsay/training'
import { agreedTaskSchema, learningSchema, ownsData, taskSchema, withDataAt } from '@hearsay/training/schema'
import { CommandError } from './command-error.ts'

/** By which a genesis is read, so that all that is wrong in it is told at once. */
export function learningSchemas(): LearningSchemas {
  return { task: agreedTaskSchema(), learning: learningSchema }
}

/** What is learnt, as training has it. `file` begins errors, `data` is the absolute place of what this peer learns from. */
export function taskOf(era: Pick<Era, 'task' | 'learning'>, file: string, data?: string) {
  const task =
    data === undefined ? agreedTaskSchema().safeParse(era.task) : taskSchema().safeParse(withDataAt(era.task, data))
  const learning = learningSchema.safeParse(era.learning)
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
  const { task, learning } = taskOf(charterOf(genesis).at(1), file, data)
  if (data === undefined && ownsData(task)) return
  try {
    await checkTask({ task, learning, peers: genesis.peers.length, base: dirname(file), seeds: [genesis.seed] })
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error
    // It begins with the place in a file of this peer's own.
    if (ownsData(task) && error.cause !== undefined) throw new CommandError(error.message)
    if (error.code !== 'data-missing') throw new CommandError(`${placeIn(file, ['task'])}: task: ${error.message}`)
  }
}
