import { digestOfVector } from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { Copies } from './content.ts'

test('what is the same as the last, bit by bit, is copied once', () => {
  const copies = new Copies()
  const vector = Float32Array.of(1, -0, 3)
  const first = copies.of(vector)
  expect(first.digest).toBe(digestOfVector(vector))
  expect(first.content.update).not.toBe(vector)
  expect(copies.of(vector.slice())).toBe(first)
  vector[1] = 0
  const second = copies.of(vector)
  expect(second.digest).toBe(digestOfVector(vector))
  expect([...(first.content.update as Float32Array)]).toEqual([1, -0, 3])
  vector[2] = Number.NaN
  expect(copies.of(vector).content.fault).toBeDefined()
})
