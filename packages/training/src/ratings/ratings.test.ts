import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shuffle } from '@hearsay/catalogue/random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { learningSchema, measuresOf, poisons, taskSchema } from '../schema.ts'
import { stream } from '../task/random.ts'
import type { PoisonSpec } from '../task/task.ts'
import { crowdOf, targetsOf } from './crowd.ts'
import type { RatingsData } from './data.ts'
import type { RatingsPoison } from './poisons/poison.ts'
import * as shipped from './poisons/shipped.ts'
import { ratings } from './ratings.ts'
import type { RatingsSpec } from './schema.ts'
import { createTrainer } from './trainer.ts'

let base: string
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'hearsay-ratings-'))
  const rows = ['a,x,5,1', 'a,y,4,2', 'a,z,1,3', 'b,x,5,1', 'b,y,2,2', 'c,z,3,1']
  writeFileSync(join(base, 'few.csv'), `user,item,rating,time\n${rows.join('\n')}\n`)
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

const small = { tastes: { users: 60, items: 80, tastes: 4, median: 12 } }
const parse = (given: object) => taskSchema().parse({ kind: 'ratings', dataset: small, ...given }) as RatingsSpec
const load = (spec: RatingsSpec) => ratings.outline(spec, { base, turn: async () => {} })
const rowsOf = ({ train }: RatingsData) => Int32Array.from(train.user, (_, row) => row)

function trainerOf(spec: RatingsSpec, data: RatingsData, given = {}, shares = [rowsOf(data)]) {
  const learning = learningSchema.parse({ localSteps: 2, learningRate: 0.05, momentum: 0, ...given })
  return createTrainer({ engine: undefined as never, spec, learning, data, shares, seed: 1 })
}

async function learnt(spec: RatingsSpec, data: RatingsData, given: object, poison?: PoisonSpec) {
  const trainer = trainerOf(spec, data, given)
  const model = ratings.initial(spec, data, 1)
  const { update } = await trainer.train(0, 1, model, poison)
  return trainer.evaluate(
    model.map((value, at) => value + update[at]!),
    poison === undefined ? [] : [poison],
  )
}

test('the latest like of each user is held back, unless it has no other', async () => {
  const data = await load(parse({ data: { kind: 'ratings', train: 'few.csv', time: 'time', testShare: 0.2 } }))
  expect(data.items).toEqual(['x', 'y', 'z'])
  expect([...data.held]).toEqual([2, 1, -1])
  expect([...data.train.user]).toEqual([0, 0, 1, 2])
  expect(targetsOf('cold', data)).toEqual([2])
  expect(targetsOf('y, x', data)).toEqual([1, 0])
})

test.each([
  [{ target: 'w' }, 'task.target: "w" names an item that is not among the 80, which begin with item-0'],
  [{ partition: { kind: 'own' } }, 'of ratings of its own each peer would know other items'],
  [{ data: { kind: 'ratings', train: 'none.csv' } }, 'none.csv'],
  [{ data: 'nowhere' }, 'hearsay data fetch movielens-small'],
])('what cannot be learnt is told: %o', async (given, message) => {
  await expect(load(parse(given))).rejects.toThrow(message)
})

test('what is measured follows from the feedback', () => {
  expect(measuresOf(parse({})).map(({ name }) => name)).toEqual([
    ...['hitRate10', 'ndcg10', 'exposure', 'coverage', 'activityShare', 'headShare'],
  ])
  expect(measuresOf(parse({ feedback: 'explicit' }))[0]!.name).toBe('rmse')
})

test('likes are learnt: what is held back is near the top, and a target that nobody pushes is not', async () => {
  const spec = parse({ dataset: 'tastes' })
  const data = await load(spec)
  const before = await learnt(spec, data, { localSteps: 1, learningRate: 1e-9 })
  const after = await learnt(spec, data, { localSteps: 15 })
  expect(after.hitRate10).toBeGreaterThan(before.hitRate10! + 0.2)
  expect(after.exposure).toBeLessThan(0.05)
  expect([after.activityShare, after.headShare]).toEqual([0, 0])
})

test('ratings are learnt, better than their deviation foretells', async () => {
  const spec = parse({ feedback: 'explicit', regularisation: 0.05, dataset: 'tastes' })
  const data = await load(spec)
  const { rmse, mae, prediction } = await learnt(spec, data, { localSteps: 20, learningRate: 0.005 })
  expect(rmse).toBeLessThan(0.9 * data.deviation)
  expect(mae).toBeLessThan(rmse!)
  expect(prediction).toBeGreaterThan(data.least)
})

