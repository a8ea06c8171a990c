import { namedStream } from '@hearsay/catalogue/random'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Contribution, Member } from '../words/member.ts'
import { type PausePolicy, pausePolicies } from '../words/pauses.ts'
import { policies } from './policies.ts'
import type { Attendance } from './policy.ts'

/** Peers that each learn ½(x − c)², by an update −(x − c). Together the optimum is 3. */
const centres = [0, 1, 2, 9]
const fresh = (peer: number): Member => ({ peer, digest: `fresh ${peer}` })
const lastOf = (peer: number): string => `last ${peer}`

interface Round {
  readonly x: number
  readonly pauses: readonly boolean[]
  readonly shares: readonly number[]
  /** Where each peer was when it took part last. */
  readonly lasts: readonly (number | undefined)[]
}

function contributionsOf(policy: PausePolicy, { pauses, shares, lasts }: Omit<Round, 'x'>) {
  const attendance: Attendance = {
    members: pauses.map((_, peer) => fresh(peer)),
    pauses: ({ peer }) => pauses[peer]!,
    last: (peer) => (lasts[peer] === undefined ? undefined : lastOf(peer)),
    share: (peer) => shares[peer]!,
  }
  return policies[policy](attendance)
}

/** The mean of what the policy takes in; undefined when nothing is learnt. */
function meanUpdate(policy: PausePolicy, round: Round): number | undefined {
  const taken = contributionsOf(policy, round)
  if (taken === undefined || taken.length === 0) return undefined
  const update = ({ peer, digest, scale = 1 }: Contribution): number => {
    const at = digest === lastOf(peer) ? round.lasts[peer]! : round.x
    return scale * (centres[peer]! - at)
  }
  return taken.reduce((sum, each) => sum + update(each), 0) / taken.length
}

/** The expected move from x, over all sets of those who pause; what stands in was made at x, as it is at rest. */
function drift(policy: PausePolicy, shares: readonly number[], x: number): number {
  let sum = 0
  for (let set = 0; set < 2 ** centres.length; set++) {
    const pauses = centres.map((_, peer) => (set & (1 << peer)) !== 0)
    const probability = pauses.reduce(
      (product, pauses, peer) => product * (pauses ? shares[peer]! : 1 - shares[peer]!),
      1,
    )
    sum += probability * (meanUpdate(policy, { x, pauses, shares, lasts: centres.map(() => x) }) ?? 0)
  }
  return sum
}

/** Where the drift, which is a line, is zero. */
function restOf(policy: PausePolicy, shares: readonly number[]): number {
  const [atZero, atOne] = [drift(policy, shares, 0), drift(policy, shares, 1)]
  return atZero / (atZero - atOne)
}

describe('quadratics, of which the fourth pauses', () => {
  test.each<[PausePolicy, number, number]>([
    ['present', 0.5, 2],
    ['zero', 0.5, 15 / 7],
    ['prune', 0.5, 3],
    ['memory', 0.5, 3],
    ['reweigh', 0.5, 3],
    ['present', 0.9, 1.2],
    ['zero', 0.9, 39 / 31],
    ['prune', 0.9, 3],
    ['memory', 0.9, 3],
    ['reweigh', 0.9, 3],
  ])('%s, with probability %d, comes to rest at %d', (policy, share, rest) => {
    expect(restOf(policy, [0, 0, 0, share])).toBeCloseTo(rest, 12)
  })

  test('no bias where all pause alike', () => {
    expect(restOf('present', [0.3, 0.3, 0.3, 0.3])).toBeCloseTo(3, 12)
  })

  /** The fourth is paused nine times of ten while x is above 2. The last is the mean of the second half. */
  function whileAboveTwo(policy: PausePolicy, rounds: number): { readonly x: number; readonly learnt: number } {
    const random = namedStream('paused above two', 1)
    const lasts: (number | undefined)[] = centres.map(() => undefined)
    let [x, learnt, sum] = [0, 0, 0]
    for (let round = 1; round <= rounds; round++) {
      const pauses = [false, false, false, x > 2 && random.uniform() < 0.9]
      const move = meanUpdate(policy, { x, pauses, shares: [0, 0, 0, 0], lasts })
      for (const peer of centres.keys()) if (!pauses[peer]) lasts[peer] = x
      if (move !== undefined) {
        learnt++
        x += move / (10 + learnt)
      }
      if (round > rounds / 2) sum += x
    }
    return { x: sum / (rounds / 2), learnt }
  }

  test('a pause that depends on the model holds `present` where it begins, and neither `prune` nor `memory`', () => {
    const rounds = 20_000
    expect(whileAboveTwo('present', rounds).x).toBeCloseTo(2, 2)
    expect(whileAboveTwo('memory', rounds).x).toBeCloseTo(3, 2)
    const pruned = whileAboveTwo('prune', rounds)
    expect(pruned.x).toBeCloseTo(3, 1)
    expect(pruned.learnt / rounds).toBeGreaterThan(0.09)
    expect(pruned.learnt / rounds).toBeLessThan(0.11)
  })
})

