import { expect, test } from 'vitest'
import { descend } from './descent.ts'
import type { LearningSpec } from './learning.ts'

const model = Float32Array.of(1, -2, 0, 3e-5, 1e8, -0, 0.1)
const gradients = Float32Array.of(-0, 0.5, -0, 1e-12, 3, 7, -1 / 3)
const learning = { localSteps: 1, batchSize: 1, learningRate: 0.3, momentum: 0.9, weightDecay: 0 } as LearningSpec
const gradientOf = (loss: number) => (_weights: Float32Array, _step: number, gradient: Float32Array) => {
  gradient.set(gradients)
  return loss
}

/** The first step of two, whose second has no finite loss. */
function firstOfTwo(given: LearningSpec): Float32Array {
  const two = { ...given, localSteps: 2, rate: given.learningRate }
  return descend(model, two, (weights, step, gradient) =>
    gradientOf(step === 0 ? 1 : Number.NaN)(weights, step, gradient),
  ).update
}

test.each([{}, { weightDecay: 0.1 }, { clipNorm: 2 }, { clipNorm: 2, weightDecay: 0.01 }])(
  'one step has the bits of the first of many, %j',
  (more) => {
    const given = { ...learning, ...more }
    const { update, loss, diverged } = descend(model, { ...given, rate: given.learningRate }, gradientOf(1))
    expect([...update].map((each) => Object.is(each, -0))).toEqual(
      [...firstOfTwo(given)].map((each) => Object.is(each, -0)),
    )
    expect(update).toEqual(firstOfTwo(given))
    expect({ loss, diverged }).toEqual({ loss: 1, diverged: false })
  },
)

test('one step without a finite loss, or to what is not finite, moves nothing', () => {
  const nothing = new Float32Array(model.length)
  const given = { ...learning, rate: 0.3 }
  expect(descend(model, given, gradientOf(Number.NaN))).toEqual({
    update: nothing,
    loss: Number.POSITIVE_INFINITY,
    diverged: true,
  })
  expect(descend(model, { ...given, rate: 1e39 }, gradientOf(1))).toEqual({ update: nothing, loss: 1, diverged: true })
})
