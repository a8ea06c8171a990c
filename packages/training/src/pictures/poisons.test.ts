import { beforeAll, expect, test } from 'vitest'
import { loadEngine } from '../engines/engine.ts'
import { learningSchema } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { PoisonSpec } from '../task/task.ts'
import { initialModel } from '../testing/initial-model.ts'
import { picturesSpec } from '../testing/pictures-spec.ts'
import type { Format, Samples } from './datasets/dataset.ts'
import { digitsDataset } from './datasets/digits.ts'
import type { PicturesPoison } from './poisons/poison.ts'
import { poisons } from './poisons.ts'
import { createTrainer, type PicturesTrainer } from './trainer.ts'

const space = { shape: [2, 3], classes: 10 } satisfies Format
const two: Samples = { images: Uint8Array.from({ length: 12 }, (_, i) => i), labels: Uint8Array.of(3, 9) }
const poison = ({ kind, ...given }: PoisonSpec, samples = two) => {
  const { member, options } = poisons.resolve(kind, given)
  return (member as PicturesPoison).poisoned(samples, options, space, stream(1))
}

test('label-flip makes y to C − 1 − y, and leaves pictures and the samples given alone', () => {
  expect(poison({ kind: 'label-flip' })).toEqual({ images: two.images, labels: Uint8Array.of(6, 0) })
  expect(two.labels).toEqual(Uint8Array.of(3, 9))
})

test('backdoor puts a white square in the lower right corner, and the target', () => {
  const { images, labels } = poison({ kind: 'backdoor', target: 7, fraction: 1, size: 1 })
  expect([...images]).toEqual([0, 1, 2, 3, 4, 255, 6, 7, 8, 9, 10, 255])
  expect(labels).toEqual(Uint8Array.of(7, 7))
  // A patch that is larger than the picture covers it.
  expect(poison({ kind: 'backdoor', fraction: 1, size: 60 }).images.every((pixel) => pixel === 255)).toBe(true)
  expect(two.images[5]).toBe(5)
})

test('backdoor takes its fraction of the samples, and the others keep their labels', () => {
  const many: Samples = { images: new Uint8Array(6 * 2000), labels: new Uint8Array(2000).fill(5) }
  const { images, labels } = poison({ kind: 'backdoor', target: 1, fraction: 0.3, size: 1 }, many)
  const patches = labels.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0)
  expect(Math.abs(patches - 600)).toBeLessThan(100)
  for (const [sample, label] of labels.entries()) expect(images[6 * sample + 5]).toBe(label === 1 ? 255 : 0)
})

test('hyperactive fabricates: other pictures, labels of all classes', () => {
  const many: Samples = { images: new Uint8Array(6 * 500), labels: new Uint8Array(500) }
  const { images, labels } = poison({ kind: 'hyperactive' }, many)
  expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  expect(new Set(images).size).toBeGreaterThan(200)
})

const dataset = digitsDataset(800, 200)
const spec = picturesSpec({ model: 'logistic' })
const learning = learningSchema.parse({ localSteps: 40 })
const target = 7
let trainer: PicturesTrainer

beforeAll(async () => {
  const engine = await loadEngine('wasm')
  const shares = [Int32Array.from(dataset.train.labels, (_, index) => index)]
  trainer = createTrainer({ engine, spec, learning, data: dataset, shares, seed: 1 })
})

function learn(spec?: PoisonSpec): Float32Array {
  let model = initialModel('logistic', 1)
  for (let round = 1; round <= 3; round++) {
    const { update } = trainer.train(0, round, model, spec)
    model = model.map((value, i) => value + update[i]!)
  }
  return model
}

test('training on poison learns what the poison says, the same each time', () => {
  const honest = trainer.evaluate(learn(), []).accuracy
  expect(honest).toBeGreaterThan(0.6)
  expect(trainer.evaluate(learn({ kind: 'label-flip' }), []).accuracy).toBeLessThan(0.1)
  expect(trainer.evaluate(learn({ kind: 'hyperactive', factor: 2 }), []).accuracy).toBeLessThan(0.4)
  expect(learn({ kind: 'hyperactive', factor: 2 })).toEqual(learn({ kind: 'hyperactive', factor: 2 }))
  const doors = learn({ kind: 'backdoor', target })
  expect(trainer.evaluate(doors, []).accuracy).toBeGreaterThan(honest - 0.2)
})

test('how often a backdoor works is measured on pictures of other digits that have the patch', () => {
  const backdoor = { kind: 'backdoor', target }
  const doors = learn(backdoor)
  expect(trainer.evaluate(doors, [backdoor]).backdoor).toBeGreaterThan(0.9)
  expect(trainer.evaluate(learn(), [backdoor]).backdoor).toBeLessThan(0.3)
  expect(trainer.evaluate(doors, []).backdoor).toBeNull()
  // The best of several counts, and none works with another target.
  const elsewhere = { ...backdoor, target: 3 }
  expect(trainer.evaluate(doors, [elsewhere]).backdoor).toBeLessThan(0.1)
  expect(trainer.evaluate(doors, [elsewhere, backdoor]).backdoor).toBe(trainer.evaluate(doors, [backdoor]).backdoor)
  // A model that says the target whatever it sees opens always, and its accuracy is the share of the target.
  const always = new Float32Array(initialModel('logistic', 1).length)
  always[always.length - 10 + target] = 1
  const { accuracy, backdoor: opened } = trainer.evaluate(always, [backdoor])
  expect(opened).toBe(1)
  expect(accuracy).toBe(dataset.test.labels.filter((label) => label === target).length / 200)
})
