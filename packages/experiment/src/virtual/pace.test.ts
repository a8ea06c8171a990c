import { type Adversary, around } from '@hearsay/adversary'
import { digestOf, exact, type Peer, sealEnvelopes } from '@hearsay/protocol'
import { describe, expect, it } from 'vitest'
import { offered } from '../testing/liars.ts'
import type { ModelledSwarmOptions } from '../testing/modelled-swarm.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

const roundMs = 1000
/** Of a round with nobody slow: eight delays of up to 40 ms, more than once when something is asked for. */
const aRoundMs = 500

const agreements = [
  { name: 'exact', options: {} },
  { name: 'averaging', options: { averaging: { method: 'rb-tm', mode: 'asynchronous', heterogeneous: false } } },
] satisfies { name: string; options: Partial<ModelledSwarmOptions> }[]

function swarmOf(options: Partial<ModelledSwarmOptions>, pace = roundMs): RecordedSwarm {
  return new RecordedSwarm({
    ...{ peers: 4, tolerated: 1, seed: 5, rounds: 6, training: { ms: 20 } },
    links: { latency: { uniform: [0, 40] } },
    timing: { graceMs: 200, timeoutMs: 100, askMs: 300, roundMs: pace },
    ...options,
  })
}

/** When the first honest peer began each round, from round 1. */
function firstBeginnings(swarm: RecordedSwarm, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, at) =>
    Math.min(
      ...swarm.honest
        .flatMap((peer) => swarm.begun[peer]!.filter(({ round }) => round === at + 1))
        .map(({ atMs }) => atMs),
    ),
  )
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, at) => time - times[at]!)

/** Announces an update of each round that it hears of, and of the next, before it trains or anybody else does. */
const hurrier: Adversary = {
  participant: (powers) => {
    const { self, network, honest } = powers
    const announced = new Set<number>()
    return around(honest(), (step) => {
      const sends = [...step.sends]
      for (const { envelope } of step.sends) {
        const checkpoint = envelope.statements.find(({ kind }) => kind === 'checkpoint')
        const next = {
          round: envelope.round + 1,
          previous: checkpoint && 'checkpoint' in checkpoint ? digestOf(checkpoint.checkpoint) : network.genesis,
        }
        if (checkpoint === undefined && network.agreement.name === exact.name) continue
        if (announced.has(next.round)) continue
        announced.add(next.round)
        const stage = network.agreement.name === exact.name ? {} : { stage: 0 }
        const statements = [{ kind: 'init', digest: offered(powers, next.round, next.round), ...stage } as const]
        for (const early of sealEnvelopes({ author: self, ...next, statements }, network))
          sends.push({ to: 'all', envelope: early })
      }
      // Its honest self would announce another in the same slot: of the rounds after the first it only hears.
      return { ...step, sends, work: step.work.filter((work) => work.kind !== 'train' || work.round === 1) }
    })
  },
}

/** All but the last peer, and the last. */
const withoutLast = (from: number, to: number): boolean => from !== 3 && to !== 3

describe.each(agreements)('rounds by $name agreement', ({ options }) => {
  it('begin as far apart as the network wants, and no farther', () => {
    const swarm = swarmOf(options).runRounds(6)
    expect(swarm.isOver(6)).toBe(true)
    for (const gap of gaps(firstBeginnings(swarm, 6))) {
      expect(gap).toBeGreaterThanOrEqual(roundMs)
      expect(gap).toBeLessThan(roundMs + aRoundMs)
    }
  })

  it('take as long as their messages when no time is given', () => {
    const swarm = swarmOf(options, 0).runRounds(6)
    for (const gap of gaps(firstBeginnings(swarm, 6))) expect(gap).toBeLessThan(aRoundMs)
  })

  it('are not hurried by f liars that announce at once', () => {
    const swarm = swarmOf({ ...options, liars: new Map([[2, hurrier]]) }).runRounds(6)
    expect(swarm.isOver(6)).toBe(true)
    const early = swarm.sent[2]!.filter(
      ({ round, statements }) => round > 1 && statements.some(({ kind }) => kind === 'init'),
    )
    expect(early.length).toBeGreaterThan(3)
    for (const gap of gaps(firstBeginnings(swarm, 6))) expect(gap).toBeGreaterThanOrEqual(roundMs)
  })

  it('are begun together again, however late one began its first', () => {
    const swarm = swarmOf(options)
    swarm.network.crash(3)
    swarm.runFor(700)
    swarm.network.restart(3)
    swarm.runRounds(6)
    const of = (peer: number, round: number): number =>
      swarm.begun[peer]!.find((each) => each.round === round)?.atMs ?? 0
    expect(swarm.begun[3]![0]!.atMs).toBeGreaterThan(600)
    for (const round of [3, 4, 5]) expect(Math.abs(of(3, round) - of(0, round)), `round ${round}`).toBeLessThan(200)
  })

  it('end after the last, at everybody, and nobody speaks of another', () => {
    const swarm = swarmOf({ ...options, rounds: 2, ends: true }, 0)
    swarm.runFor(60_000)
    expect([...swarm.ended].sort()).toEqual([0, 1, 2, 3])
    expect(swarm.isOver(2)).toBe(true)
    expect(Math.max(...swarm.sent.flat().map(({ round }) => round))).toBe(2)
    for (const peer of swarm.participants) expect((peer as Peer).progress).toBeUndefined()
  })
})

describe('a peer that is behind', () => {
  it('catches up at once, whatever the pace', () => {
    const swarm = swarmOf({})
    swarm.network.setReach(withoutLast)
    swarm.network.run(() => swarm.height(0) >= 5, 60_000)
    expect(swarm.certified[3]).toEqual([])
    const healedMs = swarm.network.nowMs()
    swarm.network.setReach(() => true)
    swarm.network.run(() => swarm.height(3) >= 5, 60_000)
    expect(swarm.network.nowMs() - healedMs).toBeLessThan(roundMs)
  })

  it.each(agreements)('is given the end of a network that ended without it, by $name agreement', ({ options }) => {
    const swarm = swarmOf({ ...options, rounds: 3, ends: true }, 0)
    swarm.network.setReach(withoutLast)
    swarm.runFor(10_000)
    expect([...swarm.ended].sort()).toEqual([0, 1, 2])
    swarm.network.setReach(() => true)
    swarm.runFor(20_000)
    expect(swarm.isOver(3)).toBe(true)
    expect(swarm.ended.has(3)).toBe(true)
    // Nor does it begin anew when it is started again.
    const said = swarm.sent[3]!.length
    swarm.restart(3)
    swarm.runFor(30_000)
    expect(new Set(swarm.sent[3]!.slice(said).map(({ round }) => round)).has(4)).toBe(false)
    expect(swarm.begun[3]!.every(({ round }) => round <= 3)).toBe(true)
  })
})
