import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { firstModel } from '../first-model.ts'
import { finiteUpdate, sharesOf } from '../task/checked.ts'
import { learningSchema } from '../task/learning.ts'
import { taskSchema } from '../tasks.ts'
import { startTrainingProcess, type TrainingProcess } from '../training-process.ts'
import { external } from './external.ts'
import { programs } from './program.ts'
import type { ExternalSpec } from './schema.ts'

const base = join(import.meta.dirname, '../testing')
const learning = learningSchema.parse({})
const peers = 2

const specOf = (words: readonly string[], more: object = {}) =>
  taskSchema().parse({
    kind: 'external',
    trainer: { command: [process.execPath, 'hostile-trainer.ts', ...words], ...more },
  }) as unknown as ExternalSpec

async function open(words: readonly string[], more: object = {}) {
  const spec = specOf(words, more)
  const data = await external.load(spec, { base, learning, peers, seed: 1 })
  const { tensors, initial } = firstModel(external, spec, data, { base, seed: 1 })
  const shares = sharesOf(external, data, { spec, peers, seed: 1, least: learning.batchSize })
  const trainer = external.trainer({ engine: undefined as never, spec, learning, data, shares, seed: 1 })
  return { tensors, initial, trainer }
}

const processes: TrainingProcess[] = []
afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.close()))
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a program that keeps the protocol is a task like any other', async () => {
  const [one, other] = await Promise.all([open(['honest']), open(['honest'])])
  expect(one.tensors).toEqual([{ name: 'a', shape: [2, 3], offset: 0 }])
  expect(one.initial).toEqual(new Float32Array(6).fill(1))
  expect(await one.trainer.train(1, 3, one.initial)).toEqual({
    update: new Float32Array(6).fill(4),
    loss: 0.5,
    diverged: false,
    workMs: 1,
  })
  expect(await one.trainer.evaluate(one.initial, [])).toEqual({ loss: 0.25 })
  await one.trainer.close!()
  // Both have one program, which goes on.
  expect((await other.trainer.train(0, 1, other.initial)).loss).toBe(0.5)
})

const nonsense = (what: string) => ({
  code: 'bad-trainer',
  message: expect.stringContaining(`answers nonsense: ${what}`),
})
const ended = (how: string) => ({ code: 'process-ended', message: expect.stringContaining(how) })
const late = {
  code: 'deadline',
  message: expect.stringMatching(/did not answer for 0\.\d+ s .* raise trainer\.trainMs$/),
}

test.each([
  ['dies', ended('ended with code 3 when it was asked to train; its last words: loading | Traceback | ?[31mno module')],
  ['floods the output', nonsense('no frame')],
  ['floods the log', ended('ended with code 4 when it was asked to train; its last words: yyyy')],
  ['another id', nonsense('the id 3, asked was 2')],
  ['no id', nonsense('the id undefined, asked was 2')],
  ['a list', nonsense('the id undefined')],
  ['null', nonsense('a header that is no JSON object')],
  ['a huge header', nonsense('no frame: its header would have 2147483648 bytes')],
  ['an empty header', nonsense('no frame')],
  ['a print', nonsense('no frame')],
  ['no JSON', nonsense('a header that is no JSON, which has no NaN')],
  ['no UTF-8', nonsense('a header that is no JSON')],
  ['one number more', nonsense('floats is 7, not 6')],
  ['one number less', nonsense('floats is 5, not 6')],
  ['a huge number of numbers', nonsense('a header whose floats is wrong')],
  ['half of an answer', ended('ended with code 0 when it was asked to train')],
  ['bytes behind it', nonsense('more than one answer: 1 bytes')],
  ['two answers', nonsense('more than one answer')],
  ['no loss', nonsense('a header whose loss is wrong')],
  ['a loss in words', nonsense('a header whose loss is wrong')],
  ['leaves a child', ended('ended with code 0')],
])('a program that answers with %s is ended, and the next one serves', async (way, error) => {
  const { initial, trainer } = await open([way])
  await expect(trainer.train(0, 1, initial)).rejects.toMatchObject(error)
  await expect(trainer.train(0, 1, initial)).rejects.toMatchObject({ code: error.code })
  await trainer.close!()
  const again = await open([way])
  expect(await again.trainer.evaluate(again.initial, [])).toEqual({ loss: 0.25 })
})

test.each(['silent', 'half of an answer, and waits'])('one that is %s is ended at the deadline', async (way) => {
  const { initial, trainer } = await open([way], { trainMs: 300 })
  await expect(trainer.train(0, 1, initial)).rejects.toMatchObject(late)
})

