import { type Adversary, createAdversary } from '@hearsay/adversary'
import { namedStream } from '@hearsay/catalogue/random'
import {
  type Checkpoint,
  encodeCertificate,
  isPause,
  LedgerCheck,
  type PausePolicy,
  type PauseTerms,
  pausePolicies,
} from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

const rounds = 8

function swarmOf(pauses: PauseTerms, options: Partial<ModelledSwarmOptions> = {}): RecordedSwarm {
  return new RecordedSwarm({ peers: 4, tolerated: 1, seed: 1, rounds, stepMs: 10, pauses, ...options })
}

/** Runs it, and checks as a stranger does what it certified. */
function chainOf(pauses: PauseTerms, options: Partial<ModelledSwarmOptions> = {}): Checkpoint[] {
  const { rounds: last = rounds } = options
  const swarm = swarmOf(pauses, options).runRounds(last, 400_000)
  expect(swarm.allCertified(last)).toBe(true)
  expect([swarm.forks(), swarm.halted.size, swarm.evidence.length, swarm.faults.length]).toEqual([0, 0, 0, 0])
  const check = new LedgerCheck(swarm.networks[0]!)
  for (const certificate of swarm.certified[swarm.honest[0]!]!)
    expect(check.next(encodeCertificate(certificate))).toMatchObject({ digest: certificate.digest })
  return swarm.certified[swarm.honest[0]!]!.map(({ checkpoint }) => checkpoint)
}

const pausing = ({ members }: Checkpoint): number[] => members.filter(isPause).map(({ peer }) => peer)
/** Models of the rounds that were learnt from, in order. */
const learnt = (chain: readonly Checkpoint[]): string[] =>
  chain.filter(({ pauses }, at) => pauses!.onto !== (chain[at - 1]?.pauses?.onto ?? '')).map(({ model }) => model)
const silent = (...liars: number[]): Map<number, Adversary> =>
  new Map(liars.map((liar) => [liar, createAdversary({ behaviour: 'silent' }, liar)]))

describe.each(pausePolicies)('a network that counts pauses by %s', (policy) => {
  it('runs as one that does not, while nobody pauses', () => {
    const models = learnt(chainOf({ policy }))
    expect(models).toHaveLength(rounds)
    expect(models).toEqual(learnt(chainOf({ policy: 'present' })))
  })

  it('agrees on who pauses, takes the same for all, and goes on where whoever paused stopped', () => {
    const chain = chainOf({ policy }, { pausesIn: (peer, round) => peer === 3 && round % 3 === 2 })
    expect(chain.map(pausing)).toEqual([[], [3], [], [], [3], [], [], [3]])
    const { executed, paused } = chain.at(-1)!.pauses!
    expect(paused).toEqual([0, 0, 0, 3])
    expect(executed).toEqual(policy === 'prune' ? [5, 5, 5, 5] : [8, 8, 8, 5])
  })
})

describe('time-shift invariance: with prune the models that are learnt are those without pauses, digest by digest', () => {
  const unpaused = (seed: number) => learnt(chainOf({ policy: 'prune' }, { seed }))
  const chanceOf = (seed: number, chance: number) => (peer: number, round: number) =>
    namedStream('pause', seed, peer, round).uniform() < chance

  it.each([1, 2, 3])('whoever pauses when, seed %d', (seed) => {
    const whole = unpaused(seed)
    for (const chance of [0.05, 0.2]) {
      const chain = chainOf({ policy: 'prune' }, { seed, rounds: 24, pausesIn: chanceOf(seed, chance) })
      const models = learnt(chain)
      expect(models.length).toBeLessThan(24)
      expect(models.slice(0, rounds)).toEqual(whole.slice(0, models.length))
      for (const { pauses, members } of chain)
        for (const { peer } of members) expect(pauses!.executed[peer]).toBe(pauses!.executed[0])
    }
  })

  it('not so with any other policy', () => {
    for (const policy of ['present', 'zero', 'memory', 'reweigh'] as const) {
      const paused = learnt(chainOf({ policy }, { pausesIn: (peer, round) => peer === 3 && round === 2 }))
      expect(paused[0]).toBe(unpaused(1)[0])
      expect(paused[1]).not.toBe(unpaused(1)[1])
    }
  })
})

describe('neutrality', () => {
  it('the same model, set and updates give the same model, whatever pauses there were before', () => {
    // One pauses in round 1 and another in round 2, or nobody: then all are at the same point in each.
    const once = learnt(chainOf({ policy: 'prune' }, { pausesIn: (peer, round) => peer === 1 && round === 1 }))
    const often = learnt(chainOf({ policy: 'prune' }, { pausesIn: (peer, round) => peer === 2 && round <= 4 }))
    expect(often).toEqual(once.slice(0, often.length))
  })
})

describe('the budget', () => {
  const terms = (policy: PausePolicy, pauses: number): PauseTerms => ({ policy, budget: { pauses, rounds: 4 } })
  const forEver = { pausesIn: (peer: number) => peer === 3, rounds: 12 }

  it('lets a liar that pauses for ever take so many rounds of each window from prune, and no more', () => {
    const chain = chainOf(terms('prune', 3), forEver)
    expect(learnt(chain)).toHaveLength(3)
    expect(chain.map(({ pauses }) => pauses!.spent[3])).toEqual([1, 2, 3, 3, 1, 2, 3, 3, 1, 2, 3, 3])
    expect(chain.map(({ members }) => members.length)).toEqual([4, 4, 4, 3, 4, 4, 4, 3, 4, 4, 4, 3])
  })

  it('and all of them, were it one more', () => {
    expect(learnt(chainOf(terms('prune', 4), forEver))).toEqual([])
  })

  it('is of each peer: two tolerated liars that take turns leave what is left of the window', () => {
    const turns = {
      peers: 7,
      tolerated: 2,
      rounds: 10,
      pausesIn: (peer: number, round: number) => peer === 5 + (round % 2),
    }
    const budget = (pauses: number): PauseTerms => ({ policy: 'prune', budget: { pauses, rounds: 5 } })
    expect(learnt(chainOf(budget(2), turns)).length).toBeGreaterThanOrEqual(2)
    expect(learnt(chainOf(budget(3), turns))).toEqual([])
  })
})

