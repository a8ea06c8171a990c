import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ContractCheck, checkContract } from './contract.ts'
import { startTrainingPool, type TrainingPool } from './pool.ts'
import type { TaskSpec } from './task/task.ts'

const base = join(import.meta.dirname, 'testing')
let one: TrainingPool
let other: TrainingPool
beforeAll(async () => {
  ;[one, other] = (await Promise.all([1, 2].map(() => startTrainingPool({ engine: 'wasm', processes: 1 })))) as [
    TrainingPool,
    TrainingPool,
  ]
}, 120_000)
afterAll(() => Promise.all([one.close(), other.close()]))

async function checksOf(task: TaskSpec, residentBytes: () => number | undefined = () => undefined) {
  const options = { task, learning: {}, peers: 2, seed: 1, base, strict: true } as const
  const [here, elsewhere] = await Promise.all([one.open(options), other.open(options)])
  const checks: ContractCheck[] = []
  for await (const each of checkContract({ task: here, elsewhere, peers: 2, calls: 8, residentBytes }))
    checks.push(each)
  await Promise.all([here.close(), elsewhere.close()])
  return Object.fromEntries(checks.map(({ name, outcome, message }) => [name, `${outcome}: ${message}`]))
}

const external = (...words: string[]) => ({
  kind: 'external',
  trainer: { command: [process.execPath, 'hostile-trainer.ts', ...words] },
})

test('a program that keeps all promises', async () => {
  const resident = [200, 210].map((megabytes) => megabytes * 2 ** 20).values()
  expect(await checksOf(external('honest'), () => resident.next().value)).toEqual({
    opens: 'holds: 6 parameters: a 2 × 3',
    'first model': 'holds: the same in another process',
    update: 'holds: 6 finite numbers, loss 0.5000',
    'other rounds': 'holds: give other updates',
    'other peers': 'holds: give other updates',
    'the same call': 'holds: gives the same update, later and in another process',
    evaluation: 'holds: loss 0.250',
    memory: 'holds: 210.0 MiB resident, 10.0 MiB more after 8 calls than after 2',
    time: expect.stringMatching(/^holds: \d+\.\d ms a call, the slowest/),
  })
}, 120_000)

test.each([
  ['another answer each time', 'the same call', /^note: gives another update, so the task is not repeatable/],
  ['the same for all', 'other rounds', /^note: give the same update/],
  ['the same for all', 'other peers', /^note: give the same update: do all/],
  ['zeros', 'update', /^fails: it is zero/],
  ['numbers that are not finite', 'update', /^fails: training came to numbers that are not finite/],
])(
  '%s is seen',
  async (way, name, message) => {
    expect((await checksOf(external(way)))[name]).toMatch(message)
  },
  120_000,
)

test('memory that grows with calls is a leak', async () => {
  const resident = [200, 300].map((megabytes) => megabytes * 2 ** 20).values()
  const { memory } = await checksOf(external('honest'), () => resident.next().value)
  expect(memory).toBe('fails: 300.0 MiB resident, 100.0 MiB more after 8 calls than after 2: it leaks')
}, 120_000)

test('what breaks off says why', async () => {
  await expect(checksOf(external('dies'))).rejects.toMatchObject({ code: 'process-ended' })
  // The next one gets another program.
  expect((await checksOf(external('honest'))).evaluation).toBe('holds: loss 0.250')
}, 120_000)

test('pictures keep the contract', async () => {
  const task = { model: 'logistic', trainSamples: 200, testSamples: 50 }
  const checks = await checksOf(task)
  expect(Object.values(checks).filter((each) => !each.startsWith('holds'))).toEqual([])
}, 120_000)
