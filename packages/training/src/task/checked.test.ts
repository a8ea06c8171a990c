import { expect, test } from 'vitest'
import { checkedModel, finiteUpdate, sharesOf } from './checked.ts'
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