describe('enough for the rule', () => {
  it('as many pauses as may be missing are learnt without, and one more is not', () => {
    const models = (count: number): string[] =>
      learnt(chainOf({ policy: 'present' }, { peers: 7, tolerated: 2, pausesIn: (peer) => peer >= 7 - count }))
    expect(models(2)).toHaveLength(rounds)
    expect(models(3)).toEqual([])
  })

  it('pauses and silence count together', () => {
    const models = (count: number): string[] =>
      learnt(chainOf({ policy: 'present' }, { liars: silent(0), pausesIn: (peer) => peer > 3 - count }))
    expect(models(0)).toHaveLength(rounds)
    expect(models(1)).toEqual([])
  })

  it.each(['zero', 'reweigh'] as const)('by %s everybody may pause: what is counted is zeros', (policy) => {
    const chain = chainOf({ policy }, { pausesIn: (_, round) => round > 2 })
    expect(learnt(chain)).toHaveLength(rounds)
    expect(chain.at(-1)!.pauses!.executed).toEqual([2, 2, 2, 2])
  })

  it('with memory everybody may pause, and what is certified of each stands in', () => {
    const chain = chainOf({ policy: 'memory' }, { pausesIn: (_, round) => round > 2 })
    expect(chain.map(({ pauses }) => pauses!.executed)).toEqual([[1, 1, 1, 1], ...Array(7).fill([2, 2, 2, 2])])
    expect(learnt(chain)).toHaveLength(rounds)
  })
})

describe('going back', () => {
  /** So many, the last ones, pause in round 5 and ask to go back to round 2; and what round 5 and the next ended with. */
  function after(asking: number, options: Partial<ModelledSwarmOptions> & { policy?: PausePolicy; to?: number } = {}) {
    const { peers = 4, policy = 'present', to = 2 } = options
    const asks = { pausesIn: (peer: number, round: number) => peer >= peers - asking && round === 5, backTo: () => to }
    return chainOf({ policy }, { ...asks, ...options })
  }
  const goesBack = (chain: readonly Checkpoint[]): boolean => chain[4]!.model === chain[1]!.model

  it.each([
    [4, 1, 3],
    [7, 2, 5],
    [10, 3, 7],
  ])('of %i peers with f = %i it takes %i operators: one less is a pause', (peers, tolerated, enough) => {
    expect(goesBack(after(enough, { peers, tolerated }))).toBe(true)
    expect(goesBack(after(enough - 1, { peers, tolerated }))).toBe(false)
  })

  it.each(pausePolicies)('by %s: learning goes on from there, and what stood in is forgotten', (policy) => {
    const chain = after(3, { policy, ...(policy === 'prune' && { tolerated: 0 }) })
    expect(goesBack(chain)).toBe(true)
    expect(chain[4]!.pauses).toMatchObject({ onto: '', last: policy === 'memory' ? ['', '', '', ''] : [] })
    expect(chain[5]!.pauses!.onto).toBe(chain[1]!.model)
    // What was drawn before is not drawn again.
    expect(chain[5]!.pauses!.executed).toEqual([5, 5, 5, 5])
    expect(chain[5]!.model).not.toBe(chain[2]!.model)
  })

  it('not to where all do not ask to go', () => {
    const to = (peer: number): number => (peer === 3 ? 1 : 2)
    expect(goesBack(after(3, { backTo: to }))).toBe(false)
  })

  it('who asks for a round that has not ended pauses, and asks for nothing', () => {
    const chain = after(4, { to: 5 })
    expect(chain[4]!.members.every(isPause)).toBe(true)
    expect(chain[4]!.model).toBe(chain[3]!.model)
  })

  it('a peer that was cut off meanwhile, and one that starts again, go on from there', () => {
    const swarm = swarmOf({ policy: 'memory' }, { rounds: 10, pausesIn: (_, round) => round === 5, backTo: () => 2 })
    swarm.runRounds(3, 60_000)
    swarm.network.setReach((from, to) => from !== 0 && to !== 0)
    swarm.runFor(5000)
    expect(swarm.height(1)).toBeGreaterThan(5)
    swarm.network.setReach(() => true)
    swarm.restart(1)
    swarm.runRounds(10, 400_000)
    expect(swarm.allCertified(10)).toBe(true)
    expect([swarm.forks(), swarm.evidence.length]).toEqual([0, 0])
    expect(goesBack(swarm.certified[0]!.map(({ checkpoint }) => checkpoint))).toBe(true)
  })
})

describe('a peer that was cut off or that starts again', () => {
  it.each(['memory', 'prune'] as const)('goes on from the checkpoint alone, by %s', (policy) => {
    const swarm = swarmOf({ policy }, { rounds: 20, pausesIn: (peer, round) => peer === 3 && round % 2 === 0 })
    swarm.network.setReach((from, to) => from !== 0 && to !== 0)
    swarm.runRounds(20, 4000)
    expect(swarm.certified[0]).toEqual([])
    expect(swarm.height(1)).toBeGreaterThan(2)
    swarm.network.setReach(() => true)
    swarm.restart(1)
    swarm.runRounds(20, 400_000)
    expect(swarm.allCertified(20)).toBe(true)
    expect([swarm.forks(), swarm.evidence.length]).toEqual([0, 0])
  })
})
