import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import type { Statement } from '../../words/statements.ts'
import { isOffered, Offers } from './offers.ts'

const list = 'ab'.repeat(32)
const bits = (...chunks: number[]): string => {
  const bytes = new Uint8Array(32)
  for (const chunk of chunks) bytes[chunk >> 3]! |= 1 << (chunk & 7)
  return Buffer.from(bytes).toString('hex')
}
const all = bits(0, 1, 2)
const holds = (counted: string, chunk: number): boolean =>
  counted !== undefined && ((Buffer.from(counted, 'hex')[chunk >> 3]! >> (chunk & 7)) & 1) === 1

/** The author is peer 0. */
function author(quorums: Quorums) {
  const told = { said: [] as Statement[], wanted: [] as number[], timers: 0, counted: [] as string[] }
  const offers: Offers = new Offers(0, quorums, {
    say: (statement) => told.said.push(statement),
    receive: ({ peer }) => told.wanted.push(peer),
    timer: () => told.timers++,
    settled: (_, counted) => told.counted.push(counted),
  })
  const receipt = (from: number, held: string, sender = 0): void => {
    const statement: Statement = { kind: 'echo', stage: 1, sender, digest: held }
    if (isOffered(statement)) offers.onStatement(from, statement)
  }
  const offer = (): void => {
    offers.offer(list)
    const said = told.said[0]!
    if (isOffered(said)) offers.onStatement(0, said)
  }
  return { offers, told, receipt, offer }
}

describe('an author', () => {
  test('waits for receipts of n−f, its own among them, then the grace time, and for nobody when all are there', () => {
    const { offers, told, receipt, offer } = author(Quorums.equal(4, 1))
    offer()
    receipt(1, all)
    expect([told.timers, told.counted]).toEqual([0, []])
    receipt(2, bits(0, 1))
    expect([told.timers, told.counted]).toEqual([1, []])
    offers.onTimer()
    expect(told.counted).toEqual([bits(0, 1)])
    receipt(3, all)
    offers.onTimer()
    expect(told.counted).toHaveLength(1)
    const whole = author(Quorums.equal(4, 1))
    whole.offer()
    for (const peer of [1, 2, 3]) whole.receipt(peer, all)
    expect([whole.told.timers, whole.told.counted]).toEqual([1, [all]])
  })

  test('counts the first receipt of each other peer, and none of its own or of whoever weighs nothing', () => {
    const { told, receipt, offer } = author(new Quorums([1, 1, 1, 1, 0], 1))
    offer()
    receipt(0, all)
    receipt(4, all)
    receipt(1, bits(0))
    receipt(1, all)
    receipt(2, bits(0), 3)
    receipt(2, bits(0, 1))
    receipt(3, bits(1, 2))
    expect(told.counted).toEqual([bits(0, 1)])
  })

  test('that is alone, or has not trained in this life, says everything, or nothing', () => {
    const alone = author(Quorums.equal(1, 0))
    alone.offer()
    expect(holds(alone.told.counted[0]!, 2)).toBe(true)
    const { offers, told, receipt } = author(Quorums.equal(4, 1))
    const statement: Statement = { kind: 'init', stage: 1, digest: list }
    if (isOffered(statement)) offers.onStatement(0, statement)
    for (const peer of [1, 2, 3]) receipt(peer, all)
    expect(told.counted).toEqual([])
  })

  test('takes the chunks of the first offer of each other peer', () => {
    const { offers, told } = author(Quorums.equal(4, 1))
    for (const digest of [list, all]) {
      const statement: Statement = { kind: 'init', stage: 1, digest }
      if (isOffered(statement)) offers.onStatement(2, statement)
    }
    expect(told.wanted).toEqual([2])
    offers.onReceived({ peer: 2, digest: list }, all)
    expect(told.said).toEqual([{ kind: 'echo', stage: 1, sender: 2, digest: all }])
  })

  test('takes no chunks of whoever weighs nothing', () => {
    const { offers, told } = author(new Quorums([1, 1, 1, 1, 0], 1))
    for (const from of [4, 3]) {
      const statement: Statement = { kind: 'init', stage: 1, digest: list }
      if (isOffered(statement)) offers.onStatement(from, statement)
    }
    expect(told.wanted).toEqual([3])
  })
})

/** What is held of three chunks by each other honest peer; liars say that they hold all, or nothing. */
const schedule = fc.integer({ min: 1, max: 3 }).chain((f) =>
  fc.record({
    f: fc.constant(f),
    held: fc.array(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), { minLength: 2 * f, maxLength: 2 * f }),
    order: fc.shuffledSubarray(
      Array.from({ length: 3 * f }, (_, i) => i + 1),
      { minLength: 2 * f },
    ),
    lie: fc.constantFrom(all, bits()),
  }),
)
type Schedule = { f: number; held: boolean[][]; order: number[]; lie: string }

/** Which chunks count, where f peers lie and the author takes `threshold` to be f + 1. */
function counted({ f, held, order, lie }: Schedule, tolerated: number): string {
  const quorums = Quorums.equal(3 * f + 1, tolerated)
  const { offers, told, receipt, offer } = author(quorums)
  offer()
  for (const peer of order) {
    const own = held[peer - 1]
    receipt(peer, own === undefined ? lie : bits(...[0, 1, 2].filter((chunk) => own[chunk])))
  }
  offers.onTimer()
  return told.counted[0] ?? bits()
}

const isHeld = ({ held }: Schedule, chunks: string): boolean =>
  [0, 1, 2].every((chunk) => !holds(chunks, chunk) || held.some((own) => own[chunk]))

test('whatever counts an honest peer besides the author holds; with one less than f+1 it may be held by liars alone', () => {
  fc.assert(
    fc.property(schedule, (each) => {
      expect(isHeld(each, counted(each, each.f))).toBe(true)
    }),
    { numRuns: 500 },
  )
  const wrong = fc.check(
    fc.property(schedule, (each) => isHeld(each, counted(each, each.f - 1))),
    { numRuns: 2_000 },
  )
  expect(wrong.failed).toBe(true)
})

test('a chunk that all honest peers hold counts, whatever f liars say, when all receipts are there', () => {
  fc.assert(
    fc.property(schedule, (given) => {
      const each = { ...given, order: Array.from({ length: 3 * given.f }, (_, i) => i + 1) }
      const chunks = counted(each, each.f)
      for (const chunk of [0, 1, 2]) if (each.held.every((own) => own[chunk])) expect(holds(chunks, chunk)).toBe(true)
    }),
    { numRuns: 300 },
  )
})
