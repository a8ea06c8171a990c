import { expect, test } from 'vitest'
import { peersIn, sparseBitmapOf } from './sparse-bitmap.ts'

test('peers come back from their bitmap, the last of the roster too', () => {
  for (const peers of [[], [0], [7], [8], [2, 9, 10]]) expect(peersIn(sparseBitmapOf(peers), 11)).toEqual(peers)
})

test('a bitmap with zeros at its end, or of peers that there are not, is none', () => {
  expect(peersIn(Uint8Array.of(1, 0), 11)).toBeUndefined()
  expect(peersIn(sparseBitmapOf([10]), 10)).toBeUndefined()
})

test('what a liar makes long is not looked into', () => {
  const long = new Uint8Array(1_000_000).fill(255)
  let read = 0
  const watched = new Proxy(long, {
    get: (target, key) => {
      read++
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  expect(peersIn(watched, 100)).toBeUndefined()
  expect(read).toBeLessThan(5)
})
