import { expect, test } from 'vitest'
import { fuzzChunks } from '../testing/fuzz-chunks.ts'

test('hostile heads of chunks never make the decoder throw, and what is taken is their one encoding', () => {
  const { inputs, taken } = fuzzChunks({ inputs: 10_000, seed: 3 }).chunked
  expect(taken).toBeGreaterThan(100)
  expect(taken).toBeLessThan(inputs / 2)
})
