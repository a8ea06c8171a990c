import { expect, it } from 'vitest'
import { differencesOf } from './differences.ts'

const record = (change: object): string =>
  JSON.stringify({ name: 'n', peers: ['a', 'b'], agreement: { graceMs: 1, roundMs: 2 }, seed: 1, ...change })

it.each([
  [{}, []],
  [{ seed: 2 }, ['seed: 1 → 2']],
  [{ peers: ['a', 'c', 'd'] }, ['peers: 2 → 3, new c d, gone b']],
  [{ agreement: { graceMs: 1 } }, ['agreement.roundMs: 2 → nothing']],
  [{ name: 'm', rounds: 9 }, ['name: "n" → "m"', 'rounds: nothing → 9']],
  [{ name: 'x'.repeat(5000) }, [`name: "n" → "${'x'.repeat(99)}…`]],
])('tells that records differ in %j', (change, lines) => {
  expect(differencesOf(record({}), record(change))).toEqual(lines)
})

it('says so when a record is none', () => {
  for (const text of ['', '{', '[]', 'null', '7']) expect(differencesOf(record({}), text)).toHaveLength(1)
})
