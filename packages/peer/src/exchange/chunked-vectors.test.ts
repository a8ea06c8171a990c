import { digestOf, digestOfVector } from '@hearsay/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Part, Room } from '../ports.ts'
import {
  chunkName,
  decodeChunkedHead,
  encodeChunks,
  encodeHead,
  encodePresent,
  faultOfChunks,
} from './chunked-payload.ts'
import { ChunkedVectors } from './chunked-vectors.ts'

const chunks = { length: 5, size: 2 }
const initial = new Float32Array(5)
const vectors = () =>
  new ChunkedVectors({ rule: { rule: 'median', tolerated: 0 }, holes: { fill: 'skip', size: 2 }, initial })
const update = Float32Array.of(1, 2, 3, 4, 5)

/** What one offered to another, of which these chunks arrive. */
function offered(one: ChunkedVectors, other: ChunkedVectors, arrive: readonly number[]): string {
  const list = one.hold(1, update)
  const room = other.reserve(1, 'offer', list)
  room.into!.set(one.payload(list)!)
  room.commit()
  for (const wanted of other.chunked.wanted(list))
    if (arrive.includes(wanted.chunk)) expect(other.chunked.take(1, list, wanted, one.payload(wanted.name)!)).toBe(true)
  return list
}

/** Pulls what it lacks of an announced update, the last that it asked for first; gives the digests of what it asked for, and how many were under way. */
function pulled(one: ChunkedVectors, other: ChunkedVectors, head: string): { asked: string[]; most: number } {
  const open: Room[] = [other.reserve(1, 'update', head)]
  const asked: string[] = []
  let [most, whole] = [0, 0]
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    if (!room.there) {
      asked.push(room.digest)
      expect(room.chunk === undefined).toBe(room.digest === head)
      room.into!.set(one.payload(room.digest)!)
    }
    const next = room.commit()
    if (typeof next === 'object') open.push(...next)
    else whole += next ? 1 : 0
    most = Math.max(most, open.length)
  }
  expect(whole).toBe(1)
  return { asked, most }
}

test('a receiver says what arrived, pulls of what counts what it lacks, and holds the same update with the same holes', () => {
  const [one, other] = [vectors(), vectors()]
  const list = offered(one, other, [2, 0])
  expect(other.chunked.held(list)).toBe(encodePresent(Uint8Array.of(1, 0, 1)))
  const head = one.chunked.announce(1, list, encodePresent(Uint8Array.of(1, 1, 0)))
  const second = encodeChunks(update, chunks).chunks[1]!
  expect(pulled(one, other, head).asked).toEqual([head, second.digest])
  expect([...other.update(head)!]).toEqual([1, 2, 3, 4, 0])
  expect(other.fault(head)).toBeUndefined()
  expect(other.parts(head)).toEqual(one.parts(head))
  const aggregate = { id: 1, kind: 'aggregate', round: 1, model: digestOfVector(initial) } as const
  const members = [{ peer: 0, digest: head }]
  const model = other.aggregate({ ...aggregate, members })
  expect(model).toBe(one.aggregate({ ...aggregate, members }))
  expect([...other.vector(model)!]).toEqual([1, 2, 3, 4, 0])
})

test('nothing that is not the chunk is taken for it', () => {
  const [one, other] = [vectors(), vectors()]
  const list = offered(one, other, [])
  const [first] = other.chunked.wanted(list)
  expect(other.chunked.take(1, list, first!, Uint8Array.of(1, 2, 3))).toBe(false)
  expect(other.chunked.take(1, list, first!, new Uint8Array(8))).toBe(false)
  expect(other.chunked.held(list)).toBe(encodePresent(Uint8Array.of(0, 0, 0)))
})

test("who offers another's head as a chunk of its own keeps nobody from that update", () => {
  const length = 16
  const options = { rule: { rule: 'median', tolerated: 0 }, holes: { fill: 'skip', size: length } } as const
  const [one, liar, other] = Array.from(
    { length: 3 },
    () => new ChunkedVectors({ ...options, initial: new Float32Array(length) }),
  ) as [ChunkedVectors, ChunkedVectors, ChunkedVectors]
  const head = one.chunked.announce(1, one.hold(1, new Float32Array(length).fill(1)), encodePresent(Uint8Array.of(1)))
  const bytes = one.payload(head)!
  const list = liar.hold(1, new Float32Array(bytes.slice().buffer))
  const room = other.reserve(1, 'offer', list)
  room.into!.set(liar.payload(list)!)
  room.commit()
  expect(other.chunked.take(1, list, other.chunked.wanted(list)[0]!, bytes)).toBe(true)
  expect(other.payload(head)).toEqual(bytes)
  expect(other.renew(head, 1)).toBe(false)
  pulled(one, other, head)
  expect(other.fault(head)).toBeUndefined()
  expect(other.renew(head, 1)).toBe(true)
})

