import { seededStream, shuffle } from '@hearsay/catalogue/random'
import type { RatingsData } from '../ratings/data.ts'
import type { Feedback } from '../ratings/feedback.ts'
import { judge } from '../ratings/judge.ts'
import { profilesOf } from '../ratings/profile.ts'
import { ratings } from '../ratings/ratings.ts'
import type { RatingsSpec } from '../ratings/schema.ts'
import { createTrainer } from '../ratings/trainer.ts'
import { learningSchema } from '../task/learning.ts'
import type { Evaluation } from '../task/measure.ts'
import type { PoisonSpec } from '../task/task.ts'
import { taskSchema } from '../tasks.ts'

/** A task of ratings, defaults filled in, and its data. */
export async function loadRatings(given: object): Promise<{ readonly spec: RatingsSpec; readonly data: RatingsData }> {
  const spec = taskSchema().parse({ kind: 'ratings', ...given }) as RatingsSpec
  return { spec, data: await ratings.outline(spec, { base: process.cwd(), turn: async () => {} }) }
}

/** What everybody is shown who is shown what most like. */
export function judgePopularity({
  spec,
  data,
}: {
  readonly spec: RatingsSpec
  readonly data: RatingsData
}): Evaluation {
  const counts = new Float32Array(data.items.length)
  for (const item of data.train.item) counts[item]!++
  const everybody = profilesOf(
    data.train,
    Int32Array.from(data.train.user, (_, row) => row),
    data.users,
    spec,
  )
  const popular: Feedback = {
    width: 1,
    users: () => () => new Float64Array(),
    score: (model, _, item) => model[item]!,
    gradient: () => 0,
  }
  return judge(popular, counts, everybody, data, [])
}

export interface Central {
  readonly spec: RatingsSpec
  readonly data: RatingsData
  readonly rate: number
  readonly epochs: number
  /** Users of a step, drawn once. */
  readonly batch: number
  readonly seed: number
  /** Whose accounts take a step of their own in each epoch. */
  readonly poison?: PoisonSpec | undefined
}

/** What a server would learn that has everybody's data: the steps of the task, one batch of users after the other. */
export async function learnCentrally(given: Central): Promise<Evaluation> {
  const { spec, data, rate, epochs, batch, seed, poison } = given
  const order = shuffle(
    Int32Array.from(data.users, (_, user) => user),
    seededStream(seed).integer,
  )
  const batchOf = new Int32Array(order.length)
  for (const [place, user] of order.entries()) batchOf[user] = Math.floor(place / batch)
  const count = Math.ceil(order.length / batch)
  const shares = Array.from({ length: count }, (_, each) =>
    Int32Array.from(data.train.user, (_, row) => row).filter((row) => batchOf[data.train.user[row]!] === each),
  )
  const learning = learningSchema.parse({ localSteps: 1, learningRate: rate, momentum: 0 })
  const accounts = poison === undefined ? [] : [Int32Array.of()]
  const trainer = createTrainer({
    ...{ engine: undefined as never, spec, learning, data, seed },
    shares: [...shares, ...accounts],
  })
  const model = ratings.initial(spec, data, seed)
  for (let epoch = 1; epoch <= epochs; epoch++)
    for (let each = 0; each < count + accounts.length; each++) {
      const { update } = await trainer.train(each, epoch, model, each < count ? undefined : poison)
      for (let at = 0; at < model.length; at++) model[at]! += update[at]!
    }
  return await trainer.evaluate(model, poison === undefined ? [] : [poison])
}
