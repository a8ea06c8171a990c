import { expect, test } from 'vitest'
import { completeEvaluation, type Measure, tellMeasure, worstOf } from './measure.ts'

const accuracy: Measure = { name: 'accuracy', summary: 'right', better: 'higher', unit: '%', digits: 1 }
const error: Measure = { name: 'error', summary: 'wrong', better: 'lower', unit: '°C', digits: 2 }

test('the worst is the least of what should be high, and the greatest of what should be low', () => {
  expect([accuracy, error].map((measure) => worstOf(measure, [0.2, 0.9, 0.4]))).toEqual([0.2, 0.9])
})

test.each([
  [accuracy, [0.941, 0.941], '94.1 %'],
  [accuracy, [0.936, 0.944], '93.6–94.4 %'],
  [accuracy, [0.9361, 0.9364], '93.6 %'],
  [error, [1.234, 1.234], '1.23 °C'],
  [error, [-1, 2.5], '-1.00–2.50 °C'],
  [{ ...error, unit: '' }, [0.5, 0.5], '0.50'],
  [error, [0.5, Number.POSITIVE_INFINITY], '0.50–not finite'],
  [error, [Number.NaN, Number.NaN], 'not finite'],
] as const)('%o from %o is told as %s', (measure, [least, greatest], told) => {
  expect(tellMeasure(measure, least, greatest)).toBe(told)
})

test('an evaluation has every measure of its task, and none that is not a number', () => {
  const given = { accuracy: Number.NaN, error: Number.NaN, more: 1 }
  expect(completeEvaluation([accuracy, error], given)).toEqual({
    accuracy: Number.NEGATIVE_INFINITY,
    error: Number.POSITIVE_INFINITY,
  })
  expect(completeEvaluation([error], { error: null })).toEqual({ error: null })
  expect(() => completeEvaluation([accuracy, error], { error: 1 })).toThrow('lacks the measure accuracy')
})
