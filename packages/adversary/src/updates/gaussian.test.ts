import { seededStream } from '@hearsay/catalogue/random'
import { expect, test } from 'vitest'
import { createAttack } from './attacks.ts'
import { contextOf } from './testing/context.ts'

test('gaussian is normal noise of mean 0 and the given deviation, whatever the update was', () => {
  const length = 100_001
  const values = createAttack('gaussian', { deviation: 3 })(
    contextOf([new Float32Array(length).fill(7)], 1, { random: seededStream(1) }),
  )
  const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / length
  // Ten standard errors: 10 · 3/√n, 10 · 9·√2/√n, 10 · √96·81/√n.
  expect(Math.abs(moment(1))).toBeLessThan(0.1)
  expect(Math.abs(moment(2) - 9)).toBeLessThan(0.41)
  expect(Math.abs(moment(3))).toBeLessThan(3.4)
  expect(Math.abs(moment(4) - 243)).toBeLessThan(25.1)
  // Neighbours come from one pair of uniform numbers, and must not depend on each other.
  let product = 0
  for (let i = 1; i < length; i++) product += values[i]! * values[i - 1]!
  expect(Math.abs(product / length)).toBeLessThan(0.3)
  expect(values.every(Number.isFinite)).toBe(true)
})
