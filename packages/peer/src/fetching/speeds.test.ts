import { expect, it } from 'vitest'
import { Speeds } from './speeds.ts'

it('what is usual is by weight, and by other weights as soon as sources have them', () => {
  let weights: Readonly<Record<string, number>> = { a: 1, b: 1, c: 1 }
  const speeds = new Speeds(10_000, (source) => weights[source]!)
  for (const [at, source] of ['a', 'b', 'c'].entries()) speeds.took(source, 100 * (at + 1))
  expect(speeds.usualMs(0)).toBe(200)
  weights = { a: 1, b: 1, c: 5 }
  expect(speeds.usualMs(0)).toBe(200)
  speeds.reweigh()
  expect(speeds.usualMs(0)).toBe(300)
  weights = { a: 2, b: 2, c: 2 }
  speeds.reweigh()
  expect(speeds.usualMs(0)).toBe(200)
})