test('neither the order of users nor that of their events changes a bit, nor does the call before', async () => {
  const spec = parse({})
  const data = await load(spec)
  const model = ratings.initial(spec, data, 1)
  const rows = rowsOf(data)
  const shuffled = shuffle(rows.slice(), stream('order').integer)
  const trainer = trainerOf(spec, data, {}, [rows, shuffled])
  const first = await trainer.train(0, 3, model)
  expect(await trainer.train(1, 3, model)).toEqual(first)
  expect((await trainer.train(0, 4, model)).update).not.toEqual(first.update)
  expect(await trainer.train(0, 3, model)).toEqual(first)
})

test.each(['implicit', 'explicit'])(
  'doubled or repeated events change nothing once they count once: %s',
  async (feedback) => {
    const spec = parse({ feedback, once: true, clip: 0.5, cap: 10 })
    const data = await load(spec)
    const { train } = data
    const of = (user: number) => [...rowsOf(data)].filter((row) => train.user[row] === user)
    const updateOf = async (given: RatingsSpec, more: number[]) => {
      const rows = Int32Array.from([...rowsOf(data), ...more])
      const { update } = await trainerOf(given, data, {}, [rows]).train(0, 1, ratings.initial(given, data, 1))
      return update
    }
    const plain = await updateOf(spec, [])
    expect(await updateOf(spec, of(7))).toEqual(plain)
    expect(await updateOf(spec, Array(50).fill(of(3)[0]!))).toEqual(plain)
    const each = { ...spec, once: false, cap: undefined, clip: undefined }
    expect(await updateOf(each, of(7))).not.toEqual(await updateOf(each, []))
  },
)

test('nobody moves an item by more than the clip', async () => {
  const spec = parse({ clip: 0.001, regularisation: 0 })
  const data = await load(spec)
  const one = [...rowsOf(data)].filter((row) => data.train.user[row] === 5)
  const rate = 0.5
  const trainer = trainerOf(spec, data, { localSteps: 1, learningRate: rate }, [Int32Array.from(one)])
  const { update } = await trainer.train(0, 1, ratings.initial(spec, data, 1))
  const norms = data.items.map((_, item) => Math.hypot(...update.subarray(16 * item, 16 * (item + 1))))
  expect(Math.max(...norms)).toBeLessThan(rate * 0.001 * (1 + 1e-4))
  expect(Math.max(...norms)).toBeGreaterThan(rate * 0.001 * (1 - 1e-4))
})

test.each(Object.values(shipped))('$name: as many accounts and events as it says, within bounds', async ({ name }) => {
  for (const feedback of ['implicit', 'explicit'] as const) {
    const data = await load(parse({ feedback }))
    const { member, options } = poisons.resolve(name, { accounts: 3, activity: 4, fill: 10 })
    const crowd = crowdOf(data, feedback, targetsOf('cold', data)!)
    const made = () => (member as RatingsPoison).accounts(options, crowd, stream(1))
    expect(made()).toEqual(made())
    expect(made()).toHaveLength(3)
    for (const account of made()) {
      const on = account.items.filter((item) => crowd.targets.includes(item))
      const against = ['nuke', 'love-hate'].includes(name)
      expect(on).toHaveLength(against && feedback === 'implicit' ? 0 : 4)
      const others = account.items.filter((item) => !crowd.targets.includes(item))
      expect(new Set(others).size).toBe(others.length)
      expect(others).toHaveLength(name === 'segment' && feedback === 'implicit' ? 5 : 10)
      for (const [at, rating] of account.ratings.entries()) {
        expect(rating).toBeGreaterThanOrEqual(data.least)
        expect(rating).toBeLessThanOrEqual(data.greatest)
        if (crowd.targets.includes(account.items[at]!)) expect(rating).toBe(against ? data.least : data.greatest)
      }
    }
  }
})

test('a few hyperactive accounts put the target before everybody, and not when events count once', async () => {
  const poison = { kind: 'hyperactive-profiles', accounts: 3, activity: 500 }
  const given = { localSteps: 15 }
  const spec = parse({ dataset: 'tastes' })
  const data = await load(spec)
  const open = await learnt(spec, data, given, poison)
  const once = await learnt(parse({ dataset: 'tastes', once: true, clip: 0.5 }), data, given, poison)
  expect(open.exposure).toBeGreaterThan(0.5)
  expect(once.exposure).toBeLessThan(0.1)
  expect(open.headShare).toBeCloseTo(3 / 303, 9)
  expect(open.activityShare).toBeGreaterThan(0.05)
})

test('accounts that come later change nothing before', async () => {
  const spec = parse({})
  const data = await load(spec)
  const trainer = trainerOf(spec, data)
  const model = ratings.initial(spec, data, 1)
  const poison = { kind: 'popular-profiles', since: 3 }
  expect(await trainer.train(0, 2, model, poison)).toEqual(await trainer.train(0, 2, model))
  expect(await trainer.train(0, 3, model, poison)).not.toEqual(await trainer.train(0, 3, model))
})
