import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FilledSlots, slotsOf } from './slots.ts'
import { type Bit, contentOf, type Statement, slotOf } from './statements.ts'

const peers = 5
const of = { sender: fc.nat(peers - 1), instance: fc.nat(peers - 1), phase: fc.integer({ min: 1, max: 40 }) }
const digest = fc.constantFrom('a', 'b')
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constantFrom('echo' as const, 'ready' as const), sender: of.sender, digest }),
  fc.record({
    kind: fc.constantFrom('estimate' as const, 'coordinate' as const),
    ...{ instance: of.instance, phase: of.phase, value: fc.constantFrom<Bit>(0, 1) },
  }),
)
const envelopes = fc.array(fc.array(statement, { minLength: 1, maxLength: 6 }), { maxLength: 8 })

test('hold an envelope against what was said before, as comparing statement by statement does', () => {
  fc.assert(
    fc.property(envelopes, (said) => {
      const filled = new FilledSlots()
      const reference = new Set<number>()
      for (const statements of said) {
        const slots = slotsOf(statements, peers)
        const each = statements.map((one) => slotOf(one, peers))
        expect(filled.some(slots)).toBe(each.some((slot) => reference.has(slot)))
        for (const slot of each) expect(filled.has(slot)).toBe(reference.has(slot))
        filled.add(slots)
        for (const slot of each) reference.add(slot)
        for (const slot of each) expect(filled.has(slot)).toBe(true)
      }
    }),
  )
})

test('tell repetitions and contradictions within an envelope, and its highest phase', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 6 }), (statements) => {
      const { inner, phase } = slotsOf(statements, peers)
      const pairs = statements.flatMap((one, at) => statements.slice(at + 1).map((other) => [one, other] as const))
      const twins = pairs.filter(([one, other]) => slotOf(one, peers) === slotOf(other, peers))
      const conflict = twins.some(([one, other]) => contentOf(one) !== contentOf(other))
      expect(inner).toBe(conflict ? 'conflict' : twins.length > 0 ? 'repeats' : undefined)
      expect(phase).toBe(Math.max(0, ...statements.map((one) => ('phase' in one ? one.phase : 0))))
    }),
  )
})

test('are told apart however late the phase', () => {
  const phases = [1, 2 ** 27 + 1, 2 ** 31, 2 ** 32 - 1]
  const { numbers, inner } = slotsOf(
    phases.map((phase) => ({ kind: 'estimate', instance: 1, phase, value: phase % 2 === 0 ? 0 : 1 })),
    32,
  )
  expect(inner).toBeUndefined()
  expect(numbers).toHaveLength(phases.length)
  expect(numbers.every((number) => number >= 0)).toBe(true)
})

test('every statement of a round has a slot of its own', () => {
  const all: Statement[] = [{ kind: 'init', digest: 'a' }]
  for (let peer = 0; peer < peers; peer++) {
    all.push({ kind: 'echo', sender: peer, digest: 'a' }, { kind: 'ready', sender: peer, digest: 'a' })
    for (let phase = 1; phase < 20; phase++) {
      for (const value of [0, 1] as const) all.push({ kind: 'estimate', instance: peer, phase, value })
      all.push({ kind: 'coordinate', instance: peer, phase, value: 0 })
      all.push({ kind: 'auxiliary', instance: peer, phase, values: 1 })
    }
  }
  expect(new Set(all.map((one) => slotOf(one, peers))).size).toBe(all.length)
})
