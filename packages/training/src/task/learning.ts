import { z } from 'zod'
import { count } from './count.ts'

const scheduleSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant') }).describe('the same rate in every round'),
    z
      .strictObject({
        kind: z.literal('step'),
        every: count('rounds between two changes'),
        factor: z.number().gt(0).max(1).describe('multiplies the rate at each change'),
      })
      .describe('rate · factor^⌊(round − 1) / every⌋'),
    z
      .strictObject({
        kind: z.literal('inverse'),
        decay: z.number().gt(0).max(1_000).describe('how fast the rate falls'),
      })
      .describe('rate / (1 + decay · (round − 1))'),
  ])
  .describe('learning rate over rounds')

export const learningSchema = z
  .strictObject({
    localSteps: count('gradient steps a peer takes in a round', 100_000).default(20),
    batchSize: count('samples of a step', 65_536).default(32),
    learningRate: z.number().gt(0).max(1_000).default(0.05).describe('step size of the first round'),
    schedule: scheduleSchema.default({ kind: 'constant' }),
    momentum: z
      .number()
      .min(0)
      .lt(1)
      .default(0.9)
      .describe('share of the last step in the next one; starts from zero in every round'),
    workerMomentum: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('β of momentum that lasts over rounds: a peer sends β · what it sent last + (1 − β) · its update'),
    weightDecay: z.number().min(0).max(10).default(0).describe('added to the gradient: weightDecay · weight'),
    clipNorm: z.number().gt(0).optional().describe('largest norm of a gradient; a larger one is scaled down to it'),
    crashVariance: z
      .number()
      .gt(0)
      .max(1_000)
      .optional()
      .describe(
        'λ of λ · Σ (∂output/∂y · y)² over hidden neurons, which crashes of neurons would move outputs by; of models that are lists of layers',
      ),
  })
  .describe('how a peer learns between two agreements')
export type LearningSpec = z.output<typeof learningSchema>
/** Learning as a user writes it: what has a default may be left out. */
export type LearningInput = z.input<typeof learningSchema>

/** The learning rate of a round, from 1. */
export function rateAt({ schedule, learningRate }: LearningSpec, round: number): number {
  switch (schedule.kind) {
    case 'constant':
      return learningRate
    case 'step':
      return learningRate * schedule.factor ** Math.floor((round - 1) / schedule.every)
    case 'inverse':
      return learningRate / (1 + schedule.decay * (round - 1))
  }
}

/** What of a learning is not what it seems, in words, if anything is. */
export function idleMomentum({ localSteps, momentum, workerMomentum }: LearningSpec): string | undefined {
  if (localSteps > 1 || momentum === 0 || workerMomentum !== undefined) return undefined
  return (
    `learning.momentum, which is ${momentum}, does nothing: a round has one local step, and it starts from zero in each; ` +
    'learning.workerMomentum lasts over rounds'
  )
}
