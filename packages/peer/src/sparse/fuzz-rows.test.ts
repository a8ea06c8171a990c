import { expect, test } from 'vitest'
import { fuzzRows } from '../testing/fuzz-rows.ts'

test('hostile heads and bodies never make a decoder throw, nor are taken unless they are an update', () => {
  const { head, body } = fuzzRows({ inputs: 10_000, seed: 3 })
  expect(head.taken).toBeGreaterThan(100)
  expect(body.taken).toBeGreaterThan(100)
  expect(head.taken).toBeLessThan(head.inputs)
  expect(body.taken).toBeLessThan(body.inputs / 2)
})
