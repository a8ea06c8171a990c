import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'
import type { Parameters } from './schema.ts'
import { wishesOf } from './vouching.ts'

const text = (trust: string, more = '') => `name: vouching
question: Who weighs how much when?
peers: 6
adversaries: { count: 2, behaviour: sign-flip }
aggregation: { rule: median }
rounds: 9
trust: ${trust}
${more}`
const load = (trust: string, more?: string): Parameters =>
  loadScenario(text(trust, more), { file: 'x.yaml' }).cells[0]!.parameters

test('where vouches are heard, whoever has no trust weighs 0 and waits', () => {
  const { weights, tolerated } = load('{ every: 2, preTrusted: [0, 1], vouches: [[0, 2]], bought: 1, boughtIn: 3 }')
  expect([weights, tolerated]).toEqual([[800, 800, 106, 0, 0, 0], 568])
  // Bought before round 1, the vouch takes some from 2, and has a liar in.
  expect(load('{ every: 2, preTrusted: [0, 1], vouches: [[0, 2]], bought: 1 }').weights).toEqual([
    800, 800, 91, 0, 91, 0,
  ])
  expect(load('{ every: 1, method: sybilrank, preTrusted: [0, 1], floor: 7 }').weights).toEqual([7, 7, 0, 0, 0, 0])
})

test('whom a peer vouches for follows from the round; liars vouch for each other', () => {
  const wishes = wishesOf(
    load(
      '{ every: 1, preTrusted: [0, 1], vouches: [[0, 2], { from: 0, to: 2, weight: 0, round: 4 }, { from: 1, to: 2, weight: 0.5, round: 5 }], ' +
        'roster: [{ round: 3, join: [3], by: [0, 1] }, { round: 6, leave: [1] }], bought: 1, boughtIn: 2 }',
    ),
  )!
  const full = (...peers: number[]) => peers.map((to) => ({ to, weight: 100 }))
  expect([1, 2, 3, 4].map((round) => wishes(0, round))).toEqual([full(2), full(2, 4), full(2, 4, 3), full(4, 3)])
  expect([4, 5, 6].map((round) => wishes(1, round))).toEqual([
    full(3),
    [...full(3), { to: 2, weight: 50 }],
    [{ to: 1, weight: 0 }],
  ])
  expect(wishes(4, 1)).toEqual(full(0, 5))
  expect(wishes(5, 9)).toEqual(full(4))
  expect(wishesOf(load('{ preTrusted: [0] }'))).toBeUndefined()
})

test.each([
  [
    '{ preTrusted: [0], roster: [{ round: 1, leave: [1] }] }',
    '',
    /trust\.roster: peers join and leave only with `every`/,
  ],
  [
    '{ preTrusted: [0], vouches: [{ from: 0, to: 1, round: 1 }] }',
    '',
    /trust\.vouches\.0: vouches change in rounds only/,
  ],
  ['{ preTrusted: [0], boughtIn: 1 }', '', /trust\.boughtIn/],
  ['{ every: 1, preTrusted: [0], roster: [{ round: 1, leave: [6] }] }', '', /trust\.roster\.0: there are peers 0 to 5/],
  ['{ every: 1, preTrusted: [0], roster: [{ round: 1, join: [2] }] }', '', /`join` and `by` go together/],
  ['{ every: 1, preTrusted: [0], vouches: [[0, 1, 0.123]] }', '', /trust\.vouches\.0: its weight is in hundredths/],
  ['{ every: 1, preTrusted: [0], vouches: [[0, 0]] }', '', /trust\.vouches\.0/],
  ['{ every: 1, preTrusted: [0] }', 'tolerated: 3', /tolerated: with trust.every it is always the most/],
  ['{ every: 1, preTrusted: [0] }', 'agreement: averaging', /counts peers|certif/],
])('trust %s %s is refused at its place', (trust, more, message) => {
  expect(() => load(trust, more)).toThrow(message)
})

test('where vouches are heard, the rule counts weight, though all weigh the same at first', () => {
  const equal = '{ every: 1, preTrusted: [0, 1, 2, 3, 4, 5], vouches: [] }'
  expect(new Set(load(equal).weights).size).toBe(1)
  const heads = (trust: string) => text(trust).replace('rule: median', 'rule: phocas')
  expect(() => loadScenario(heads(equal), { file: 'x.yaml' })).toThrow(
    /aggregation\.rule: Rule "phocas" counts updates, and refuses weights that differ/,
  )
})