describe('memory', () => {
  /** All go by a fifth of the mean from x on; the fourth pauses in rounds 11 to 10 + `paused`. */
  function pathOf(paused: number, x: number): number[] {
    const lasts: (number | undefined)[] = centres.map(() => undefined)
    const path: number[] = []
    for (let round = 1; round <= 200; round++) {
      const pauses = [false, false, false, round > 10 && round <= 10 + paused]
      const move = meanUpdate('memory', { x, pauses, shares: [0, 0, 0, 0], lasts })!
      for (const peer of centres.keys()) if (!pauses[peer]) lasts[peer] = x
      x += move / 5
      path.push(x)
    }
    return path
  }

  test('a pause is forgotten: the distance to the run without it goes to 0', () => {
    const whole = pathOf(0, -20)
    for (const paused of [1, 10, 50]) {
      const distances = pathOf(paused, -20).map((x, at) => Math.abs(x - whole[at]!))
      expect(Math.max(...distances)).toBeGreaterThan(0.01)
      const [after, later, last] = [distances[9 + paused]!, distances[39 + paused]!, distances.at(-1)!]
      expect(later).toBeLessThan(0.01 * after)
      expect(last).toBeLessThan(1e-9)
    }
  })

  test('where nobody would move, a pause of anybody moves no bit', () => {
    for (const x of pathOf(50, 3)) expect(x).toBe(3)
  })
})

const rounds = fc.record({
  pauses: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  shares: fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 4, maxLength: 4 }),
  others: fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 4, maxLength: 4 }),
  lasts: fc.array(fc.option(fc.double({ noNaN: true }), { nil: undefined }), { minLength: 4, maxLength: 4 }),
})

describe('neutrality: what is taken in does not depend on how often anybody pauses', () => {
  test.each(pausePolicies.filter((policy) => policy !== 'reweigh'))('%s', (policy) => {
    fc.assert(
      fc.property(rounds, ({ others, ...round }) => {
        expect(contributionsOf(policy, { ...round, shares: others })).toEqual(contributionsOf(policy, round))
      }),
    )
  })

  test('not so reweigh, which has to know it', () => {
    const round = { pauses: [false, false, false, false], lasts: [] }
    expect(contributionsOf('reweigh', { ...round, shares: [0, 0, 0, 0.5] })).not.toEqual(
      contributionsOf('reweigh', { ...round, shares: [0, 0, 0, 0.9] }),
    )
  })

  test.each(pausePolicies)('without pauses %s takes all as they are', (policy) => {
    const round = { pauses: [false, false, false, false], shares: [0, 0, 0, 0], lasts: [] }
    expect(contributionsOf(policy, round)).toEqual([0, 1, 2, 3].map(fresh))
  })
})

/**
 * Two players, and a reward of 1 when both do the same. The second does 1 with probability 0.8; an interruption, with θ, makes it do
 * 0. What the first learns that each of its actions is worth, when it knows nothing of the other's, in as many games.
 */
function worthOf(theta: number, prunes: boolean, games: number): [number, number] {
  const random = namedStream('matrix game', 1)
  const sums: [number, number] = [0, 0]
  const counts: [number, number] = [0, 0]
  for (let game = 0; game < games; game++) {
    const first = random.uniform() < 0.5 ? 0 : 1
    const interrupted = random.uniform() < theta
    const second = !interrupted && random.uniform() < 0.8 ? 1 : 0
    const attendance: Attendance = {
      members: [fresh(0), fresh(1)],
      pauses: ({ peer }) => peer === 1 && interrupted,
      last: () => undefined,
      share: () => theta,
    }
    if (prunes && policies.prune(attendance) === undefined) continue
    sums[first] += first === second ? 1 : 0
    counts[first]++
  }
  return [sums[0] / counts[0], sums[1] / counts[1]]
}

describe('the matrix game of two learners that know only their own actions', () => {
  test.each([
    [0, 0.2, 0.8],
    [0.5, 0.6, 0.4],
    [0.9, 0.92, 0.08],
  ])('interrupted with probability %d, its actions seem to be worth %d and %d', (theta, zero, one) => {
    const worth = worthOf(theta, false, 40_000)
    expect(worth[0]).toBeCloseTo(zero, 1.7)
    expect(worth[1]).toBeCloseTo(one, 1.7)
    expect(0.2 * (1 - theta) + theta).toBeCloseTo(zero, 12)
    expect(0.8 * (1 - theta)).toBeCloseTo(one, 12)
  })

  test('pruned, they are worth what they are, however often it is interrupted', () => {
    for (const theta of [0, 0.5, 0.9]) {
      const [zero, one] = worthOf(theta, true, 200_000)
      expect(Math.abs(zero - 0.2)).toBeLessThan(0.01)
      expect(Math.abs(one - 0.8)).toBeLessThan(0.01)
    }
  })
})
