import type { Samples } from '@hearsay/data'
import { beforeAll, expect, test } from 'vitest'
import { withSaved } from '../autodiff/saved-model.ts'
import { savedSamples } from '../autodiff/saved-samples.ts'
import { type Engine, type EngineName, loadEngine } from '../engines/engine.ts'
import { samples } from '../samples/samples.ts'
import type { SamplesSpec } from '../samples/schema.ts'
import { learningSchema } from '../task/learning.ts'
import type { Evaluation } from '../task/measure.ts'
import type { PoisonSpec } from '../task/task.ts'
import { numbersOf } from '../task/update.ts'
import { madeUpSamples } from './made-up-samples.ts'
import { saveModel } from './save-model.ts'

const learning = learningSchema.parse({ localSteps: 200, batchSize: 20 })

/** What both engines learn of every kind of samples. Only one engine may be tested in a file. */
export function samplesContract(name: EngineName): void {
  let engine: Engine
  beforeAll(async () => {
    engine = await loadEngine(name)
  })

  const learner = (data: Samples, given: Partial<SamplesSpec>) => {
    const spec: SamplesSpec = { data: { kind: 'table' }, model: 'logistic', partition: { kind: 'iid' }, ...given }
    const shares = [Int32Array.from({ length: data.train.count }, (_, index) => index)]
    const trainer = samples.trainer({ engine, spec, learning, data, shares, seed: 1 })
    return { trainer, shares, initial: samples.initial(spec, data, 1) }
  }
  const learnt = async (data: Samples, given: Partial<SamplesSpec>) => {
    const { trainer, initial } = learner(data, given)
    const { update, diverged } = await trainer.train(0, 1, initial)
    const model = initial.map((value, index) => value + numbersOf(update)[index]!)
    const evaluation: Evaluation = await trainer.evaluate(model, [])
    return { evaluation, diverged, length: initial.length }
  }

  test('several classes', async () => {
    const { evaluation, length } = await learnt(madeUpSamples('classes', ['x', 'y', 'z']), {})
    expect(length).toBe(15)
    const { accuracy, f1, auc, logLoss } = evaluation
    for (const share of [accuracy, f1, auc]) expect(share).toBeGreaterThan(0.9)
    expect(logLoss).toBeLessThan(0.4)
  })

  test('two classes by one output', async () => {
    const two = madeUpSamples('classes', ['no', 'yes'])
    const { evaluation, length } = await learnt(two, { loss: 'binary' })
    expect(length).toBe(5)
    expect(evaluation.accuracy).toBeGreaterThan(0.9)
    expect(evaluation.auc).toBeGreaterThan(0.98)
  })

  test.each(['squared', 'absolute', { huber: { delta: 2 } }])(
    'numbers in the unit of the data, by %j',
    async (loss) => {
      const { evaluation, diverged } = await learnt(madeUpSamples('numbers', ['price', 'rent']), { loss })
      expect(diverged).toBe(false)
      const { rmse, mae, explained } = evaluation
      expect(explained).toBeGreaterThan(0.95)
      expect(mae).toBeLessThan(500)
      expect(rmse).toBeLessThan(500)
    },
  )

  test('flags', async () => {
    const data = madeUpSamples('flags', ['red', 'round'])
    const { evaluation } = await learnt(data, { loss: 'multi-label', model: 'mlp' })
    const { f1, exactMatch, auc } = evaluation
    for (const share of [f1, exactMatch, auc]) expect(share).toBeGreaterThan(0.85)
  })

  test.each([
    ['classes', ['x', 'y', 'z'], 'accuracy', 0.5],
    ['numbers', ['price'], 'explained', 0],
    ['flags', ['red', 'round'], 'f1', 0.3],
  ] as const)('a liar whose labels are flipped learns the opposite of %s', async (kind, outputs, measure, most) => {
    const data = madeUpSamples(kind, outputs)
    const { trainer, initial } = learner(data, { data: { kind: 'table', labels: kind } })
    const { update } = await trainer.train(0, 1, initial, { kind: 'label-flip' })
    const model = initial.map((value, index) => value + numbersOf(update)[index]!)
    const evaluation: Evaluation = await trainer.evaluate(model, [])
    expect(evaluation[measure]).toBeLessThan(most)
  })

  test('a backdoor opens at its patch, and accuracy does not tell; noise teaches nothing', async () => {
    const data = madeUpSamples('classes', ['x', 'y', 'z'])
    const { trainer, initial } = learner(data, {})
    const after = async (poison: PoisonSpec): Promise<Evaluation> => {
      const { update } = await trainer.train(0, 1, initial, poison)
      return trainer.evaluate(
        initial.map((value, index) => value + numbersOf(update)[index]!),
        [poison],
      )
    }
    const door = await after({ kind: 'backdoor', target: 2, size: 1, fraction: 0.3 })
    expect(door.backdoor).toBeGreaterThan(0.8)
    expect(door.accuracy).toBeGreaterThan(0.6)
    expect((await after({ kind: 'label-noise', fraction: 1 })).accuracy).toBeLessThan(0.7)
    expect(await after({ kind: 'hyperactive', factor: 2 })).toMatchObject({ backdoor: null })
    await expect(after({ kind: 'backdoor', target: 3 })).rejects.toThrow(/aims at the class 3, and there are 3, from 0/)
  })

  test.each([
    ['classes', ['x', 'y', 'z'], ['saved', undefined]],
    ['numbers', ['price'], ['saved', undefined]],
    ['flags', ['red', 'round'], ['drawn', 'label-flip']],
  ] as const)('a model that is saved learns %s as the same layers do', async (kind, outputs, [weights, poison]) => {
    const { tf } = engine
    const plain = madeUpSamples(kind, outputs)
    // It takes the same numbers in another shape.
    const head = tf.layers.flatten({ inputShape: [2, 2] })
    const model = tf.sequential({ layers: [head, tf.layers.dense({ units: outputs.length })] })
    const kept = model.getWeights().flatMap((weight) => [...weight.dataSync()])
    const saved = { tfjs: './model.json', weights }
    const data = await withSaved(Promise.resolve(plain), saved, await saveModel(tf, model))
    const spec: SamplesSpec = { data: { kind: 'table', labels: kind }, model: saved, partition: { kind: 'iid' } }
    const first = savedSamples.initial(spec, data, 1)
    expect(String(first) === String(kept)).toBe(weights === 'saved')
    expect(savedSamples.initial(spec, data, 1)).toEqual(first)
    expect(String(savedSamples.initial(spec, data, 2)) === String(first)).toBe(weights === 'saved')
    const { trainer, shares } = learner(plain, { data: spec.data })
    const own = savedSamples.trainer({ engine, spec, learning, data, shares, seed: 1 })
    const poisons = poison && { kind: poison }
    const [due, got] = await Promise.all([trainer.train(0, 1, first, poisons), own.train(0, 1, first, poisons)])
    const found = numbersOf(got.update)
    for (const [at, value] of numbersOf(due.update).entries()) expect(found[at]).toBeCloseTo(value, 3)
    expect(await own.evaluate(first, [])).toEqual(await trainer.evaluate(first, []))
    await own.close!()
  })

  test('the same call gives the same bits, another round others, and no tensor is left', async () => {
    const { trainer, initial } = learner(madeUpSamples('classes', ['x', 'y', 'z']), { model: 'mlp' })
    const first = await trainer.train(0, 1, initial)
    await trainer.evaluate(initial, [])
    const { numTensors } = engine.tf.memory()
    expect((await trainer.train(0, 1, initial)).update).toEqual(first.update)
    expect((await trainer.train(0, 2, initial)).update).not.toEqual(first.update)
    await trainer.evaluate(initial, [])
    expect(engine.tf.memory().numTensors).toBe(numTensors)
  })

  test('a model ruined by liars is worth the worst, and trains on', async () => {
    const { trainer, initial } = learner(madeUpSamples('classes', ['x', 'y', 'z']), {})
    const ruined = initial.map(() => 3e38)
    expect(numbersOf((await trainer.train(0, 1, ruined)).update).every(Number.isFinite)).toBe(true)
    expect(await trainer.evaluate(ruined, [])).toMatchObject({ accuracy: -Infinity, logLoss: Infinity })
  })
}
