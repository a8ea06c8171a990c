import { placeIn, type Settings } from '@hearsay/home'
import { CommandError } from './command-error.ts'

/** What only a peer itself may say of the program that trains: a genesis comes from others. */
const own = ['command', 'openMs', 'trainMs', 'evaluateMs']

/**
 * The task of a genesis with the program of this peer, if it names one. Throws CommandError where the genesis names one itself:
 * nothing that comes from others starts a program.
 */
export function withTrainer(
  task: Readonly<Record<string, unknown>>,
  file: string,
  { trainer: command, trainingDeadlineMs }: Partial<Settings>,
): Readonly<Record<string, unknown>> {
  const { trainer } = task
  if (typeof trainer !== 'object' || trainer === null) return task
  const said = own.find((field) => Object.hasOwn(trainer, field))
  if (said !== undefined) {
    const remedy =
      'remove it here, in every copy, and let each peer name its own in its peer.yaml: trainer: [python3, train.py]'
    const place = placeIn(file, ['task', 'trainer', said])
    throw new CommandError(`${place}: task.trainer.${said}: a genesis starts no program: ${remedy}`)
  }
  if (command === undefined) return task
  const deadlines = { openMs: trainingDeadlineMs, trainMs: trainingDeadlineMs, evaluateMs: trainingDeadlineMs }
  return { ...task, trainer: { ...trainer, command, ...deadlines } }
}
