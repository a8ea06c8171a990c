/** Averaging agreement in whole networks: what comes closer, whoever lies, and what brings back who was lost. */
import { type Adversary, createAdversary } from '@hearsay/adversary'
import { type Averaging, contractionOf, lastStage } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { type Average, modelledLength } from '@hearsay/virtual/testing/modelled-vectors'
import { describe, expect, it, vi } from 'vitest'
import { junk, twoFaced } from '../testing/liars.ts'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const rbTm: Averaging = { method: 'rb-tm', mode: 'asynchronous', heterogeneous: true }

const rows: readonly Averaging[] = [
  rbTm,
  ...(['trimmed-mean', 'mda', 'nna'] as const).flatMap((method) =>
    (['synchronous', 'asynchronous'] as const).map((mode) => ({ method, mode, heterogeneous: true })),
  ),
]

const peersOf = (averaging: Averaging): number => contractionOf(averaging, 100, 1).least + 1
const upTo = (ms: number) => ({ latency: { uniform: [0, ms] as const }, reordering: 1 })
const shipped = (behaviour: string): Adversary => createAdversary({ behaviour }, 1)

/** With so many liars who tell everybody something else, at these positions. */
function swarmOf(
  options: Partial<ModelledSwarmOptions> & Pick<ModelledSwarmOptions, 'averaging' | 'peers'>,
  faces: readonly number[] = [],
): RecordedSwarm {
  const lie = twoFaced((round, stage) => averagesOf(swarm, round, stage).map(({ numbers }) => numbers))
  const liars = new Map([...(options.liars ?? []), ...faces.map((peer) => [peer, lie] as const)])
  const swarm: RecordedSwarm = new RecordedSwarm({
    ...{ tolerated: 1, seed: 1, rounds: 3, links: upTo(40), timing: { graceMs: 200, askMs: 300 } },
    ...options,
    liars,
  })
  return swarm
}

/** What honest peers made of a stage. */
function averagesOf(swarm: RecordedSwarm, round: number, stage: number): Average[] {
  return swarm.averages.filter(
    ({ peer, work }) => work.round === round && work.stage === stage && swarm.honest.includes(peer),
  )
}

/** The largest distance between two, in any one coordinate (of trimmed means), or as Euclid has it. */
function diameterOf(vectors: readonly Float32Array[], measure: 'coordinate' | 'Euclidean', at = 0): number {
  const distance = (a: Float32Array, b: Float32Array): number =>
    measure === 'coordinate'
      ? Math.abs(a[at]! - b[at]!)
      : Math.sqrt(a.reduce((sum, value, column) => sum + (value - b[column]!) ** 2, 0))
  return Math.max(0, ...vectors.flatMap((a) => vectors.map((b) => distance(a, b))))
}

