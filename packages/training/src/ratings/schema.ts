import { type DataSpec, dataSchema } from '@hearsay/data'
import { z } from 'zod'
import { count } from '../task/count.ts'
import { type PartitionSpec, partitionSchema } from '../task/partitions/partitions.ts'
import { type TastesSpec, tastesSchema } from './tastes.ts'

/** A task of ratings, defaults filled in. */
export interface RatingsSpec {
  readonly kind?: string | undefined
  /** A text is the folder of MovieLens, or a file of ratings, against the working folder. */
  readonly data?: DataSpec | string | undefined
  readonly dataset: 'tastes' | { readonly tastes: TastesSpec }
  readonly feedback: 'implicit' | 'explicit'
  readonly factors: number
  readonly regularisation: number
  readonly once: boolean
  readonly clip?: number | undefined
  readonly cap?: number | undefined
  readonly target: string
  readonly partition: PartitionSpec
  readonly [field: string]: unknown
}

/** What a task of ratings may say besides its kind, by what is known now. */
export function ratingsFields() {
  return {
    dataset: z
      .union([z.literal('tastes'), z.strictObject({ tastes: tastesSchema.describe('its numbers') })])
      .default('tastes')
      .describe('`tastes`, or with its numbers: ratings that are drawn, where `data` is left out'),
    data: z
      .union([dataSchema('ratings'), z.string().min(1)])
      .optional()
      .describe(
        'ratings from files: those of the format ratings, or a data set by its name; a text is a CSV file, or the folder of movielens-small',
      ),
    feedback: z
      .enum(['implicit', 'explicit'])
      .default('implicit')
      .describe(
        '`implicit`: an event is a like, and items are ranked (BPR); `explicit`: the rating is foretold, with biases of users and items',
      ),
    factors: count('numbers of the vector of an item, and of a user', 256).default(16),
    regularisation: z.number().min(0).max(10).default(0.01).describe('how much the vectors of items are held to zero'),
    once: z.boolean().default(false).describe('events of a user on one item count once'),
    clip: z
      .number()
      .gt(0)
      .optional()
      .describe('largest norm of what one user wants of one item in a step; a larger one is scaled down to it'),
    cap: count('events that a user has a whole voice for: of one with more, each counts cap / events').optional(),
    target: z
      .string()
      .min(1)
      .max(10_000)
      .default('cold')
      .describe(
        'whose exposure is measured, and what attacks are about: `cold` (an item with fewest events), or names of items with commas between them',
      ),
    partition: partitionSchema()
      .default({ kind: 'group' })
      .describe('how users are divided among the peers; a group is a user'),
  }
}
