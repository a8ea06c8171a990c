import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trustOf } from '../methods.ts'
import { Vouches } from '../vouches/vouches.ts'
import { type Comparison, scoresOf } from './bradley-terry.ts'
import { collective, collectiveOfScores } from './collective.ts'
import { dispersion, langevin, likelihoodOf } from './langevin.ts'
import { mehestan, type Rater } from './mehestan.ts'
import { resilientMean, resilientQuantile, type Voter } from './resilient.ts'

const number = fc.double({ min: -50, max: 50, noNaN: true })
const voter = fc.record({
  value: fc.oneof(number, fc.constantFrom(-1e9, 0, 1e9)),
  weight: fc.double({ min: 0.01, max: 5, noNaN: true }),
  left: fc.double({ min: 0, max: 3, noNaN: true }),
  right: fc.double({ min: 0, max: 3, noNaN: true }),
})

test.each(['quantile', 'mean'])('one voter more moves the %s by L w at most', (which) => {
  fc.assert(
    fc.property(
      fc.array(voter, { maxLength: 8 }),
      voter,
      fc.constantFrom(0.01, 0.5, 4),
      fc.constantFrom(0.1, 0.5, 0.8),
      (voters, more, resilience, quantile) => {
        const of = (all: readonly Voter[]): number =>
          which === 'mean' ? resilientMean(all, { resilience }) : resilientQuantile(all, quantile, { resilience })
        const moved = Math.abs(of([...voters, more]) - of(voters))
        expect(moved).toBeLessThanOrEqual(resilience * more.weight * (1 + 1e-9) + 1e-9)
      },
    ),
    { numRuns: 400 },
  )
})

test('Langevin, its slope and its integral, to the last digits but a few', () => {
  for (const x of [1e-9, 1e-3, 0.1, 0.7, 1, 3, 8, 19.9, 20.1, 300]) {
    const exact = x < 0.01 ? x / 3 - x ** 3 / 45 : 1 / Math.tanh(x) - 1 / x
    expect(Math.abs(langevin(x) - exact)).toBeLessThan(1e-14)
    expect(langevin(-x)).toBe(-langevin(x))
    const slope = x < 0.01 ? 1 / 3 - (x * x) / 15 : 1 / (x * x) - (x > 300 ? 0 : 1 / Math.sinh(x) ** 2)
    expect(Math.abs(dispersion(x) - slope)).toBeLessThan(1e-9)
    const integral = x < 0.01 ? (x * x) / 6 : x > 20 ? x - Math.log(2 * x) : Math.log(Math.sinh(x) / x)
    expect(Math.abs(likelihoodOf(x) - integral)).toBeLessThan(1e-12)
  }
  expect([langevin(0), likelihoodOf(0)]).toEqual([0, 0])
})

const comparison = fc
  .record({ a: fc.nat(5), b: fc.nat(5), preference: fc.double({ min: -1, max: 1, noNaN: true }) })
  .filter(({ a, b }) => a !== b)

test('scores solve their equation, are the same in any order, and rise with what is preferred', () => {
  fc.assert(
    fc.property(fc.array(comparison, { minLength: 1, maxLength: 12 }), (comparisons) => {
      const found = scoresOf(comparisons)
      for (const [item, { score, left, right }] of found) {
        let force = score / 49
        for (const { a, b, preference } of comparisons) {
          if (a === item) force += langevin(score - found.get(b)!.score) + preference
          if (b === item) force += langevin(score - found.get(a)!.score) - preference
        }
        expect(Math.abs(force)).toBeLessThan(1e-10)
        expect(Math.min(left, right)).toBeGreaterThan(0)
      }
      const again = scoresOf(comparisons.toReversed())
      for (const [item, { score }] of found) expect(again.get(item)!.score).toBeCloseTo(score, 9)
      const [first, ...others] = comparisons as [Comparison, ...Comparison[]]
      const more = scoresOf([{ ...first, preference: Math.min(1, first.preference + 0.3) }, ...others])
      expect(more.get(first.b)!.score).toBeGreaterThanOrEqual(found.get(first.b)!.score - 1e-9)
    }),
    { numRuns: 60 },
  )
})

/** Who sees items 0 to 5 at these scores, surely. */
const seeing = (trust: number, scores: readonly number[]): Rater => ({
  trust,
  scores: new Map(scores.map((score, item) => [item, { score, left: 0.01, right: 0.01 }])),
})

test('who is not trusted scales nobody, and scales of the trusted become one', () => {
  const truth = [-3, -2, -1, 1, 2, 3]
  const trusted = [1, 2, 0.5].map((scale) =>
    seeing(
      1,
      truth.map((score) => scale * score + scale),
    ),
  )
  const liars = Array.from({ length: 50 }, () =>
    seeing(
      0,
      truth.map((score) => 1000 * score),
    ),
  )
  const options = { resilience: 50, leastActivity: 1 }
  const alone = mehestan(trusted, options)
  expect(mehestan([...trusted, ...liars], options).slice(0, 3)).toEqual(alone)
  const users = trusted.map(({ scores }, user) => {
    const { multiplier, translation } = alone[user]!
    return truth.map((_, item) => multiplier * scores.get(item)!.score + translation)
  })
  for (const [item, score] of users[0]!.entries())
    for (const other of users) expect(Math.abs(other[item]! - score)).toBeLessThan(0.2)
  expect(mehestan(liars, options)).toEqual(
    liars.map(() => ({ multiplier: 1, translation: 0, multiplierOff: 0, translationOff: 0 })),
  )
})

test('from vouches to scores: a hundred sybils say of an item what two overtrusted raters may', () => {
  const [experts, sybils] = [7, 100]
  const ring = Array.from({ length: experts }, (_, u) => ({ from: u, to: (u + 1) % experts }))
  const theirs = Array.from({ length: sybils }, (_, k) => ({ from: experts + k, to: experts + ((k + 1) % sybils) }))
  const trust = trustOf(
    { method: 'lipschitrust' },
    Vouches.of(experts + sybils, [...ring, ...theirs]),
    [0, 1, 2, 3, 4, 5, 6],
  )
  const best = [1, 0.6, 0.2]
  const judges = Array.from(trust.trust, (each, user) => ({
    trust: each,
    // Item 0 is best to experts, and worst to sybils.
    comparisons: [1, 2, 3].map((b, k) => ({ a: 0, b, preference: (user < experts ? -1 : 1) * best[k]! })),
  }))
  const found = collective(judges, { quantile: 0.5 })
  const rights = [...found.rights.get(0)!]
  const ofSybils = rights.reduce((sum, [user, right]) => sum + (user >= experts ? right : 0), 0)
  // A = 2 + T/10, and nothing else.
  expect(ofSybils).toBeLessThanOrEqual(2 + 0.1 * 7 + 1e-9)
  expect(found.items.get(0)!.score).toBeGreaterThan(0)
  // By heads, each of them as much as an expert, they win.
  const heads = collective(
    judges.map((judge) => ({ ...judge, trust: 1 })),
    { quantile: 0.5 },
  )
  expect(heads.items.get(0)!.score).toBeLessThan(0)
})

test('nobody and nothing', () => {
  expect(collective([]).items.size).toBe(0)
  expect(collectiveOfScores([{ trust: 1, scores: new Map() }]).users).toEqual([new Map()])
})
