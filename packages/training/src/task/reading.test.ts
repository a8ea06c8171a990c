import { expect, test } from 'vitest'
import { likelyOf, type Reading } from './reading.ts'

const reading = (given: Partial<Reading>): Reading => ({
  data: { kind: 'table' },
  shape: [1],
  targets: 'classes',
  outputs: ['a', 'b'],
  logits: true,
  ...given,
})

test('logits of classes and of flags become probabilities, numbers stay', () => {
  const logits = Float32Array.of(0, Math.log(3), 1000, 0)
  expect([...likelyOf(logits, reading({}))]).toEqual([0.25, 0.75, 1, 0])
  expect([...likelyOf(logits, reading({ targets: 'flags' }))]).toEqual([0.5, 0.75, 1, 0.5])
  expect(likelyOf(logits, reading({ targets: 'numbers', logits: false }))).toBe(logits)
  expect(logits[2]).toBe(1000)
})