test('chunks that come before their list are held once it is there, those of them that are right, and no more than one of each', () => {
  const [one, other] = [vectors(), vectors()]
  const list = one.hold(1, update)
  const [first, second, third] = other.chunked.wanted(list)
  expect(other.chunked.take(1, list, first!, one.payload(first!.name)!)).toBe(true)
  expect(other.chunked.take(1, list, first!, one.payload(first!.name)!)).toBe(false)
  expect(other.chunked.take(1, list, second!, new Uint8Array(8))).toBe(true)
  expect(other.chunked.take(1, list, third!, new Uint8Array(8))).toBe(false)
  const room = other.reserve(1, 'offer', list)
  room.into!.set(one.payload(list)!)
  expect(room.commit()).toBe(true)
  expect(other.chunked.held(list)).toBe(encodePresent(Uint8Array.of(1, 0, 0)))
  expect(other.chunked.wanted(list).map(({ chunk }) => chunk)).toEqual([1, 2])
})

test('all that is lacking is pulled at once, so many at a time, and the head of an update without holes not at all', () => {
  const length = 100
  const make = () =>
    new ChunkedVectors({
      rule: { rule: 'median', tolerated: 0 },
      holes: { fill: 'skip', size: 1 },
      initial: new Float32Array(length),
    })
  const [one, other] = [make(), make()]
  const list = one.hold(
    1,
    Float32Array.from({ length }, (_, i) => i),
  )
  const room = other.reserve(1, 'offer', list)
  room.into!.set(one.payload(list)!)
  room.commit()
  const head = one.chunked.announce(1, list, encodePresent(new Uint8Array(length).fill(1)))
  // That its head is known is not that it is held.
  expect(other.renew(head, 1)).toBe(false)
  const { asked, most } = pulled(one, other, head)
  expect([new Set(asked).size, asked.includes(head), most]).toEqual([length, false, 32])
  expect(other.update(head)).toEqual(one.update(head))
})

describe('a head that is none, or whose update nobody should use, is held with what is wrong with it:', () => {
  const { list, chunks: pieces } = encodeChunks(update, chunks)
  const digests = pieces.map(({ digest }) => digest)
  const changed = (at: number, value: number): Part => {
    const bytes = encodeHead(digests, Uint8Array.of(1, 1, 0)).bytes.slice()
    bytes[at] = value
    return { digest: digestOf(bytes), bytes }
  }
  test.each([
    ['a chunk beyond the last', changed(0, 0b1011), /beyond the 3/],
    ['a digest of what does not count', changed(32 + 64, 1), /does not count/],
    [
      'a chunk of another length',
      encodeHead([digests[2]!, digests[1]!, digests[0]!], Uint8Array.of(1, 0, 0)),
      /another length/,
    ],
  ])('%s', (_, head, why) => {
    const [one, other] = [vectors(), vectors()]
    expect(one.hold(1, update)).toBe(list.digest)
    // Whoever has the chunk already, and so pulls nothing in whose place something else could stand.
    offered(one, other, [0, 1, 2])
    const room = other.reserve(1, 'update', head.digest)
    room.into!.set(head.bytes)
    expect(room.commit()).toBe(true)
    expect(other.fault(head.digest)).toMatch(why)
  })

  test('numbers that are not finite', () => {
    const one = vectors()
    const bad = one.hold(1, Float32Array.of(1, Number.NaN, 3, 4, 5))
    const head = one.chunked.announce(1, bad, encodePresent(Uint8Array.of(1, 1, 1)))
    expect(one.fault(head)).toMatch(/NaN/)
    const without = one.chunked.announce(1, bad, encodePresent(Uint8Array.of(0, 1, 1)))
    expect(one.fault(without)).toBeUndefined()
  })
})

test('a head says one thing, whatever bytes it is of', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 128, maxLength: 128 }), fc.boolean(), (bytes, low) => {
      if (low) bytes.fill(0, 1, 32)
      const read = decodeChunkedHead(bytes, chunks)
      if (typeof read === 'string') return
      const present = Uint8Array.from(read, (digest) => (digest === undefined ? 0 : 1))
      expect(
        encodeHead(
          read.map((digest) => digest ?? '00'.repeat(32)),
          present,
        ).bytes,
      ).toEqual(bytes)
    }),
  )
})

test('what is older than the last round is forgotten, unless it was renewed', () => {
  const one = vectors()
  const list = one.hold(1, update)
  const head = one.chunked.announce(1, list, encodePresent(Uint8Array.of(1, 1, 1)))
  one.beginRound(2)
  expect(one.renew(head, 2)).toBe(true)
  one.beginRound(3)
  expect(one.fault(head)).toBeUndefined()
  expect(one.payload(list)).toBeUndefined()
  one.beginRound(4)
  expect(one.fault(head)).toBe('it is not held')
  expect(one.payload(encodeChunks(update, chunks).chunks[0]!.digest)).toBeUndefined()
  expect(one.payload(chunkName(list, 0))).toBeUndefined()
})

test('more than 256 chunks, and those that are too large for a stream, are refused with the size that fits', () => {
  expect(faultOfChunks({ length: 7850, size: 250 })).toBeUndefined()
  expect(faultOfChunks({ length: 7850, size: 10 })).toMatch(/785 chunks.*at most 256.*chunks of 31 or more/)
  expect(faultOfChunks({ length: 431_080, size: 65_536 })).toBeUndefined()
  expect(faultOfChunks({ length: 431_080, size: 431_080 })).toMatch(/at most 65536 parameters/)
})