/** Of every stage that agrees, no coordinate (or the distance) of honest vectors grows by more than the formula says. */
function expectContraction(swarm: RecordedSwarm, averaging: Averaging, peers: number, rounds = 3): void {
  const { ratio } = contractionOf(averaging, peers, 1)
  expect(ratio).toBeLessThan(1)
  const trimmed = averaging.method === 'rb-tm' || averaging.method === 'trimmed-mean'
  for (let round = 1; round <= rounds; round++)
    for (let stage = 1; stage <= lastStage(round, averaging); stage++) {
      const before = averagesOf(swarm, round, stage - 1).map(({ numbers }) => numbers)
      const after = averagesOf(swarm, round, stage).map(({ average }) => average)
      expect(before).toHaveLength(swarm.honest.length)
      expect(after).toHaveLength(swarm.honest.length)
      for (let at = 0; at < (trimmed ? modelledLength : 1); at++) {
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
  const peers = peersOf(averaging)

  it('ends every round with honest peers, whose models come closer at each stage', () => {
    const swarm = swarmOf({ averaging, peers }).runRounds(3)
    expect(swarm.isOver(3)).toBe(true)
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
    for (const ended of swarm.rounds) expect(ended.map(({ round }) => round)).toEqual([1, 2, 3])
    expectContraction(swarm, averaging, peers)
  })

  it('bears a liar with many faces: n at the bound, any order of messages', () => {
    for (let seed = 0; seed < 4; seed++) {
      const links = upTo(averaging.mode === 'asynchronous' ? 250 : 40)
      const stepMs = seed % 3 === 0 ? 20 : 0
      const swarm = swarmOf({ averaging, peers, seed, relayDegree: 0, links, stepMs }, [seed % peers]).runRounds(3)
      expect(swarm.isOver(3), `seed ${seed}`).toBe(true)
      expectContraction(swarm, averaging, peers)
      for (const culprit of swarm.culprits()) expect(culprit).toBe(seed % peers)
    }
  })

  it('names the liar whose words meet', () => {
    const swarm = swarmOf({ averaging, peers }, [2]).runRounds(3)
    expect(swarm.isOver(3)).toBe(true)
    expect(swarm.culprits()).toEqual([2])
  })

  it.each(Object.entries({ silent: shipped('silent'), junk, replay: shipped('replay') }))(
    'goes on when a peer is %s',
    (_, lie) => {
      const swarm = swarmOf({ averaging, peers, liars: new Map([[1, lie]]), seed: 3 }).runRounds(3)
      expect(swarm.isOver(3)).toBe(true)
      expect(swarm.culprits().filter((culprit) => culprit !== 1)).toEqual([])
      for (const { peer } of swarm.faults) expect(swarm.honest).not.toContain(peer)
    },
  )

  it('stops when one peer more is silent', () => {
    const liars = new Map([0, 1].map((peer) => [peer, shipped('silent')]))
    const swarm = swarmOf({ averaging, peers, liars }).runRounds(3, 10_000)
    expect(swarm.rounds.flat()).toEqual([])
  })

  it('loses most messages for ever, and asks bring them back', () => {
    const random = randomStream(5, 'losses')
    const loses = (): boolean => random.below(10) < 6
    const swarm = swarmOf({ averaging, peers, relayDegree: 0, loses, seed: 5 }).runRounds(3)
    expect(swarm.isOver(3)).toBe(true)
    expect(swarm.evidence).toEqual([])
  })

  it('cuts one peer off for some rounds, which then joins the others and takes part', () => {
    const swarm = swarmOf({ averaging, peers, seed: 6, rounds: 14 })
    swarm.network.setReach((from, to) => from !== 0 && to !== 0)
    swarm.runRounds(14, 2500)
    expect(Math.min(...swarm.rounds.slice(1).map((ended) => ended.length))).toBeGreaterThan(1)
    expect(swarm.rounds[0]).toEqual([])
    swarm.network.setReach(() => true)
    swarm.runRounds(14, 200_000)
    expect(swarm.isOver(14)).toBe(true)
    // It did not go through all that it had missed, and its words are heard again.
    expect(swarm.rounds[0]!.length).toBeLessThan(14)
    expect(swarm.rounds[0]!.at(-1)!.round).toBe(14)
    const heard = swarm.rounds.slice(1).some((ended) => ended.at(-1)!.members.some(({ peer }) => peer === 0))
    expect(heard).toBe(true)
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
  })

  it('kills peers and starts them again, and they contradict nothing that they said', () => {
    for (let seed = 0; seed < 2; seed++) {
      const random = randomStream(seed, 'kills')
      const swarm = swarmOf({ averaging, peers, seed, rounds: 4, stepMs: 10 * (seed % 2) })
      for (let atMs = 10; !swarm.isOver(4) && atMs < 30_000; atMs += 10 + random.below(60)) {
        swarm.runRounds(4, atMs)
        if (atMs < 1500) swarm.restart(random.below(peers))
      }
      expect(swarm.isOver(4), `seed ${seed}`).toBe(true)
      expect(swarm.evidence).toEqual([])
      expect(swarm.faults).toEqual([])
    }
  })
})

describe('RB-TM', () => {
  it('any two honest peers share the vectors of n−f authors at every stage', () => {
    for (let seed = 0; seed < 4; seed++) {
      const second = (seed + 2) % 7
      const faces = seed % 2 === 0 ? [seed % 7, second] : [seed % 7]
      const liars = new Map(seed % 2 === 0 ? [] : [[second, shipped('silent')] as const])
      const relay = seed < 2 ? {} : { relayDegree: 0 }
      const options = { averaging: rbTm, peers: 7, tolerated: 2, seed, liars, links: upTo(250), ...relay }
      const swarm = swarmOf(options, faces).runRounds(3)
      expect(swarm.isOver(3), `seed ${seed}`).toBe(true)
      for (let round = 1; round <= 3; round++)
        for (let stage = 0; stage <= lastStage(round, rbTm); stage++) {
          const sets = averagesOf(swarm, round, stage).map(({ work }) =>
            work.members.map((member) => Object.values(member).join()),
          )
          for (const a of sets)
            for (const b of sets) expect(a.filter((member) => b.includes(member)).length).toBeGreaterThanOrEqual(5)
        }
    }
  })

  it('with more than f liars honest peers can be led anywhere', () => {
    const far = (seed: number): boolean => {
      const averaging = { ...rbTm, method: 'trimmed-mean' } as const
      const swarm = swarmOf({ averaging, peers: 4, seed, relayDegree: 0 }, [0, 1]).runRounds(3)
      return swarm.averages.some(({ peer, numbers }) => swarm.honest.includes(peer) && Math.max(...numbers) > 1e5)
    }
    expect([1, 2, 3, 4, 5].some(far)).toBe(true)
  })

  it('is split in two, and heals', () => {
    const swarm = swarmOf({ averaging: rbTm, peers: 7, tolerated: 2, seed: 2 })
    swarm.network.setReach((from, to) => from % 2 === to % 2)
    swarm.runRounds(3, 2000)
    expect(swarm.rounds.flat()).toEqual([])
    swarm.network.setReach(() => true)
    expect(swarm.runRounds(3).isOver(3)).toBe(true)
  })
})
