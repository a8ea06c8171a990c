import { suggestion } from '@hearsay/catalogue'
import type { ForUser } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import type { RatingsData } from './data.ts'
import { profilesOf } from './profile.ts'
import type { RatingsSpec } from './schema.ts'
import { feedbackOf } from './trainer.ts'

/** What a model says of all items for one user, whose vector is worked out from them as training does. */
export function forUser(spec: RatingsSpec, data: RatingsData, model: Float32Array, name: string): ForUser {
  const user = data.users.indexOf(name)
  if (user < 0) {
    const some = `${data.users.length} users, who begin with ${data.users.slice(0, 3).join(', ')}`
    throw new TrainingError(
      'bad-argument',
      `there is no user ${JSON.stringify(name)} among ${some}${suggestion(name, data.users)}`,
    )
  }
  const own = Int32Array.from(data.train.user, (_, row) => row).filter((row) => data.train.user[row] === user)
  const [profile] = profilesOf(data.train, own, data.users, spec)
  if (profile === undefined)
    throw new TrainingError('bad-argument', `nothing that ${JSON.stringify(name)} did is in the training data`)
  const feedback = feedbackOf(spec, data)
  const vector = feedback.users(model)(profile)
  return {
    items: data.items,
    known: new Set(profile.items),
    scores: Float64Array.from(data.items, (_, item) => feedback.score(model, vector, item)),
    // What is beyond the factors of a row, its bias, counts as it is.
    vector: Float64Array.from({ length: feedback.width }, (_, at) => (at < spec.factors ? vector[at]! : 1)),
  }
}
