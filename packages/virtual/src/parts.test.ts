import { OwnVectors, type Room } from '@hearsay/peer'
import { type Counted, digestOfVector } from '@hearsay/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longest, sampler } from './distribution.ts'
import { EventQueue } from './event-queue.ts'
import { defaultLink, Links } from './links.ts'
import { modelledKeys } from './modelled-keys.ts'
import { randomStream } from './random-stream.ts'
import { SharedVectors } from './shared-vectors.ts'

test('what happens comes out by time, and then in the order in which it was put in', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = new EventQueue<number>()
      for (const [at, time] of times.entries()) queue.push(time, at)
      const out: number[] = []
      while (queue.nextMs() !== undefined) out.push(...queue.take())
      const sorted = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b)
      expect(out).toEqual(sorted)
    }),
  )
})

test('distributions keep to their bounds, and half of a long tail is below its median', () => {
  const random = randomStream(1, 'test')
  const draw = (distribution: Parameters<typeof sampler>[0]): number[] => {
    const next = sampler(distribution)
    return Array.from({ length: 4000 }, () => next(random))
  }
  expect(new Set(draw({ ms: 7 }))).toEqual(new Set([7]))
  const uniform = draw({ uniform: [10, 50] })
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(10)
  expect(Math.max(...uniform)).toBeLessThan(50)
  const tail = draw({ medianMs: 100 }).sort((a, b) => a - b)
  expect(tail[2000]).toBeGreaterThan(95)
  expect(tail[2000]).toBeLessThan(105)
  expect(tail.at(-1)).toBeGreaterThan(250)
  expect(tail.at(-1)).toBeLessThanOrEqual(longest({ medianMs: 100 }))
})

test('what a stream carries is sent again until it arrives; gossip that is lost stays lost', () => {
  const pair = [[0, 1]] as const
  const links = new Links(2, pair, { ...defaultLink, loss: 0.3 }, 1)
  const link = links.between(0, 1)!
  const each = Array.from({ length: 200 }, () => links.arrivalOnStream(link, 1, 0))
  // 20 ms, and 0, 200, 200 + 400, … ms before it is sent for the last time.
  expect(new Set(each.map((atMs) => Math.log2((atMs! - 20) / 200 + 1) % 1))).toEqual(new Set([0]))
  const first = each.filter((atMs) => atMs === 20).length
  expect(first).toBeGreaterThan(110)
  expect(first).toBeLessThan(170)
  expect(Math.max(...each.map((atMs) => atMs!))).toBeGreaterThan(600)
  const gossiped = Array.from({ length: 200 }, () => links.arrival(link, 1, 0))
  expect(gossiped.filter((atMs) => atMs === undefined).length).toBeGreaterThan(30)
  // Nothing of it had to wait for what was sent again.
  expect(new Set(gossiped)).toEqual(new Set([undefined, 20]))
  const cut = new Links(2, pair, { ...defaultLink, loss: 1 }, 1)
  expect(cut.arrivalOnStream(cut.between(0, 1)!, 1, 0)).toBeUndefined()
})

