import { describe, expect, it, vi } from 'vitest'
import {
  AveragingSwarm,
  type AveragingSwarmOptions,
  diameterOf,
  length,
  twoFaced,
} from '../../testing/averaging-swarm.ts'
import { junk, replay, silent } from '../../testing/liars.ts'
import { contractionOf } from './contraction.ts'
import { type Averaging, lastStage } from './settings.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const rbTm: Averaging = { method: 'rb-tm', mode: 'asynchronous', heterogeneous: true }

const rows: readonly Averaging[] = [
  rbTm,
  ...(['trimmed-mean', 'mda', 'nna'] as const).flatMap((method) =>
    (['synchronous', 'asynchronous'] as const).map((mode) => ({ method, mode, heterogeneous: true })),
  ),
]

function run(
  options: Partial<AveragingSwarmOptions> & Pick<AveragingSwarmOptions, 'averaging' | 'peers'>,
): AveragingSwarm {
  const swarm = new AveragingSwarm({ tolerated: 1, seed: 1, rounds: 3, ...options })
  swarm.run(60_000, () => swarm.allAveraged(options.rounds ?? 3))
  return swarm
}

/** Of every stage that agrees, no coordinate (or the distance) of honest vectors grows by more than the formula says. */
function expectContraction(swarm: AveragingSwarm, averaging: Averaging, peers: number, rounds = 3): void {
  const { ratio } = contractionOf(averaging, peers, 1)
  expect(ratio).toBeLessThan(1)
  const trimmed = averaging.method === 'rb-tm' || averaging.method === 'trimmed-mean'
  for (let round = 1; round <= rounds; round++)
    for (let stage = 1; stage <= lastStage(round, averaging); stage++) {
      const before = swarm.resultsOf(round, stage - 1).map(({ numbers }) => numbers)
      const after = swarm.resultsOf(round, stage).map(({ average }) => average)
      expect(before).toHaveLength(swarm.honest.length)
      expect(after).toHaveLength(swarm.honest.length)
      for (let at = 0; at < (trimmed ? length : 1); at++) {
        const measure = trimmed ? 'coordinate' : 'Euclidean'
        const bound = ratio * diameterOf(before, measure, at)
        expect(diameterOf(after, measure, at)).toBeLessThanOrEqual(bound + 1e-4)
        if (!trimmed) continue
        // And within what honest peers had.
        const column = before.map((numbers) => numbers[at]!)
        for (const numbers of after) {
          expect(numbers[at]).toBeGreaterThanOrEqual(Math.min(...column) - 1e-4)
          expect(numbers[at]).toBeLessThanOrEqual(Math.max(...column) + 1e-4)
        }
      }
    }
}

describe.each(rows)('averaging by $method, $mode', (averaging) => {
  const peers = contractionOf(averaging, 100, 1).least + 1

  it('ends every round with honest peers, whose models come closer at each stage', () => {
    const swarm = run({ averaging, peers })
    expect(swarm.allAveraged(3)).toBe(true)
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
    for (const averaged of swarm.averaged) expect(averaged.map(({ round }) => round)).toEqual([1, 2, 3])
    expectContraction(swarm, averaging, peers)
  })

  it('bears a liar with many faces: n at the bound, any order of messages', () => {
    for (let seed = 0; seed < 6; seed++) {
      const late = averaging.mode === 'asynchronous' ? 250 : 40
      const liars = new Map([[seed % peers, twoFaced]])
      const swarm = run({
        averaging,
        peers,
        seed,
        liars,
        relay: false,
        delayMs: late,
        batchMs: seed % 3 === 0 ? 20 : 0,
      })
      expect(swarm.allAveraged(3), `seed ${seed}`).toBe(true)
      expectContraction(swarm, averaging, peers)
      for (const culprit of swarm.culprits()) expect(culprit).toBe(seed % peers)
    }
  })

  it('names the liar whose words meet', () => {
    const swarm = run({ averaging, peers, liars: new Map([[2, twoFaced]]) })
    expect(swarm.allAveraged(3)).toBe(true)
    expect(swarm.culprits()).toEqual([2])
  })

  it.each(Object.entries({ silent, junk, replay }))('goes on when a peer is %s', (_, lie) => {
    const swarm = run({ averaging, peers, liars: new Map([[1, lie]]), seed: 3 })
    expect(swarm.allAveraged(3)).toBe(true)
    expect(swarm.culprits().filter((culprit) => culprit !== 1)).toEqual([])
    for (const { peer } of swarm.faults) expect(swarm.honest).not.toContain(Number(peer))
  })

  it('stops when one peer more is silent', () => {
    const liars = new Map([
      [0, silent],
      [1, silent],
    ])
    const swarm = run({ averaging, peers, liars })
    expect(swarm.averaged.flat()).toEqual([])
  })
})

describe('RB-TM', () => {
  it('any two honest peers share the vectors of n−f authors at every stage', () => {
    for (let seed = 0; seed < 4; seed++) {
      const liars = new Map([
        [seed % 7, twoFaced],
        [(seed + 2) % 7, seed % 2 === 0 ? twoFaced : silent],
      ])
      const swarm = run({ averaging: rbTm, peers: 7, tolerated: 2, seed, liars, relay: seed % 4 < 2, delayMs: 250 })
      expect(swarm.allAveraged(3), `seed ${seed}`).toBe(true)
      for (let round = 1; round <= 3; round++)
        for (let stage = 0; stage <= lastStage(round, rbTm); stage++) {
          const sets = swarm
            .resultsOf(round, stage)
            .map(({ members }) => members.map((member) => Object.values(member).join()))
          for (const a of sets)
            for (const b of sets) expect(a.filter((member) => b.includes(member)).length).toBeGreaterThanOrEqual(5)
        }
    }
  })

  it('with more than f liars honest peers can be led anywhere', () => {
    const far = (seed: number): boolean => {
      const liars = new Map([
        [0, twoFaced],
        [1, twoFaced],
      ])
      const swarm = run({ averaging: { ...rbTm, method: 'trimmed-mean' }, peers: 4, liars, seed, relay: false })
      return swarm.results.some(({ peer, numbers }) => swarm.honest.includes(peer) && Math.max(...numbers) > 1e5)
    }
    expect([1, 2, 3, 4, 5].some(far)).toBe(true)
  })
})
