import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineName } from './engines/engine.ts'
import { startTrainingPool, type TrainingPool, type TrainingTask } from './pool.ts'
import { numbersOf } from './task/update.ts'
import { nativeIsBuilt } from './testing/engine-contract.ts'
import { initialModel } from './testing/initial-model.ts'

const task = { model: 'logistic', trainSamples: 600, testSamples: 200 } as const
const learning = { localSteps: 4, batchSize: 20 }

/** One round of averaging: what a network of honest peers does. */
async function averagingRound(open: TrainingTask, peers: number, round: number, model: Float32Array) {
  const results = await Promise.all(Array.from({ length: peers }, (_, peer) => open.train(peer, round, model)))
  return model.map((value, index) => {
    let sum = 0
    for (const { update } of results) sum += numbersOf(update)[index]!
    return value + sum / peers
  })
}

function contract(name: EngineName): void {
  let one: TrainingPool
  let two: TrainingPool
  beforeAll(async () => {
    ;[one, two] = (await Promise.all([1, 2].map((processes) => startTrainingPool({ engine: name, processes })))) as [
      TrainingPool,
      TrainingPool,
    ]
  })
  afterAll(() => Promise.all([one.close(), two.close()]))

  test('names the engine and its version', () => {
    expect(two.engine).toEqual({ name, requested: name, version: expect.stringMatching(/^tfjs-\S+ \d+\.\d+/) })
  })

  test('training whose numbers are not finite says so, and only that', async () => {
    const wild = { ...learning, localSteps: 20, learningRate: 1000, weightDecay: 10 }
    const [tame, diverging] = await Promise.all(
      [learning, wild].map((each) => one.open({ task, learning: each, peers: 5, seed: 1 })),
    )
    expect(await tame!.train(0, 1, tame!.initial)).toMatchObject({ diverged: false, loss: expect.any(Number) })
    const { update, diverged } = await diverging!.train(0, 1, diverging!.initial)
    expect([diverged, numbersOf(update).every((value) => value === 0)]).toEqual([true, true])
    const useless = tame!.initial.map(() => Number.NaN)
    expect(await tame!.train(0, 1, useless)).toMatchObject({ diverged: true, loss: Number.POSITIVE_INFINITY })
    await Promise.all([tame!.close(), diverging!.close()])
  })

  test.each(['logistic', 'mlp', 'cnn'] as const)(
    '%s: the same bits whatever the number of processes and the order of calls',
    async (model) => {
      const options = { task: { ...task, model }, learning, peers: 5, seed: 'bits' }
      const [a, b] = await Promise.all([one.open(options), two.open(options)])
      expect(a.initial).toEqual(initialModel(model, 'bits'))
      const calls = [0, 1, 2, 3, 4].flatMap((peer) => [1, 2].map((round) => [peer, round] as const))
      const forwards = await Promise.all(calls.map(([peer, round]) => a.train(peer, round, a.initial)))
      const backwards = await Promise.all(calls.toReversed().map(([peer, round]) => b.train(peer, round, b.initial)))
      for (const [index, { update, loss, timeMs }] of forwards.entries()) {
        const other = backwards[calls.length - 1 - index]!
        expect(update).toEqual(other.update)
        expect(loss).toBe(other.loss)
        expect(timeMs).toBeGreaterThan(0)
      }
      expect(await a.evaluate(a.initial)).toEqual(await b.evaluate(b.initial))
      expect(forwards[0]!.update).not.toEqual(forwards[1]!.update)
      expect(forwards[0]!.update).not.toEqual(forwards[2]!.update)
      await Promise.all([a.close(), b.close()])
    },
  )

  test('data of one peer are poisoned by the call, and those of others are not', async () => {
    const open = await two.open({ task, learning, peers: 2, seed: 1 })
    const clean = await open.train(0, 1, open.initial)
    const flipped = await open.train(0, 1, open.initial, { kind: 'label-flip' })
    expect(flipped.update).not.toEqual(clean.update)
    expect((await open.train(0, 1, open.initial)).update).toEqual(clean.update)
    await open.close()
  })

  test('another seed is another run', async () => {
    const [a, b] = await Promise.all([1, 2].map((seed) => two.open({ task, learning, peers: 2, seed })))
    expect(a!.initial).not.toEqual(b!.initial)
    expect((await a!.train(0, 1, a!.initial)).update).not.toEqual((await b!.train(0, 1, a!.initial)).update)
    await Promise.all([a!.close(), b!.close()])
  })

  test('ten peers that average learn the digits', async () => {
    const open = await two.open({
      task: { ...task, model: 'mlp', trainSamples: 2_000 },
      learning: {},
      peers: 10,
      seed: 1,
    })
    let model = open.initial
    for (let round = 1; round <= 4; round++) model = await averagingRound(open, 10, round, model)
    const { accuracy, loss } = await open.evaluate(model)
    expect(accuracy).toBeGreaterThan(0.6)
    expect(loss).toBeLessThan(1.5)
    await open.close()
  })
}

describe('wasm pool', () => contract('wasm'))
describe.skipIf(!nativeIsBuilt())('native pool', () => contract('native'))

