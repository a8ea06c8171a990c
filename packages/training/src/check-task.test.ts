import { expect, test } from 'vitest'
import { checkTask } from './check-task.ts'
import { digitLabels, drawDigits } from './pictures/datasets/digits.ts'
import { learningSchema, taskSchema } from './schema.ts'

const check = (task: object, options: { peers?: number; seeds?: number[] } = {}) =>
  checkTask({
    task: taskSchema().parse(task),
    learning: learningSchema.parse({}),
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
