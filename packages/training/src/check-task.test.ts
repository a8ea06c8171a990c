import { expect, test } from 'vitest'
import { checkTask } from './check-task.ts'
import { digitLabels, drawDigits } from './pictures/datasets/digits.ts'
import { learningSchema, taskSchema } from './schema.ts'

const check = (task: object, options: { peers?: number; seeds?: number[]; learning?: object } = {}) =>
  checkTask({
    task: taskSchema().parse(task),
    learning: learningSchema.parse(options.learning ?? {}),
    peers: options.peers ?? 4,
    seeds: options.seeds ?? [1],
  })

test('labels alone are those of the pictures', async () => {
  for (const set of ['train', 'test'] as const) expect(await digitLabels(set, 300)).toEqual(drawDigits(set, 300).labels)
})

test('what can be learnt passes', async () => {
  await check({})
  await check({ partition: { kind: 'dirichlet', alpha: 0.5 } }, { seeds: [1, 2, 3] })
})

test('a partition that a later seed cannot draw is known', async () => {
  const task = { partition: { kind: 'dirichlet', alpha: 0.05 } }
  await check(task, { peers: 20 })
  await expect(check(task, { peers: 20, seeds: [1, 2] })).rejects.toMatchObject({ code: 'partition-too-small' })
})

test.each([
  [{ trainSamples: 100 }, 'partition-too-small'],
  [{ dataset: 'mnist' }, 'data-missing'],
  [{ dataset: 'mnist', data: '/nowhere' }, 'data-missing'],
])('%j is refused', async (task, code) => {
  await expect(check(task)).rejects.toMatchObject({ code })
})

test('failing neurons are learnt with where neurons are known, and else refused before anything is learnt', async () => {
  const learning = { crashVariance: 0.01 }
  for (const model of ['mlp', 'cnn']) await check({ model }, { learning })
  const trainer = { command: ['node', 'train.mjs'] }
  for (const task of [{ trainer }, { kind: 'ratings', dataset: 'tastes' }]) {
    await check(task)
    await expect(check(task, { learning })).rejects.toMatchObject({
      code: 'bad-task',
      message: expect.stringMatching(/^learning\.crashVariance: task (external|ratings) does not .*; leave it out, or/),
    })
  }
})
