import { describe, expect, it } from 'vitest'
import { exact } from '../agreement/exact/exact.ts'
import { type Liar, Swarm, type SwarmOptions } from '../testing/swarm.ts'
import { digestOf } from '../words/digest.ts'
import { sealEnvelopes } from '../words/envelope.ts'
import type { Peer } from './peer.ts'
import type { Participant, Step } from './step.ts'
import { wrap } from './wrap.ts'

const roundMs = 1000
/** Of a round with nobody slow: seven delays of up to 40 ms, more than once when something is asked for. */
const aRoundMs = 500

const averaging = { method: 'rb-tm', mode: 'asynchronous', heterogeneous: false } as const
const agreements = [
  { name: 'exact', options: {} },
  { name: 'averaging', options: { averaging, perform: averagedText } },
] satisfies { name: string; options: Partial<SwarmOptions> }[]

/** Averaging in words: its numbers are of no account here. */
function averagedText(_: number, work: Parameters<NonNullable<SwarmOptions['perform']>>[1]) {
  if (work.kind === 'fetch') return { kind: 'held' } as const
  if (work.kind !== 'average') return undefined
  const text = work.members.map(({ peer, digest }) => `${peer}:${digest}`).join()
  return { kind: 'averaged', digest: digestOf(new TextEncoder().encode(`${work.stage} ${text}`)) } as const
}

function swarmOf(options: Partial<SwarmOptions>): Swarm {
  return new Swarm({ peers: 4, tolerated: 1, seed: 5, rounds: 6, roundMs, ...options })
}

const over = (swarm: Swarm, round: number): boolean => swarm.allCertified(round) || swarm.allAveraged(round)

/** When the first honest peer began each round, from round 1. */
function firstBeginnings(swarm: Swarm, rounds: number): number[] {
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
function hurrier({ self, network, honest, offer }: Liar): Participant {
  const peer = honest()
  const announced = new Set<string>()
  return wrap(peer, {
    handle: (events, nowMs): Step => {
      const step = peer.handle(events, nowMs)
      const sends = [...step.sends]
      for (const { envelope } of step.sends) {
        const checkpoint = envelope.statements.find(({ kind }) => kind === 'checkpoint')
        const next = {
          round: envelope.round + 1,
          previous: checkpoint && 'checkpoint' in checkpoint ? digestOf(checkpoint.checkpoint) : network.genesis,
        }
        if (checkpoint === undefined && network.agreement === exact) continue
        if (announced.has(`${next.round}`)) continue
        announced.add(`${next.round}`)
        const stage = network.agreement === exact ? {} : { stage: 0 }
        const statements = [{ kind: 'init', digest: offer(`early ${next.round}`), ...stage } as const]
        for (const early of sealEnvelopes({ author: self, ...next, statements }, network))
          sends.push({ to: 'all', envelope: early })
      }
      // Its honest self would announce another in the same slot: of the rounds after the first it only hears.
      return { ...step, sends, work: step.work.filter((work) => work.kind !== 'train' || work.round === 1) }
    },
  })
}

describe.each(agreements)('rounds by $name agreement', ({ options }) => {
  it('begin as far apart as the network wants, and no farther', () => {
    const swarm = swarmOf(options)
    swarm.run(60_000, () => over(swarm, 6))
    expect(over(swarm, 6)).toBe(true)
    for (const gap of gaps(firstBeginnings(swarm, 6))) {
      expect(gap).toBeGreaterThanOrEqual(roundMs)
      expect(gap).toBeLessThan(roundMs + aRoundMs)
    }
  })

  it('take as long as their messages when no time is given', () => {
    const swarm = swarmOf({ ...options, roundMs: 0 })
    swarm.run(60_000, () => over(swarm, 6))
    for (const gap of gaps(firstBeginnings(swarm, 6))) expect(gap).toBeLessThan(aRoundMs)
  })

  it('are not hurried by f liars that announce at once', () => {
    const swarm = swarmOf({ ...options, liars: new Map([[2, hurrier]]) })
    swarm.run(60_000, () => over(swarm, 6))
    expect(over(swarm, 6)).toBe(true)
    const early = swarm.sent[2]!.filter(
      ({ round, statements }) => round > 1 && statements.some(({ kind }) => kind === 'init'),
    )
    expect(early.length).toBeGreaterThan(3)
    for (const gap of gaps(firstBeginnings(swarm, 6))) expect(gap).toBeGreaterThanOrEqual(roundMs)
  })

  it('are begun together again, however late one began its first', () => {
    let late = true
    const swarm = swarmOf({ ...options, blocked: (from, to) => late && (from === 3 || to === 3) })
    swarm.run(700)
    late = false
    swarm.heal()
    swarm.run(60_000, () => over(swarm, 6))
    const of = (peer: number, round: number): number =>
      swarm.begun[peer]!.find((each) => each.round === round)?.atMs ?? 0
    expect(swarm.begun[3]![0]!.atMs).toBeGreaterThan(600)
    for (const round of [3, 4, 5]) expect(Math.abs(of(3, round) - of(0, round)), `round ${round}`).toBeLessThan(200)
  })

  it('end after the last, at everybody, and nobody speaks of another', () => {
    const swarm = swarmOf({ ...options, roundMs: 0, rounds: 2, ends: true })
    swarm.run(60_000)
    expect([...swarm.ended].sort()).toEqual([0, 1, 2, 3])
    expect(over(swarm, 2)).toBe(true)
    expect(Math.max(...swarm.sent.flat().map(({ round }) => round))).toBe(2)
    for (const peer of swarm.participants) expect((peer as Peer).progress).toBeUndefined()
  })
})

describe('a peer that is behind', () => {
  it('catches up at once, whatever the pace', () => {
    let apart = true
    const swarm = swarmOf({ blocked: (from, to) => apart && from !== to && (from === 3 || to === 3) })
    swarm.run(60_000, () => swarm.certified[0]!.length >= 5)
    expect(swarm.certified[3]).toEqual([])
    apart = false
    const healedMs = swarm.nowMs
    swarm.heal()
    swarm.run(60_000, () => swarm.certified[3]!.length >= 5)
    expect(swarm.nowMs - healedMs).toBeLessThan(roundMs)
  })

  it.each(agreements)('is given the end of a network that ended without it, by $name agreement', ({ options }) => {
    let apart = true
    const blocked = (from: number, to: number) => apart && from !== to && (from === 3 || to === 3)
    const swarm = swarmOf({ ...options, roundMs: 0, rounds: 3, ends: true, blocked })
    swarm.run(10_000)
    expect([...swarm.ended].sort()).toEqual([0, 1, 2])
    apart = false
    swarm.heal()
    swarm.run(30_000)
    expect(over(swarm, 3)).toBe(true)
    expect(swarm.ended.has(3)).toBe(true)
    // Nor does it begin anew when it is started again.
    const said = swarm.sent[3]!.length
    swarm.restart(3)
    swarm.run(60_000)
    expect(new Set(swarm.sent[3]!.slice(said).map(({ round }) => round)).has(4)).toBe(false)
    expect(swarm.begun[3]!.every(({ round }) => round <= 3)).toBe(true)
  })
})