describe.skipIf(!nativeIsBuilt())('batched pool', () => {
  test('calls that are made at once give what each gives alone, in one process and in two', async () => {
    const options = { task: { ...task, model: 'mlp' }, learning, peers: 5, seed: 'bits' }
    const pools = await Promise.all([1, 2].map((processes) => startTrainingPool({ engine: 'batched', processes })))
    expect(pools[0]!.engine).toMatchObject({ name: 'batched', version: expect.stringMatching(/^tfjs-node/) })
    const [one, two] = (await Promise.all(pools.map((pool) => pool.open(options)))) as [TrainingTask, TrainingTask]
    const calls = [0, 1, 2, 3, 4].map((peer) => [peer, 1 + (peer % 2), one.initial] as const)
    const together = await Promise.all(calls.map((call) => one.train(...call)))
    const others = await Promise.all(calls.toReversed().map((call) => two.train(...call)))
    expect(others.toReversed().map(({ update }) => update)).toEqual(together.map(({ update }) => update))
    expect((await two.train(...calls[3]!)).update).toEqual(together[3]!.update)
    const wrong = one.train(0, 1, new Float32Array(3))
    await expect(wrong).rejects.toMatchObject({ code: 'bad-argument' })
    const pending = Promise.allSettled(calls.map((call) => one.train(...call)))
    await Promise.all(pools.map((pool) => pool.close()))
    expect((await pending).map(({ status }) => status)).toEqual(calls.map(() => 'rejected'))
  })
})

const mnist = process.env.HEARSAY_MNIST ?? fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url))
describe('one process', () => {
  let pool: TrainingPool
  beforeAll(async () => {
    pool = await startTrainingPool({ engine: 'wasm', processes: 1 })
  })
  afterAll(() => pool.close())

  test.skipIf(!existsSync(mnist))('learns MNIST from its files', async () => {
    const options = { dataset: 'mnist', data: mnist, trainSamples: 2_000, testSamples: 1_000 } as const
    const open = await pool.open({ task: options, learning: {}, peers: 4, seed: 1 })
    let model = open.initial
    for (let round = 1; round <= 4; round++) model = await averagingRound(open, 4, round, model)
    expect((await open.evaluate(model)).accuracy).toBeGreaterThan(0.8)
    await open.close()
  })

  test.each([
    [{ task: { model: 'transformer' }, learning }, 'bad-task', /^task: .*model/s],
    [{ task, learning: { localSteps: 0 } }, 'bad-task', /^learning: .*localSteps/s],
    [{ task, learning, peers: 0 }, 'bad-argument', /peers is 0/],
    [{ task, learning, peers: 100 }, 'partition-too-small', /100 peers with batches of 20/],
    [{ task: { dataset: 'mnist' }, learning }, 'data-missing', /--data/],
    [{ task: { dataset: 'mnist', data: '/nowhere' }, learning }, 'data-missing', /\/nowhere/],
    [
      { task: { model: { name: 'own', inputShape: [784], layers: [{ kind: 'dense', units: 9 }] } }, learning },
      'bad-model',
      /gives \[9\], the data set has 10 classes/,
    ],
    [
      { task: { model: { name: 'own', inputShape: [100], layers: [{ kind: 'dense', units: 10 }] } }, learning },
      'bad-model',
      /\[100\] does not hold 784 pixels/,
    ],
  ])('refuses what cannot be learnt: %j', async (options, code, message) => {
    const opened = pool.open({ peers: 3, seed: 1, ...options } as never)
    await expect(opened).rejects.toMatchObject({ code })
    await expect(opened).rejects.toThrow(message)
  })

  test('refuses arguments out of range, and use after close', async () => {
    const open = await pool.open({ task, learning, peers: 3, seed: 1 })
    const code = { code: 'bad-argument' }
    await expect(open.train(3, 1, open.initial)).rejects.toMatchObject(code)
    await expect(open.train(0, 0, open.initial)).rejects.toMatchObject(code)
    const poisoned = open.train(0, 1, open.initial, { kind: 'backdoor', target: 10 })
    await expect(poisoned).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/^Poison "backdoor": target /),
    })
    await expect(open.train(0, 1, new Float32Array(5))).rejects.toThrow(/5 parameters, this task's have 7850/)
    await expect(open.evaluate(new Float32Array(5))).rejects.toMatchObject(code)
    await open.close()
    await open.close()
    await expect(open.evaluate(open.initial)).rejects.toMatchObject({ code: 'closed' })
    await expect(startTrainingPool({ processes: 0 })).rejects.toMatchObject(code)
    await expect(startTrainingPool({ engine: 'gpu' as never })).rejects.toMatchObject(code)
  })
})

// A library of TensorFlow that is found but cannot be loaded, as after an interrupted download.
describe.skipIf(process.platform !== 'linux')('without a native library', () => {
  const before = process.env.LD_LIBRARY_PATH
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearsay-engine-'))
    await mkdir(folder, { recursive: true })
    for (const name of ['libtensorflow.so.2', 'libtensorflow_cc.so.2']) await writeFile(join(folder, name), '')
    process.env.LD_LIBRARY_PATH = folder
  })
  afterAll(async () => {
    if (before === undefined) delete process.env.LD_LIBRARY_PATH
    else process.env.LD_LIBRARY_PATH = before
    await rm(folder, { recursive: true })
  })

  test('auto goes on with wasm and says what that costs', async () => {
    const pool = await startTrainingPool({ processes: 1 })
    expect(pool.engine).toMatchObject({ name: 'wasm', requested: 'auto' })
    expect(pool.engine.notice).toMatch(/wasm engine, which is slower, because .*node scripts\/set-up\.mjs/)
    await pool.close()
  })

  test('an engine asked for by name is never replaced', async () => {
    const started = startTrainingPool({ engine: 'native', processes: 1 })
    await expect(started).rejects.toMatchObject({ code: 'engine-unavailable' })
    await expect(started).rejects.toThrow(/node scripts\/set-up\.mjs.*python3 and a C\+\+ compiler/)
  })
})