test('streams of random numbers depend on their names and seeds alone', () => {
  const first = (...words: [number, ...string[]]): number => randomStream(...words).uniform()
  expect(first(1, 'a')).toBe(first(1, 'a'))
  expect(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b'), first(1, 'a', 'b')]).size).toBe(4)
})

test('whoever holds the modelled keys of one peer signs for that peer, and for nobody else', () => {
  const [one, two] = modelledKeys(2, 1)
  const words = new Uint8Array([1, 2, 3])
  const signature = one!.sign(words)
  expect(two!.verify(0, words, signature)).toBe(true)
  expect(two!.verify(1, words, signature)).toBe(false)
  expect(two!.verify(0, new Uint8Array([1, 2, 4]), signature)).toBe(false)
  expect(two!.verify(7, words, signature)).toBe(false)
  expect(modelledKeys(2, 2)[0]!.sign(words)).not.toEqual(signature)
})

test('updates are held until the round after theirs is over, models until five newer ones are there', () => {
  const vector = (value: number) => Float32Array.of(value)
  const holdings = new SharedVectors(2, vector(0), { rule: 'mean', tolerated: 0 })
  const [one, other] = [holdings.of(0), holdings.of(1)]
  const first = one.hold(1, vector(1))
  other.hold(1, vector(1))
  one.beginRound(2)
  expect(holdings.holds(0, first)).toBe(true)
  one.beginRound(3)
  expect(holdings.holds(0, first)).toBe(false)
  // The other peer still has it.
  expect(one.vector(first)).toBeUndefined()
  expect(other.vector(first)).toEqual(vector(1))
  other.beginRound(3)
  expect(holdings.vector(first)).toBeUndefined()
  const again = one.hold(3, vector(2))
  expect([one.renew(again, 5), one.renew(first, 5)]).toEqual([true, false])
  one.beginRound(6)
  expect(holdings.holds(0, again)).toBe(true)
  const models = [1, 2, 3, 4, 5, 6].map((round) => {
    const digest = one.hold(6, vector(10 * round))
    return one.aggregate({ id: round, kind: 'aggregate', round, model: again, members: [{ peer: 0, digest }] })
  })
  expect(models.map((model) => one.vector(model))).toEqual([1, 2, 3, 4, 5, 6].map((round) => vector(2 + 10 * round)))
  const infinite = one.hold(6, vector(Number.POSITIVE_INFINITY))
  expect([one.fault(infinite), one.fault(models[0]!)]).toEqual(['it holds NaN or infinity', undefined])
})

test('the same updates in another era are computed anew, and in the same era once', () => {
  const holdings = new SharedVectors(3, new Float32Array(1), { rule: 'median', tolerated: 1 })
  const peer = holdings.of(0)
  const model = digestOfVector(new Float32Array(1))
  const members = [1, 2, 5].map((value, at) => ({ peer: at, digest: peer.hold(1, Float32Array.of(value)) }))
  const work = { id: 1, kind: 'aggregate', round: 1, model, members } as const
  const gives = (counted: Counted): number => peer.vector(peer.aggregate({ ...work, ...counted }))![0]!
  expect([gives({}), gives({ weights: [1, 1, 5], fewer: -1 }), gives({ weights: [5, 1, 1], fewer: -1 })]).toEqual([
    2, 5, 1,
  ])
  expect(gives({})).toBe(2)
})

test('what is averaged is how far vectors are off others, and of one that is off itself, nothing', () => {
  const vector = (...values: number[]) => Float32Array.from(values)
  const rule = { rule: 'median', tolerated: 1 } as const
  const initial = vector(10, 10)
  const shared = new SharedVectors(3, initial, rule).of(0)
  const own = new OwnVectors({ rule, peers: 3, initial, stages: 3 })
  const [model] = [digestOfVector(initial)]
  const made = [shared, own].map((vectors) => {
    const [near, far] = [vectors.hold(1, vector(11, 8)), vectors.hold(1, vector(900, -900))]
    const members = [near, far, model].map((digest, peer) => ({ peer, digest, less: model }))
    const work = { id: 1, kind: 'average', round: 1, stage: 0, by: { kind: 'rule' }, onto: model } as const
    return [...vectors.vector(vectors.average({ ...work, members, into: 'model' }))!]
  })
  expect(made).toEqual([
    [11, 8],
    [11, 8],
  ])
})

test('updates of rows are there once, as a head and a body, and are held and forgotten as vectors are', () => {
  const rows = { count: 3, width: 1 }
  const holdings = new SharedVectors(2, new Float32Array(3), { rule: 'mean', tolerated: 0 }, rows)
  const [one, other] = [holdings.of(0), holdings.of(1)]
  const update = { rows: Uint32Array.of(1), values: Float32Array.of(5) }
  const digest = one.hold(1, update)
  const body = one.parts(digest)[1]!
  expect([one.update(digest), one.payload(body.digest), one.vector(digest)]).toEqual([update, body.bytes, undefined])
  expect([other.update(digest), other.payload(body.digest)]).toEqual([undefined, undefined])
  const head = other.reserve(1, 'update', digest)!
  const [second] = head.commit() as readonly Room[]
  expect(second).toMatchObject({ digest: body.digest, sizeBytes: 8 })
  expect([head.sizeBytes, other.payload(digest)]).toEqual([36, undefined])
  expect(second!.commit()).toBe(true)
  expect([other.update(digest), other.fault(digest)]).toEqual([update, undefined])
  const model = digestOfVector(new Float32Array(3))
  const members = [0, 1].map((peer) => ({ peer, digest }))
  const next = other.aggregate({ id: 1, kind: 'aggregate', round: 1, model, members })
  expect([...other.vector(next)!]).toEqual([0, 5, 0])
  for (const peer of [one, other]) peer.beginRound(3)
  expect([other.update(digest), other.payload(body.digest)]).toEqual([undefined, undefined])
  expect(other.fault(other.hold(3, { ...update, values: Float32Array.of(Number.NaN) }))).toBe(
    'it holds NaN or infinity',
  )
  expect(() => one.hold(3, Float32Array.of(1, 2, 3))).toThrow(RangeError)
})

test.each([
  ['vectors', undefined],
  ['rows', { count: 3, width: 1 }],
])('what is forgotten by who gave it, while it is under way, arrives: %s', (_, rows) => {
  const holdings = new SharedVectors(2, new Float32Array(3), { rule: 'mean', tolerated: 0 }, rows)
  const [one, other] = [holdings.of(0), holdings.of(1)]
  const update = rows === undefined ? Float32Array.of(1, 2, 3) : { rows: Uint32Array.of(1), values: Float32Array.of(5) }
  const digest = one.hold(1, update)
  const room = other.reserve(1, 'update', digest)!
  one.beginRound(3)
  const next = room.commit()
  expect(typeof next === 'object' ? next[0]!.commit() : next).toBe(true)
  expect([one.update(digest), other.update(digest)]).toEqual([undefined, update])
})
