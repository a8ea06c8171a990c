import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTrainingPool } from './pool.ts'
import { type SteadyTraining, startSteadyTraining } from './steady-training.ts'

const options = {
  engine: 'wasm',
  task: { model: 'logistic', trainSamples: 600, testSamples: 200 },
  learning: { localSteps: 4, batchSize: 20 },
  peers: 2,
  seed: 1,
} as const

let training: SteadyTraining
let reasons: string[]
const start = async (deadlineMs: number): Promise<void> => {
  reasons = []
  training = await startSteadyTraining({ ...options, deadlineMs, onRestart: (reason) => reasons.push(reason) })
}
beforeEach(() => start(60_000))
afterEach(() => training.close())

async function plain() {
  const pool = await startTrainingPool({ engine: 'wasm', processes: 1 })
  const task = await pool.open(options)
  const { update } = await task.train(1, 1, task.initial)
  const evaluated = await task.evaluate(task.initial)
  await pool.close()
  return { update, evaluated }
}

test('a process that dies is replaced, and gives the same bits to all who wait', async () => {
  const [pid] = training.pids
  const answers = Promise.all([training.train(1, 1, training.initial), training.evaluate(training.initial)])
  process.kill(pid!, 'SIGKILL')
  const [{ update }, evaluated] = await answers
  expect({ update, evaluated }).toEqual(await plain())
  expect(reasons).toEqual([expect.stringContaining(`training process ${pid} (wasm engine) was ended by SIGKILL`)])
  expect(training.pids).not.toEqual([pid])
})

test('a process that hangs is ended at the deadline, and another trains again', async () => {
  await training.close()
  await start(5000)
  const [pid] = training.pids
  process.kill(pid!, 'SIGSTOP')
  const { update } = await training.train(1, 1, training.initial)
  expect(update).toEqual((await plain()).update)
  expect(reasons).toEqual(['training took longer than 5 s'])
  expect(() => process.kill(pid!, 0)).toThrow('ESRCH')
})

test('what is wrong with a request ends no process, and what fails three times is told', async () => {
  await expect(training.train(7, 1, training.initial)).rejects.toMatchObject({ code: 'bad-argument' })
  expect(reasons).toEqual([])
  await training.close()
  await start(1)
  await expect(training.train(1, 1, training.initial)).rejects.toMatchObject({ code: 'deadline' })
  expect(reasons).toHaveLength(2)
}, 60_000)

test('closing ends what is pending, and restarts nothing', async () => {
  const [pid] = training.pids
  const pending = expect(training.train(1, 1, training.initial)).rejects.toMatchObject({ code: 'closed' })
  await training.close()
  await pending
  expect(reasons).toEqual([])
  expect(() => process.kill(pid!, 0)).toThrow('ESRCH')
})
