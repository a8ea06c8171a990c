import { digestOf, digestOfVector } from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { Performer } from '../performer.ts'
import type { Part, Pull, Room } from '../ports.ts'
import { encodeSparse } from './payload.ts'
import { SparseVectors } from './sparse-vectors.ts'

const rows = { count: 4, width: 2 }
const initial = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7)
const vectors = (peers = 4) => new SparseVectors({ rule: { rule: 'median', tolerated: 1 }, rows, peers, initial })
const sparse = (about: readonly number[], values: readonly number[]) => ({
  rows: Uint32Array.from(about),
  values: Float32Array.from(values),
})
const update = sparse([1, 3], [10, 20, 30, 40])

/** Pulls parts, one after the other, into what holds them. */
function pulled(into: SparseVectors, round: number, parts: readonly Part[], digest = parts[0]!.digest): boolean | Room {
  let next: Room | boolean | undefined = into.reserve(round, 'update', digest)
  for (const { bytes } of parts) {
    if (typeof next !== 'object') break
    expect(next.sizeBytes).toBe(bytes.length)
    next.into!.set(bytes)
    next = followed(next)
  }
  return next ?? false
}

/** The one part that follows. */
function followed(room: Room): Room | boolean {
  const next = room.commit()
  return typeof next === 'boolean' ? next : next[0]!
}

test('what one holds another pulls, part by part, and holds the same', () => {
  const [one, other] = [vectors(), vectors()]
  const digest = one.hold(1, update)
  const parts = one.parts(digest)
  expect(parts.map((part) => [digestOf(part.bytes), one.payload(part.digest)])).toEqual(
    parts.map((part) => [part.digest, part.bytes]),
  )
  expect(other.parts(digest)).toEqual([])
  expect(pulled(other, 1, parts)).toBe(true)
  expect([other.update(digest), other.fault(digest), other.heldOf(1)]).toEqual([update, undefined, [digest]])
  expect(other.parts(digest)).toEqual(parts)
  expect(other.payload(parts[1]!.digest)).toEqual(parts[1]!.bytes)
  expect(pulled(other, 1, [encodeSparse(sparse([], []))[0]])).toBe(true)
})

test('the aggregate is of those who speak, and rows of too few voices or none do not change', () => {
  const one = vectors()
  const digests = [update, sparse([1], [20, 40]), sparse([1], [30, 60])].map((each) => one.hold(1, each))
  const members = digests.map((digest, peer) => ({ peer, digest }))
  const model = digestOfVector(initial)
  const next = one.aggregate({ id: 1, kind: 'aggregate', round: 1, model, members })
  expect([...one.vector(next)!]).toEqual([0, 1, 22, 43, 4, 5, 6, 7])
  expect(one.vector(model)).toEqual(initial)
})

test('an update that is none is held, with what is wrong with it, and for what it is alone', () => {
  const other = vectors()
  const [head, body] = encodeSparse(sparse([3, 1], [1, 2, 3, 4]))
  expect(pulled(other, 1, [head, body])).toBe(true)
  expect(other.fault(head.digest)).toMatch('row 1 follows row 3')
  expect(other.update(head.digest)).toBeUndefined()
  const many = head.bytes.slice()
  many[0] = 200
  // No body is pulled of such a head.
  expect(pulled(other, 1, [{ digest: digestOf(many), bytes: many }])).toBe(true)
  expect(other.fault(digestOf(many))).toMatch('it speaks about 200 rows, and there are 4')
  const infinite = other.hold(1, sparse([0], [Number.POSITIVE_INFINITY, 0]))
  expect(other.fault(infinite)).toBe('it holds NaN or infinity')
})

test('room is for so many updates of two rounds, as for vectors, and a body that comes late is not held', () => {
  const one = vectors(1)
  const [head, body] = encodeSparse(update)
  const room = one.reserve(1, 'update', head.digest)!
  room.into!.set(head.bytes)
  const late = followed(room) as Room
  for (let other = 0; other < 4; other++) one.hold(3, sparse([other], [1, 1]))
  expect(one.reserve(3, 'update', 'x')).toBeUndefined()
  late.into!.set(body.bytes)
  expect(late.commit()).toBe(false)
  expect(one.update(head.digest)).toBeUndefined()
})

test('a performer pulls the body that its author meant, and tells what is unfit', () => {
  const asked: Pull[] = []
  const answers: Part[] = [...encodeSparse(sparse([2], [1, Number.NaN]))]
  const told: unknown[] = []
  const performer = new Performer({
    self: 1,
    carrier: {
      pull: (pull, ended) => {
        asked.push(pull)
        pull.into!.set(answers[asked.length - 1]!.bytes)
        ended(true)
      },
    },
    clock: { nowMs: () => 0, after: () => () => {} },
    vectors: vectors(),
    trainer: { train: () => {} },
    holders: () => [0],
    watch: () => {},
  })
  const member = { peer: 2, digest: answers[0]!.digest }
  performer.perform(
    { id: 1, kind: 'fetch', round: 1, member },
    (result) => told.push(result),
    () => expect.unreachable(),
  )
  expect(asked.map(({ digest, sizeBytes }) => [digest, sizeBytes])).toEqual(
    answers.map(({ digest, bytes }) => [digest, bytes.length]),
  )
  expect(told).toEqual([{ kind: 'unfit', reason: 'it holds NaN or infinity' }])
})
