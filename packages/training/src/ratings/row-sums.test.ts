import { expect, test } from 'vitest'
import { RowSums } from './row-sums.ts'

test('a row that is spoken about is held to zero once, however often, and another one not', () => {
  const sums = new RowSums(3, 2)
  for (let event = 0; event < 100; event++) sums.values[sums.at(1)]! += 1
  sums.hold(Float32Array.of(1, 1, 2, 4, 1, 1), 0.5)
  const total = new Float64Array(6)
  sums.moveTo(total, undefined)
  expect([...total]).toEqual([0, 0, 101, 2, 0, 0])
  sums.hold(Float32Array.of(1, 1, 2, 4, 1, 1), 0.5)
  sums.moveTo(total, undefined)
  expect([...total]).toEqual([0, 0, 101, 2, 0, 0])
})
