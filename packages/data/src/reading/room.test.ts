import { expect, test } from 'vitest'
import { checkRoom, roomFor } from './room.ts'

test('room is for what fits into memory', () => {
  expect(roomFor(3, 2, 'a.csv')).toEqual(new Float32Array(6))
  expect(() => roomFor(2 ** 31, 2 ** 20, 'a.csv')).toThrow(/a\.csv: 2147483648 rows of 1048576 numbers do not fit/)
  checkRoom(10, 10, 'a.csv', 400)
  expect(() => checkRoom(10, 10, 'a.csv', 399)).toThrow(
    /a\.csv: 10 rows of 10 numbers do not fit into memory; take fewer/,
  )
})
