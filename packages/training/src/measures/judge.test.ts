import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areaOf } from './area-under-curve.ts'
import { hitRate } from './hit-rate.ts'
import { judge, ofTwoClasses, outputMeasures } from './judge.ts'
import { ndcg } from './ndcg.ts'

const round = (measured: Readonly<Record<string, number | null>>) =>
  Object.fromEntries(Object.entries(measured).map(([name, value]) => [name, value === null ? null : +value.toFixed(4)]))
const judged = (kind: keyof typeof outputMeasures, outputs: number[], targets: number[], width: number) =>
  round(judge(outputMeasures[kind], Float32Array.from(outputs), targets, width))
/** Outputs of a model that is quite sure. */
const saying = (classes: number, ...said: number[]) =>
  said.flatMap((one) => Array.from({ length: classes }, (_, index) => (index === one ? 1 : 0)))

// The examples in the documentation of scikit-learn, of which the values are to be found there.
test('classes as scikit-learn measures them', () => {
  const two = judged('classes', saying(2, 0, 1, 0, 0, 0, 1), [0, 1, 0, 0, 1, 0], 2)
  expect(two).toMatchObject({ balancedAccuracy: 0.625 })
  const three = judged('classes', saying(3, 0, 2, 1, 0, 0, 1), [0, 1, 2, 0, 1, 2], 3)
  expect(three).toMatchObject({ accuracy: 0.3333, f1: 0.2667 })
  const scores = ofTwoClasses(Float32Array.of(0.1, 0.4, 0.35, 0.8))
  expect(judged('classes', [...scores], [0, 0, 1, 1], 2)).toMatchObject({ auc: 0.75 })
})

test('numbers as scikit-learn measures them', () => {
  const measured = judged('numbers', [2.5, 0, 2, 8], [3, -0.5, 2, 7], 1)
  expect(measured).toEqual({ rmse: 0.6124, mae: 0.5, explained: 0.9486 })
  // Two columns: of the first nothing is explained, of the second all.
  expect(judged('numbers', [2, 1, 2, 5], [1, 1, 3, 5], 2)).toEqual({
    rmse: +Math.SQRT1_2.toFixed(4),
    mae: 0.5,
    explained: 0.5,
  })
  // A column that does not vary has nothing to explain.
  expect(judged('numbers', [2, 2], [1, 1], 1)).toEqual({ rmse: 1, mae: 1, explained: null })
})

test('the measures of three classes by hand', () => {
  // Right, right, wrong (a tie is for the first), wrong.
  const outputs = [2, 0, 0, 0, 3, 0, 1, 1, 0, 5, 0, 1]
  const measured = judged('classes', outputs, [0, 1, 1, 2], 3)
  // F1: 2 · 1 / (1 + 3), 2 · 1 / (2 + 1), 0.
  expect(measured).toMatchObject({ accuracy: 0.5, balancedAccuracy: 0.5, f1: +((0.5 + 2 / 3) / 3).toFixed(4) })
  const entropies = [Math.log(1 + 2 * Math.exp(-2)), Math.log(1 + 2 * Math.exp(-3)), Math.log(2 + Math.exp(-1))]
  const loss = (entropies.reduce((sum, each) => sum + each) + Math.log(1 + Math.exp(-5) + Math.exp(-4)) + 4) / 4
  expect(measured.logLoss).toBeCloseTo(loss, 4)
})

test('a class that the test samples lack does not count, and one class alone has no area', () => {
  expect(judged('classes', saying(3, 0, 1, 1), [0, 1, 0], 3)).toMatchObject({ balancedAccuracy: 0.75, auc: 0.75 })
  // The model says a class that is not there: its F1 is 0.
  expect(judged('classes', saying(3, 0, 2), [0, 0], 3)).toMatchObject({ f1: 0.3333, auc: null, balancedAccuracy: 0.5 })
})

test('two classes by one output are as by two', () => {
  const one = Float32Array.of(-2, 0.5, 3, -1)
  expect(judged('classes', [...ofTwoClasses(one)], [0, 1, 1, 1], 2)).toMatchObject({ accuracy: 0.75, auc: 1 })
})

test('flags by hand', () => {
  // Samples by flags; at 0 a model does not say 1.
  const [outputs, flags] = [
    [1, -1, 2, 1, -3, 0],
    [1, 0, 0, 1, 1, 0],
  ]
  const measured = judged('flags', outputs, flags, 2)
  // Of the first flag 2 said, 2 had, 1 right, and none of its pairs in order; of the second 1, 1, 1, and all.
  expect(measured).toMatchObject({ f1: 0.75, exactMatch: 0.3333, auc: 0.5 })
  expect(judged('flags', [-1, -1], [0, 0], 2)).toMatchObject({ f1: null, exactMatch: 1, auc: null })
})

test('outputs that are not finite are worth the worst', () => {
  const infinite = judge(outputMeasures.classes, Float32Array.of(1, Number.NaN), [0], 2)
  expect(Object.values(infinite)).toEqual([...Array(4).fill(Number.NEGATIVE_INFINITY), Number.POSITIVE_INFINITY])
})

test.each(Object.entries(outputMeasures))('of no samples nothing is measured: %s', (_, measures) => {
  for (const value of Object.values(judge(measures, new Float32Array(0), [], 2))) expect(value).toBeNull()
})

test('an area is the share of pairs in the right order, half of those that tie', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(scores, scores, (those, others) => {
      const pairs = those.flatMap((one) => others.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)))
      expect(areaOf(those, others)).toBeCloseTo(pairs.reduce((a: number, b) => a + b, 0) / pairs.length, 12)
    }),
  )
})

test('rankings by hand', () => {
  const ranking = { scores: [3, 2, 1, 0], relevant: [1, 3] }
  const nothing = { scores: [1, 2], relevant: [] }
  expect([1, 2].map((most) => hitRate(most).of([ranking, nothing]))).toEqual([0, 1])
  // Places 2 and 4: 1 / log₂ 3, of 1 + 1 / log₂ 3.
  expect(ndcg(3).of([ranking, nothing])).toBeCloseTo(0.386853, 6)
  expect(ndcg(1).of([{ scores: [0, 1], relevant: [1] }, ranking])).toBe(0.5)
  expect([hitRate(3).of([nothing]), ndcg(3).of([])]).toEqual([null, null])
  // One score for all earns nothing.
  expect(hitRate(1).of([{ scores: [1, 1], relevant: [0] }])).toBe(0)
  expect(hitRate(10).name).toBe('hitRate10')
})
