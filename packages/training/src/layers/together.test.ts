import { beforeAll, describe, expect, test } from 'vitest'
import { type Engine, loadEngine } from '../engines/engine.ts'
import { digitsDataset } from '../pictures/datasets/digits.ts'
import type { ModelChoice } from '../pictures/models.ts'
import { createTrainer } from '../pictures/trainer.ts'
import { samples } from '../samples/samples.ts'
import type { SamplesSpec } from '../samples/schema.ts'
import { type LearningInput, learningSchema } from '../task/learning.ts'
import type { Trained, Trainer } from '../task/task.ts'
import { nativeIsBuilt } from '../testing/engine-contract.ts'
import { initialModel } from '../testing/initial-model.ts'
import { madeUpSamples } from '../testing/made-up-samples.ts'
import { picturesSpec } from '../testing/pictures-spec.ts'

const peers = 7
const data = digitsDataset(peers * 40, 1)
const shares = Array.from({ length: peers }, (_, peer) => Int32Array.from({ length: 40 }, (_, at) => at * peers + peer))
const tanh: ModelChoice = {
  name: 'tanh',
  inputShape: [28, 28, 1],
  layers: [
    { kind: 'flatten' },
    { kind: 'dense', units: 9, activation: 'tanh' },
    { kind: 'dense', units: 8, activation: 'relu' },
    { kind: 'dense', units: 10, activation: 'none' },
  ],
}

describe.skipIf(!nativeIsBuilt())('trainings together', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await loadEngine('native')
  })
  const trainerOf = (model: ModelChoice, name: 'native' | 'batched', more: LearningInput = {}) =>
    createTrainer({
      engine: { ...engine, name },
      spec: picturesSpec({ model }),
      learning: learningSchema.parse({ localSteps: 5, batchSize: 20, ...more }),
      data,
      shares,
      seed: 3,
    })
  const callsOf = (model: ModelChoice) =>
    shares.map((_, peer) => ({ peer, round: 1 + (peer % 3), model: initialModel(model, 1 + (peer % 2)) }))

  test.each<[string, ModelChoice, LearningInput]>([
    ['mlp', 'mlp', {}],
    ['logistic, without momentum', 'logistic', { momentum: 0 }],
    ['layers of one’s own, at another rate each round', tanh, { schedule: { kind: 'step', every: 1, factor: 0.5 } }],
  ])('%s: near what each gives by itself, and the same bits in whatever company', (_, model, more) => {
    const [one, batched] = [trainerOf(model, 'native', more), trainerOf(model, 'batched', more)]
    const calls = callsOf(model)
    const all = batched.trainTogether!(calls)
    for (const [at, call] of calls.entries()) {
      const alone = one.train(call.peer, call.round, call.model)
      const { update, loss, diverged } = all[at]!
      expect(diverged).toBe(false)
      expect(loss).toBeCloseTo(alone.loss, 4)
      const square = (each: (k: number) => number) => update.reduce((sum, _, k) => sum + each(k) ** 2, 0)
      expect(square((k) => update[k]! - alone.update[k]!)).toBeLessThan(0.02 ** 2 * square((k) => alone.update[k]!))
      expect(batched.train(call.peer, call.round, call.model)).toEqual(all[at])
    }
    expect(batched.trainTogether!([...calls].reverse())).toEqual([...all].reverse())
    expect(batched.trainTogether!(calls.slice(2, 5))).toEqual(all.slice(2, 5))
    batched.close?.()
  })

  test.each<[string, Parameters<typeof madeUpSamples>, Partial<SamplesSpec>]>([
    ['classes', ['classes', ['x', 'y', 'z']], { model: 'mlp' }],
    ['numbers', ['numbers', ['x', 'y']], { model: 'mlp' }],
  ])('samples of one’s own, %s: near what each gives by itself, and the same bits alone', (_, made, given) => {
    const own = madeUpSamples(...made)
    const spec: SamplesSpec = { data: { kind: 'table' }, model: 'logistic', partition: { kind: 'iid' }, ...given }
    const parts = [0, 1, 2].map((peer) => Int32Array.from({ length: 30 }, (_, at) => at * 3 + peer))
    const learning = learningSchema.parse({ localSteps: 5, batchSize: 20 })
    const [one, batched] = (['native', 'batched'] as const).map((name) =>
      samples.trainer({ engine: { ...engine, name }, spec, learning, data: own, shares: parts, seed: 1 }),
    ) as [Trainer, Trainer]
    const model = samples.initial(spec, own, 1)
    const all = batched.trainTogether!(parts.map((_, peer) => ({ peer, round: 2, model })))
    for (const [peer, trained] of all.entries()) {
      expect(batched.train(peer, 2, model)).toEqual(trained)
      const { update, loss } = one.train(peer, 2, model) as Trained
      expect(trained.loss).toBeCloseTo(loss, 4)
      for (const [k, value] of update.entries()) expect(trained.update[k]).toBeCloseTo(value, 4)
    }
    void batched.close?.()
  })

  test('a peer whose loss is not finite stops, and nobody else', () => {
    const batched = trainerOf('mlp', 'batched')
    const calls = callsOf('mlp')
    const all = batched.trainTogether!(calls)
    const ruined = calls.with(2, { ...calls[2]!, model: calls[2]!.model.map(() => Number.NaN) })
    const others = batched.trainTogether!(ruined)
    expect(others.toSpliced(2, 1)).toEqual(all.toSpliced(2, 1))
    expect(others[2]).toMatchObject({ diverged: true, loss: Number.POSITIVE_INFINITY })
    expect(others[2]!.update.every((value) => value === 0)).toBe(true)
    batched.close?.()
  })

  test.each<[string, ModelChoice, LearningInput]>([
    ['convolutions', 'cnn', {}],
    ['clipping', 'mlp', { clipNorm: 1 }],
    ['decay of weights', 'mlp', { weightDecay: 0.1 }],
  ])('%s: one by one, as by the native engine', (_, model, more) => {
    const batched = trainerOf(model, 'batched', more)
    expect(batched.trainTogether).toBeUndefined()
    const [call] = callsOf(model)
    const { peer, round, model: given } = call!
    expect(batched.train(peer, round, given)).toEqual(trainerOf(model, 'native', more).train(peer, round, given))
  })
})
