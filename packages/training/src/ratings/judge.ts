import type { Evaluation, Measure } from '../task/measure.ts'
import { stream } from '../task/random.ts'
import type { RatingsData } from './data.ts'
import type { Feedback } from './feedback.ts'
import type { Profile } from './profile.ts'

const top = 10
const sampled = 99

const share = { unit: '%', digits: 1 } as const
const number = { unit: '', digits: 3 } as const

const hitRate10: Measure = {
  name: 'hitRate10',
  summary: `users whose item that was held back is among the first ${top} of it and ${sampled} others at random (HR@${top})`,
  better: 'higher',
  ...share,
}
const ndcg10: Measure = {
  name: 'ndcg10',
  summary: `how near the top that item is there, 1 for the first place (NDCG@${top})`,
  better: 'higher',
  ...number,
}
const exposure: Measure = {
  name: 'exposure',
  summary: `users without the target who find it among the first ${top} of all that they do not know (ER@${top}); of several the mean`,
  better: 'lower',
  ...share,
}
const prediction: Measure = {
  name: 'prediction',
  summary:
    'mean over users of the rating that is foretold for the target, its shift being the difference from a baseline',
  better: 'lower',
  ...number,
}
const coverage: Measure = {
  name: 'coverage',
  summary: `items that are among the first ${top} of anybody`,
  better: 'higher',
  ...share,
}
const activityShare: Measure = {
  name: 'activityShare',
  summary: 'of all events, those of the accounts of liars',
  better: 'lower',
  ...share,
}
const headShare: Measure = {
  name: 'headShare',
  summary: 'of all users, accounts of liars',
  better: 'lower',
  ...share,
}
const rmse: Measure = {
  name: 'rmse',
  summary: 'root of the mean squared error of ratings that are foretold',
  better: 'lower',
  ...number,
}
const mae: Measure = { name: 'mae', summary: 'mean error of ratings that are foretold', better: 'lower', ...number }

const ranked = [hitRate10, ndcg10, exposure, coverage, activityShare, headShare]
/** The first is the headline. */
export const measuresBy = { implicit: ranked, explicit: [rmse, mae, prediction, ...ranked] } as const

/** All that a model of ratings is judged by, but who attacked it. */
export function judge(
  feedback: Feedback,
  model: Float32Array,
  users: readonly Profile[],
  data: RatingsData,
  targets: readonly number[],
): Evaluation {
  const vectorOf = feedback.users(model)
  const vectors = new Map(users.map((profile) => [profile.name, { profile, vector: vectorOf(profile) }]))
  const scores = new Float64Array(data.items.length)
  const gains: number[] = []
  const shown = targets.map(() => ({ to: 0, of: 0 }))
  const covered = new Set<number>()
  let foretold = 0
  for (const [index, name] of data.users.entries()) {
    const found = vectors.get(name)
    if (found === undefined) continue
    const { profile, vector } = found
    for (let item = 0; item < scores.length; item++) scores[item] = feedback.score(model, vector, item)
    for (const target of targets) foretold += scores[target]! / targets.length
    const held = data.held[index]!
    if (held >= 0) gains.push(placeOf(held, scores, profile, name))
    const seen = new Set(profile.items)
    const first = firstOf(scores, seen)
    for (const item of first) covered.add(item)
    for (const [at, target] of targets.entries()) {
      if (seen.has(target)) continue
      shown[at]!.of++
      if (first.includes(target)) shown[at]!.to++
    }
  }
  const known = shown.filter(({ of }) => of > 0)
  return {
    hitRate10: mean(gains.map((place) => (place <= top ? 1 : 0))),
    ndcg10: mean(gains.map((place) => (place <= top ? 1 / Math.log2(place + 1) : 0))),
    exposure: mean(known.map(({ to, of }) => to / of)),
    prediction: vectors.size === 0 ? null : foretold / vectors.size,
    coverage: covered.size / data.items.length,
    ...errorsOf(feedback, model, data, vectors),
  }
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** The place, from 1, of an item among it and others that the user does not know, the same ones for every model. */
function placeOf(held: number, scores: Float64Array, { items }: Profile, name: string): number {
  const random = stream('sampled items', name)
  const out = new Set([...items, held])
  let place = 1
  if (scores.length - out.size <= sampled) {
    for (const [item, score] of scores.entries()) if (!out.has(item) && !(score < scores[held]!)) place++
    return place
  }
  for (let drawn = 0; drawn < sampled; ) {
    const item = random.integer(scores.length)
    if (out.has(item)) continue
    out.add(item)
    drawn++
    if (!(scores[item]! < scores[held]!)) place++
  }
  return place
}

/** The first items that are not seen; of equal scores those with the lower index. */
function firstOf(scores: Float64Array, seen: ReadonlySet<number>): number[] {
  const first: number[] = []
  for (let item = 0; item < scores.length; item++) {
    const full = first.length === top
    if ((full && !(scores[item]! > scores[first[top - 1]!]!)) || seen.has(item)) continue
    let at = full ? top - 1 : first.length
    for (; at > 0 && scores[first[at - 1]!]! < scores[item]!; at--) first[at] = first[at - 1]!
    first[at] = item
  }
  return first
}

function errorsOf(
  feedback: Feedback,
  model: Float32Array,
  { test, users }: RatingsData,
  vectors: ReadonlyMap<string, { readonly vector: Float64Array }>,
): { rmse: number | null; mae: number | null } {
  let [square, absolute, count] = [0, 0, 0]
  for (let row = 0; row < test.item.length; row++) {
    const found = vectors.get(users[test.user[row]!]!)
    if (found === undefined) continue
    const miss = feedback.score(model, found.vector, test.item[row]!) - test.rating[row]!
    square += miss * miss
    absolute += Math.abs(miss)
    count++
  }
  return count === 0 ? { rmse: null, mae: null } : { rmse: Math.sqrt(square / count), mae: absolute / count }
}
