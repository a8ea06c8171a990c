import { dirname } from 'node:path'
import { placeIn, type Settings } from '@hearsay/home'
import { charterOf, type Genesis, type LearningSchemas, ruleOf } from '@hearsay/ledger'
import { type Era, faultOfRowUpdates } from '@hearsay/peer'
import { agreementOf, endOf } from '@hearsay/protocol'
import { checkTask, TrainingError } from '@hearsay/training'
import {
  agreedTaskSchema,
  idleMomentum,
  learningSchema,
  ownsData,
  taskSchema,
  withDataAt,
  withModule,
} from '@hearsay/training/schema'
import { CommandError } from './command-error.ts'
import type { OwnFiles } from './genesis-extensions.ts'
import { withTrainer } from './genesis-trainer.ts'

/** By which a genesis is read, so that all that is wrong in it is told at once, after its code is loaded. */
export function learningSchemas({ brought }: Pick<OwnFiles, 'brought'>): LearningSchemas {
  return { task: agreedTaskSchema(), learning: learningSchema, withModule: (task) => withModule(task, brought) }
}

/** What a peer alone says of its task; `data` is the absolute place of what it learns from. */
type Own = Partial<Pick<Settings, 'data' | 'trainer' | 'trainingDeadlineMs'>>

/** What is learnt, as training has it. `file` begins errors. */
export function taskOf(era: Pick<Era, 'task' | 'learning'>, file: string, own: Own = {}) {
  const given = withTrainer(era.task, file, own)
  const task =
    own.data === undefined ? agreedTaskSchema().safeParse(given) : taskSchema().safeParse(withDataAt(given, own.data))
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

/** As `idleMomentum`, of the learning that a genesis says. */
export function idleMomentumOf(learning: unknown): string | undefined {
  const known = learningSchema.safeParse(learning)
  return known.success ? idleMomentum(known.data) : undefined
}

/** Throws CommandError unless peers can learn what the genesis says. Data that is not at hand is not looked at. */
export async function checkGenesisTask(genesis: Genesis, file: string, own: Own = {}): Promise<void> {
  const { task, learning } = taskOf(charterOf(genesis).at(1), file, own)
  if (own.data === undefined && ownsData(task)) return
  try {
    const peers = genesis.peers.length
    const rows = await checkTask({ task, learning, peers, base: dirname(file), seeds: [genesis.seed] })
    const end = endOf(genesis.agreement)
    const { workerMomentum } = learning
    const fault =
      rows &&
      faultOfRowUpdates({
        inChunks: genesis.exchange !== undefined,
        end,
        ordered: agreementOf(genesis.agreement).ordering !== undefined,
        rule: ruleOf(genesis),
        peers,
        workerMomentum,
      })
    if (fault !== undefined) throw new CommandError(`${placeIn(file, ['task'])}: task: ${fault}`)
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error
    // It begins with the place in a file of this peer's own.
    if (ownsData(task) && error.cause !== undefined) throw new CommandError(error.message)
    if (error.code !== 'data-missing') throw new CommandError(`${placeIn(file, ['task'])}: task: ${error.message}`)
  }
}
