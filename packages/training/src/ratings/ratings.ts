import { basename, extname, resolve } from 'node:path'
import { DataError, type DataSpec, dataSchema, originOf, readRatings } from '@hearsay/data'
import { partition } from '../task/partitions/partitions.ts'
import { stream } from '../task/random.ts'
import type { Task } from '../task/task.ts'
import { TrainingError, type TrainingErrorCode } from '../task/training-error.ts'
import { targetsOf } from './crowd.ts'
import { prepared, type RatingsData } from './data.ts'
import { forUser } from './for-user.ts'
import { measuresBy } from './judge.ts'
import { type RatingsSpec, ratingsFields } from './schema.ts'
import { drawTastes, tastesSchema } from './tastes.ts'
import { createTrainer, feedbackOf } from './trainer.ts'

/** What a number of a first model is from zero at most: its deviation is 0.01 (of likes) or 0.1. */
const first = { implicit: Math.sqrt(3) / 100, explicit: Math.sqrt(3) / 10 }

/** Who likes what: a recommender by matrix factorisation, of which the items are shared, and users stay where they are. */
export const ratings: Task<RatingsSpec, RatingsData, RatingsData> = {
  name: 'ratings',
  summary: 'what users like: a recommender by matrix factorisation',
  options: {},
  fields: ratingsFields,
  at: (given, path) => ({ ...given, data: path }),
  describe: ({ data, feedback, factors }) => `${nameOf(dataOf(data))}, ${feedback}, ${factors} factors`,
  measures: measuresBy.explicit,
  measured: ({ feedback }) => measuresBy[feedback],
  source: ({ data, dataset, feedback, target }) => [data ?? dataset, feedback, target],
  load: read,
  outline: read,
  divide: ({ train }, { spec, peers, seed, least }) =>
    partition({ count: train.user.length, labels: undefined, groups: train.user }, peers, spec.partition, seed, least),
  origin(spec) {
    const data = dataOf(spec.data)
    return data && originOf(data)
  },
  contents: ({ train }) => ({ kind: 'numbers', name: 'rating', values: train.rating }),
  tensors: (spec, data) => [{ name: 'items', shape: [data.items.length, feedbackOf(spec, data).width], offset: 0 }],
  // What the users of a peer do is about few items.
  rows: (spec, data) => ({ width: feedbackOf(spec, data).width }),
  items: (spec, data) => ({ factors: spec.factors, targets: targetsOf(spec.target, data)!, liked: likedBy(data) }),
  initial(spec, data, seed) {
    const { width } = feedbackOf(spec, data)
    const most = first[spec.feedback]
    const random = stream(seed, 'items')
    // Biases begin at zero.
    return Float32Array.from({ length: data.items.length * width }, (_, at) =>
      at % width < spec.factors ? random.between(-most, most) : 0,
    )
  },
  forUser,
  trainer: createTrainer,
}

/** Of each user the items that it has an event on, each once. */
function likedBy({ users, train }: RatingsData): Int32Array[] {
  const liked = users.map(() => new Set<number>())
  for (let row = 0; row < train.item.length; row++) liked[train.user[row]!]!.add(train.item[row]!)
  return liked.map((items) => Int32Array.from(items))
}

async function read(spec: RatingsSpec, context: { base: string; turn?: () => Promise<void> }): Promise<RatingsData> {
  if (spec.partition.kind === 'own') {
    const problem = 'of ratings of its own each peer would know other items'
    throw new TrainingError('bad-data', `${problem}; take the partition group with data that all peers have`)
  }
  const data = prepared(await given(spec, context), spec.feedback)
  if (targetsOf(spec.target, data) !== undefined) return data
  const problem = `task.target: ${JSON.stringify(spec.target)} names an item that is not among the ${data.items.length}`
  throw new TrainingError('bad-data', `${problem}, which begin with ${data.items.slice(0, 3).join(', ')}`)
}

async function given({ dataset, ...spec }: RatingsSpec, context: { base: string; turn?: () => Promise<void> }) {
  const data = dataOf(spec.data)
  if (data === undefined) return drawTastes(dataset === 'tastes' ? tastesSchema.parse({}) : dataset.tastes)
  try {
    return await readRatings(data, context)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    throw new TrainingError(error.code satisfies TrainingErrorCode, error.message, { cause: error })
  }
}

/** Where a path is said alone, as by --data, what it leads to. */
function dataOf(data: RatingsSpec['data']): DataSpec | undefined {
  if (typeof data !== 'string') return data
  const path = resolve(data)
  return extname(path) === '.csv'
    ? { ...dataSchema().parse({ kind: 'ratings', train: path }) }
    : { kind: 'named', name: 'movielens-small', folder: path }
}

/** What data are called: their name or their file. */
function nameOf(data: DataSpec | undefined): string {
  const { name, train, kind } = data ?? { name: 'tastes', kind: '' }
  // A data set with options is a map of one name.
  return basename(String(typeof name === 'object' && name !== null ? Object.keys(name)[0] : (name ?? train ?? kind)))
}
