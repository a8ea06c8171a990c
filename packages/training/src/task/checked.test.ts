import { describe, expect, test } from 'vitest'
import { checkedModel, checkedRows, finiteUpdate, sharesOf } from './checked.ts'
import type { NamedTensor, Task } from './task.ts'

const task = (fields: Partial<Task>): Task => ({ name: 'mine', ...fields }) as Task
const options = { spec: {}, peers: 2, seed: 1, least: 3 }
const shares = (...lengths: number[]) =>
  sharesOf(task({ divide: () => lengths.map((length) => new Int32Array(length)) }), undefined, options)

test('every peer has a share of one batch at least', () => {
  expect(shares(3, 9)).toHaveLength(2)
  expect(() => shares(3)).toThrow('task mine: 1 shares for 2 peers')
  const few = 'task mine: a peer has 2 samples, less than one batch of 3'
  expect(() => shares(9, 2)).toThrow(expect.objectContaining({ code: 'partition-too-small' }))
  expect(() => shares(9, 2)).toThrow(few)
})

const a: NamedTensor = { name: 'a', shape: [2, 3], offset: 0 }
const b: NamedTensor = { name: 'b', shape: [2], offset: 6 }

test.each([
  [[a, b], [...Array(8).keys()], undefined],
  [[a, { ...b, offset: 5 }], Array(7).fill(0), 'the tensor b begins at 5, the one before it ends at 6'],
  [[a, { ...b, name: 'a' }], Array(8).fill(0), 'two tensors have one name'],
  [[a, b], [1], 'its tensors have 8 numbers, its first model 1'],
  [[], [], 'its tensors have 0 numbers'],
  [[b], [1, 2], 'the tensor b begins at 6'],
  [[{ ...b, offset: 0 }], [1, Number.NaN], 'its first model is not finite'],
] as const)('tensors %j are all of the first model, or an error', (tensors, numbers, message) => {
  const initial = Float32Array.from(numbers)
  if (message === undefined) expect(checkedModel(task({}), tensors, initial)).toBe(initial)
  else expect(() => checkedModel(task({}), tensors, initial)).toThrow(`task mine: ${message}`)
})

test('an update is finite or none, and of the length of the model', () => {
  const trained = (...numbers: number[]) => ({ update: Float32Array.from(numbers), loss: 1, diverged: false })
  expect(finiteUpdate(task({}), trained(1, 2), 2)).toEqual(trained(1, 2))
  expect(finiteUpdate(task({}), trained(1, Number.NaN), 2)).toEqual({ ...trained(0, 0), diverged: true })
  expect(() => finiteUpdate(task({}), trained(1), 2)).toThrow('its update is no vector of 2 numbers')
})

test('rows that a task declares divide its model', () => {
  expect(checkedRows(task({}), { width: 3 }, 12)).toEqual({ count: 4, width: 3 })
  expect(checkedRows(task({}), undefined, 12)).toBeUndefined()
  for (const width of [0, 5, 1.5, Number.NaN])
    expect(() => checkedRows(task({}), { width }, 12)).toThrow(`task mine: 12 parameters are no rows of ${width}`)
})

describe('an update of four rows of two', () => {
  const shape = { count: 4, width: 2 }
  const finite = (update: object) =>
    finiteUpdate(task({}), { update: update as Float32Array, loss: 1, diverged: false }, 8, shape)
  const rows = (...numbers: number[]) => Uint32Array.from(numbers)
  const values = (...numbers: number[]) => Float32Array.from(numbers)

  test('speaks about the rows that it names, zeros too, and as a vector about those that are not zero', () => {
    const named = { rows: rows(0, 3), values: values(0, 0, 5, 6) }
    expect(finite(named)).toEqual({ update: named, loss: 1, diverged: false })
    const whole = values(0, 0, 1, 0, 0, 0, 0, 2)
    expect(finite(whole).update).toEqual({ rows: rows(1, 3), values: values(1, 0, 0, 2) })
  })

  test('about none where its numbers are not finite', () => {
    const none = { update: { rows: rows(), values: values() }, loss: 1, diverged: true }
    expect(finite({ rows: rows(1), values: values(1, Number.NaN) })).toEqual(none)
  })

  test.each([
    ['beyond the last', rows(1, 4), values(1, 1, 1, 1), 'it speaks about row 4, and the last is 3'],
    ['out of order', rows(2, 1), values(1, 1, 1, 1), 'row 1 follows row 2'],
    ['twice', rows(2, 2), values(1, 1, 1, 1), 'row 2 follows row 2'],
    ['without numbers', rows(2), values(1), 'it has 1 numbers, and 1 rows of 2 have 2'],
    ['of another type', [2], values(1, 1), 'it has no rows and values'],
  ])('is an error %s', (_, rows, values, message) => {
    expect(() => finite({ rows, values })).toThrow(message)
  })

  test('is an error where no rows are declared', () => {
    expect(() =>
      finiteUpdate(task({}), { update: { rows: rows(), values: values() }, loss: 1, diverged: false }, 8),
    ).toThrow('its update is no vector of 8 numbers')
  })
})
