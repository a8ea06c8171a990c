import { poisons } from '../pictures/poisons.ts'
import { descend } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { PoisonSpec, Trainer, TrainerOptions } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import { crowdOf, targetsOf } from './crowd.ts'
import type { RatingsData } from './data.ts'
import { explicit } from './explicit.ts'
import type { Feedback } from './feedback.ts'
import { implicit } from './implicit.ts'
import { judge } from './judge.ts'
import type { RatingsPoison } from './poisons/poison.ts'
import { type Profile, profileOf, profilesOf } from './profile.ts'
import { RowSums } from './row-sums.ts'
import type { RatingsSpec } from './schema.ts'

export function feedbackOf(spec: RatingsSpec, { items, mean }: Pick<RatingsData, 'items' | 'mean'>): Feedback {
  return spec.feedback === 'implicit' ? implicit(spec, items.length) : explicit(spec, mean)
}

/**
 * Local training on what the users of a peer did. A step takes all their events: the gradient is the sum over users, in the order of
 * users, each of whom has its vector worked out anew from the items. So nothing about a user is kept or sent, and a call
 * depends on nothing but its arguments. It is JavaScript on numbers of 64 bits, and no engine: both give the same bits.
 */
export function createTrainer({
  spec,
  learning,
  data,
  shares,
  seed,
}: TrainerOptions<RatingsSpec, RatingsData>): Trainer {
  const feedback = feedbackOf(spec, data)
  const size = data.items.length * feedback.width
  const sums = new RowSums(data.items.length, feedback.width)
  const total = new Float64Array(size)
  const users = remembered((peer: number) => profilesOf(data.train, shares[peer]!, data.users, spec))
  const liars = poisoner(spec, data, seed)
  const everybody = remembered((_: 'all') =>
    profilesOf(
      data.train,
      Int32Array.from(data.train.user, (_, row) => row),
      data.users,
      spec,
    ),
  )
  return {
    train(peer, round, model, poison) {
      const own = poison === undefined ? users(peer) : [...users(peer), ...liars.profiles(poison, peer, round)]
      const events = own.reduce((sum, { counts, weight }) => sum + weight * eventsOf(counts), 0)
      return descend(model, { ...learning, rate: rateAt(learning, round) }, (weights, step, gradient) => {
        const vectorOf = feedback.users(weights)
        let loss = 0
        for (const profile of own) {
          const random = stream(seed, 'others', round, step, profile.name)
          loss += feedback.gradient(weights, profile, vectorOf(profile), sums, random)
          sums.moveTo(total, spec.clip)
        }
        gradient.set(total)
        total.fill(0)
        return loss / events
      })
    },
    evaluate(model, poisons) {
      const targets = liars.targets(poisons)
      return { ...judge(feedback, model, everybody('all'), data, targets), ...liars.shares(poisons) }
    },
  }
}

const eventsOf = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0)

/** Worked out once for each argument. */
function remembered<Key, Value>(of: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const value = known.get(key) ?? of(key)
    known.set(key, value)
    return value
  }
}

function poisoner(spec: RatingsSpec, data: RatingsData, seed: number | string) {
  const chosen = ({ kind, ...given }: PoisonSpec) => {
    const { member, options } = poisons.resolve(kind, given)
    const text = String(options.target ?? spec.target)
    const targets = targetsOf(text, data)
    if (targets === undefined)
      throw new TrainingError('bad-data', `target ${JSON.stringify(text)} names an item that is not there`)
    return { member: member as RatingsPoison, options, targets }
  }
  const accounts = remembered((key: string) => {
    const [poison, peer] = JSON.parse(key) as [PoisonSpec, number]
    const { member, options, targets } = chosen(poison)
    return member.accounts(options, crowdOf(data, spec.feedback, targets), stream(seed, 'poison', peer))
  })
  return {
    /** Of the accounts that have come by this round. */
    profiles(poison: PoisonSpec, peer: number, round: number): Profile[] {
      if (round < Number(chosen(poison).options.since ?? 1)) return []
      const own = accounts(JSON.stringify([poison, peer]))
      return own.map((account, at) => profileOf(`account ${peer} ${at}`, account, spec))
    },
    /** What liars are about; that of the task where nobody lies. */
    targets: (given: readonly PoisonSpec[]): number[] => {
      const some = given.length > 0 ? given.map(chosen) : [{ targets: targetsOf(spec.target, data)! }]
      return [...new Set(some.flatMap(({ targets }) => targets))]
    },
    /** Of all events and of all heads, those of liars' accounts. */
    shares(given: readonly PoisonSpec[]): { activityShare: number; headShare: number } {
      const all = given.flatMap((poison) => accounts(JSON.stringify([poison, 0])))
      const events = all.reduce((sum, { items }) => sum + items.length, 0)
      return {
        activityShare: events / (events + data.train.item.length),
        headShare: all.length / (all.length + data.users.length),
      }
    },
  }
}
