import { expect, test } from 'vitest'
import { damping } from './dampening.ts'
import { isTooFrequent } from './frequency-filter.ts'
import { type Candidate, Judge, type JudgeState } from './judge.ts'
import { coefficientOf, greatestAllowed } from './lipschitz-filter.ts'
import type { Filters } from './settings.ts'

const filters: Filters = {
  lipschitz: 'own-models',
  memory: 1,
  frequency: 'strict',
  dampening: 'inverse',
  alpha: 0.2,
  escape: false,
}

test('the greatest allowed coefficient is the one in place n − f', () => {
  expect(greatestAllowed([10, 2, 3, 4, 5, 6, 7, 8, 9, 1], 10, 3)).toBe(7)
  expect(greatestAllowed([1, 2, 3, 4, 5, 6, 7], 10, 3)).toBe(4)
  expect(greatestAllowed([1, 2, 3, 4, 5, 6], 10, 3)).toBeUndefined()
})

test('a coefficient is the change of the gradient by that of the model', () => {
  expect(coefficientOf({ gradients: Math.hypot(0, 2), models: Math.hypot(1, 0) })).toBe(2)
  expect(coefficientOf({ gradients: 0, models: 0 })).toBe(0)
  expect(coefficientOf({ gradients: 1, models: 0 })).toBe(Number.POSITIVE_INFINITY)
})

test('old gradients count for less', () => {
  const of = (dampening: Filters['dampening'], alpha: number) =>
    [0, 1, 2, 5, 12].map((staleness) => Number(damping({ dampening, alpha }, staleness).toFixed(6)))
  expect(of('inverse', 0)).toEqual([1, 0.5, 0.333333, 0.166667, 0.076923])
  expect(of('exponential', 0.5)).toEqual([1, 0.606531, 0.367879, 0.082085, 0.002479])
  expect(of('exponential', 0.2)).toEqual([1, 0.818731, 0.67032, 0.367879, 0.090718])
  expect(of('none', 0)).toEqual([1, 1, 1, 1, 1])
  expect(damping({ dampening: 'exponential', alpha: 1 }, 1e9)).toBeGreaterThan(0)
})

test('an author waits for others, 2f of them by the strict filter', () => {
  const [a, b, c, d] = [0, 1, 2, 3]
  expect(isTooFrequent('strict', a, [a, b], 1)).toBe(true)
  expect(isTooFrequent('strict', c, [a, b], 1)).toBe(false)
  expect(isTooFrequent('strict', a, [a, b, c, d], 2)).toBe(true)
  expect(isTooFrequent('per-worker', a, [a, b, c, d], 2)).toBe(false)
  expect(isTooFrequent('per-worker', a, [a, b, a, d], 2)).toBe(true)
  expect(isTooFrequent('strict', a, [], 0)).toBe(false)
})

/** Vectors of one dimension, whose digests say what they are. */
const distance = ([a, b]: readonly [string, string]): number => Math.abs(Number(a) - Number(b))

function judged(judge: Judge, author: number, gradient: number, model = judge.model) {
  const candidate: Candidate = { author, gradient: `${gradient}`, model, staleness: 0 }
  const verdict = judge.judge(candidate, judge.pairs(candidate).map(distance))
  if (verdict.accepted) judge.updated(`${Number(judge.model) - 0.1 * gradient}`)
  return verdict
}

/** Two rounds in which the gradient at x is x, of peers of which those beyond n − f lie. */
function bootstrapped(peers: number, tolerated: number, more: Partial<Filters> = {}): Judge {
  const judge = new Judge({ filters: { ...filters, ...more }, peers, tolerated }, '8')
  for (const x of [8, 4]) {
    for (let author = 0; author < peers; author++) {
      const lies = author >= peers - tolerated
      const candidate = { author, gradient: `${lies ? -10 * x : x}`, model: judge.model, staleness: 0 }
      judge.note(candidate, judge.pairs(candidate).map(distance))
    }
    judge.begin(`${x}`)
    judge.updated(`${x / 2}`)
  }
  return judge
}

test('a gradient that changes faster than those of n − f workers is never accepted', () => {
  const judge = bootstrapped(4, 1)
  expect(judge.isReady).toBe(true)
  expect(judged(judge, 3, -20)).toEqual({ accepted: false, why: 'lipschitz' })
  expect(judged(judge, 0, 2)).toEqual({ accepted: true, factor: 1 })
})

test('f silent peers of 3f + 1 do not stop it, f of 3f do', () => {
  const accepted = (peers: number, tolerated: number) => {
    const judge = bootstrapped(peers, tolerated)
    let count = 0
    for (let turn = 0; turn < 20; turn++)
      for (let author = 0; author < peers - tolerated; author++)
        if (judged(judge, author, Number(judge.model)).accepted) count++
    return count
  }
  expect(accepted(7, 2)).toBe(100)
  expect(accepted(6, 2)).toBe(4)
})

test('it goes on from its state as if it had never stopped', () => {
  const judge = bootstrapped(7, 2, { memory: 3 })
  judged(judge, 0, 2)
  const copy = new Judge(
    { filters: { ...filters, memory: 3 }, peers: 7, tolerated: 2 },
    JSON.parse(JSON.stringify(judge.state)) as JudgeState,
  )
  for (const [author, gradient] of [
    [1, 1.9],
    [0, 1.8],
    [6, 40],
    [2, 1.7],
    [3, 1.5],
    [1, 1.2],
  ] as const)
    expect(judged(copy, author, gradient)).toEqual(judged(judge, author, gradient))
  expect(copy.state).toEqual(judge.state)
})

test('it names few vectors, however long it has judged', () => {
  const judge = bootstrapped(7, 2)
  for (let turn = 0; turn < 50; turn++) judged(judge, turn % 7, Number(judge.model) * (1 + turn / 1000))
  expect(judge.named.length).toBeLessThanOrEqual(2 * 7 + 4)
  // And one coefficient each, where one is remembered.
  expect(judge.state.workers.map(({ coefficients }) => coefficients.length)).toEqual(Array(7).fill(1))
})

test('a second gradient on one model is judged, and gives no coefficient', () => {
  const judge = bootstrapped(4, 1)
  judged(judge, 3, -20, '2')
  const before = judge.state.workers
  expect(judged(judge, 3, -30, '2').accepted).toBe(false)
  expect(judge.state.workers[3]!.coefficients).toEqual(before[3]!.coefficients)
})

test('what lies behind the escape of public code: after n refusals one passes', () => {
  const judge = bootstrapped(4, 1, { escape: true })
  const passed = [0, 1, 2, 3, 4].map(() => judged(judge, 3, -20, '2').accepted)
  expect(passed).toEqual([false, false, false, false, true])
})
