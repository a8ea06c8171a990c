import { digestOf } from '@hearsay/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBody, decodeHead, encodeSparse, headBytes, heldRows, mostBytesOf } from './payload.ts'

const shape = { count: 5, width: 2 }
const sparse = (rows: readonly number[], values: readonly number[]) => ({
  rows: Uint32Array.from(rows),
  values: Float32Array.from(values),
})
const some = sparse([0, 3], [1, 2, -0, 4])

const anyUpdate = fc
  .tuple(fc.uniqueArray(fc.nat(shape.count - 1)), fc.infiniteStream(fc.float({ noNaN: true, noDefaultInfinity: true })))
  .map(([rows, numbers]) => {
    const values = [...numbers.take(rows.length * shape.width)]
    return sparse(rows.toSorted(), values)
  })

test('an update comes out as it went in, bit for bit, and no longer than the bound', () => {
  fc.assert(
    fc.property(anyUpdate, (update) => {
      const [head, body] = encodeSparse(update)
      expect([head.digest, body.digest]).toEqual([digestOf(head.bytes), digestOf(body.bytes)])
      const read = decodeHead(head.bytes, shape)
      if (typeof read === 'string') throw new Error(read)
      expect(read).toEqual({ count: update.rows.length, digest: body.digest, sizeBytes: body.bytes.length })
      expect(decodeBody(body.bytes, read, shape)).toEqual(update)
      expect(Math.max(head.bytes.length, body.bytes.length)).toBeLessThanOrEqual(mostBytesOf(shape))
    }),
  )
})

test('whatever else a body holds that is taken, is the one encoding of an update', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), (bytes) => {
      const body = Uint8Array.from(bytes)
      const read = decodeBody(body, { count: 2, digest: digestOf(body), sizeBytes: 24 }, shape)
      if (typeof read !== 'string') expect(encodeSparse(read)[1].bytes).toEqual(body)
    }),
  )
})

describe('is refused:', () => {
  const [head, body] = encodeSparse(some)
  const counting = (count: number, content = body.digest): Uint8Array => {
    const changed = head.bytes.slice()
    new DataView(changed.buffer).setUint32(0, count, true)
    changed.set(Buffer.from(content, 'hex'), 4)
    return changed
  }
  test.each([
    ['short', head.bytes.subarray(1), 'a head of 35 bytes'],
    ['long', new Uint8Array(headBytes + 1), 'a head of 37 bytes'],
    ['of more rows than there are', counting(6), 'it speaks about 6 rows, and there are 5'],
    ['of as many as a number can say', counting(2 ** 32 - 1), 'it speaks about 4294967295 rows'],
    ['of no rows with a body', counting(0), 'it speaks about no row, and has a body'],
  ])('a head %s', (_, bytes, why) => {
    expect(decodeHead(bytes, shape)).toMatch(why)
  })

  const bodyOf = (rows: readonly number[], values: readonly number[]) => encodeSparse(sparse(rows, values))[1].bytes
  test.each([
    ['short', body.bytes.slice(4), 'a body of 20 bytes, and not 24'],
    ['with more behind it', new Uint8Array(28), 'a body of 28 bytes, and not 24'],
    ['out of order', bodyOf([3, 0], [1, 2, 3, 4]), 'row 0 follows row 3'],
    ['with a row twice', bodyOf([3, 3], [1, 2, 3, 4]), 'row 3 follows row 3'],
    ['with a row that is not there', bodyOf([0, 5], [1, 2, 3, 4]), 'it speaks about row 5, and the last is 4'],
    ['with NaN', bodyOf([0, 3], [1, 2, Number.NaN, 4]), 'it holds NaN or infinity'],
    ['with infinity', bodyOf([0, 3], [1, 2, 3, Number.NEGATIVE_INFINITY]), 'it holds NaN or infinity'],
  ])('a body %s', (_, bytes, why) => {
    expect(decodeBody(bytes, { count: 2, digest: body.digest, sizeBytes: 24 }, shape)).toMatch(why)
  })

  test.each([
    ['a vector', Float32Array.of(1), /a vector, for a model of rows of 2/],
    ['too few numbers', sparse([1], [1]), /1 numbers for 1 rows of 2/],
    ['rows out of order', sparse([2, 1], [1, 2, 3, 4]), /nobody takes: row 1 follows row 2/],
  ])('of our own making %s', (_, update, why) => {
    expect(() => heldRows(update, shape)).toThrow(why)
  })
})

test('an update about no row is one, of a head alone', () => {
  const [head, body] = encodeSparse(sparse([], []))
  expect(decodeHead(head.bytes, shape)).toEqual({ count: 0, digest: body.digest, sizeBytes: 0 })
})