test.each([
  ['tensors of another size', nonsense('tensors of 7 numbers, and floats is 6')],
  ['no tensors', nonsense('a header whose tensors is wrong')],
  ['a tensor of nothing', nonsense('a header whose tensors.0.shape.0 is wrong')],
  ['samples of others', nonsense('samples of 1 peers, asked was 2')],
  ['dies', ended('ended with code 3 when it was asked to open')],
  [
    'refuses',
    {
      code: 'training-failed',
      message: expect.stringMatching(/asked to open, says: IndexError:\? list index out of range$/),
    },
  ],
])('opened with %s', async (way, error) => {
  await expect(open([way, 'open'])).rejects.toMatchObject(error)
})

test('an evaluation must have each measure that is listed', async () => {
  const { initial, trainer } = await open(['another measure', 'evaluate'])
  await expect(trainer.evaluate(initial, [])).rejects.toMatchObject(
    nonsense('no measure loss, which trainer.measures lists; it gives accuracy'),
  )
})

test('one that says that it cannot goes on', async () => {
  const { initial, trainer } = await open(['refuses'])
  await expect(trainer.train(0, 1, initial)).rejects.toMatchObject({ code: 'training-failed' })
  expect(await trainer.evaluate(initial, [])).toEqual({ loss: 0.25 })
})

test('numbers that are not finite are none: a model that liars ruined is no fault of the trainer', async () => {
  const { initial, trainer } = await open(['numbers that are not finite'])
  const trained = finiteUpdate(external, await trainer.train(0, 1, initial), 6)
  expect(trained).toEqual({ update: new Float32Array(6), loss: Number.POSITIVE_INFINITY, diverged: true })
})

test('what a program logs is told a line at a time, and not for ever', async () => {
  const said: string[] = []
  const hear = (line: string) => void said.push(line)
  programs.on('said', hear)
  const { initial, trainer } = await open(['floods the log'])
  await expect(trainer.train(0, 1, initial)).rejects.toMatchObject({ code: 'process-ended' })
  programs.off('said', hear)
  expect(said.length).toBeGreaterThan(0)
  expect(said.length).toBeLessThanOrEqual(100)
})

test('what cannot be started says so before a run begins', async () => {
  const turn = async () => {}
  const outline = (trainer: object) =>
    external.outline(taskSchema().parse({ kind: 'external', trainer }) as unknown as ExternalSpec, { base, turn })
  await expect(outline({ command: ['no-such-program-here'] })).rejects.toMatchObject({
    code: 'bad-trainer',
    message: expect.stringContaining('there is no program no-such-program-here on the path'),
  })
  await expect(outline({ command: ['./nothing.sh'] })).rejects.toThrow(`there is no program ./nothing.sh in ${base}`)
  await expect(outline({ name: 'mine' })).rejects.toMatchObject({ code: 'data-missing' })
  expect(await outline({ command: [process.execPath, 'x.py'] })).toBeUndefined()
  const folder = external.load(specOf(['honest']), { base: '/nowhere', learning, peers, seed: 1 })
  await expect(folder).rejects.toMatchObject({ code: 'bad-trainer' })
})

/** A training process with a program that keeps the protocol, or does not answer. */
async function withProgram(way: string) {
  const lines = Promise.withResolvers<number>()
  const child = startTrainingProcess('wasm', (line) => lines.resolve(Number(line.split(' ')[1])))
  processes.push(child)
  const spec = { ...specOf([way]), kind: 'external' }
  await child.request({ kind: 'open', taskId: 1, task: spec, learning, peers, seed: 1, base })
  return { child, childOfProgram: lines.promise }
}

test('no program and no child of one outlives its training process', async () => {
  const { child, childOfProgram } = await withProgram('leaves a child')
  const model = new Float32Array(6)
  const train = child.request({ kind: 'train', taskId: 1, peer: 0, round: 1, model })
  await expect(train).rejects.toMatchObject({ code: 'process-ended' })
  const pid = await childOfProgram
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 })
})

test.each(['SIGKILL', 'close'])(
  'a program that hangs goes with its training process, which goes by %s',
  async (how) => {
    const [{ child }] = await Promise.all([withProgram('silent')])
    const [program] = child.programs
    expect(isAlive(program!)).toBe(true)
    const train = child.request({ kind: 'train', taskId: 1, peer: 0, round: 1, model: new Float32Array(6) })
    train.catch(() => {})
    if (how === 'close') await child.close()
    else process.kill(child.pid, 'SIGKILL')
    await expect(train).rejects.toMatchObject({ code: how === 'close' ? 'closed' : 'process-ended' })
    await vi.waitFor(() => expect(isAlive(program!)).toBe(false), { timeout: 20_000 })
  },
)
