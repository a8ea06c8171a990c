import { protocolAttacks } from '@hearsay/adversary'
import { Quorums } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { describe, expect, it } from 'vitest'
import { addFindings, exploreSeed, noFindings } from './explore-seeds.ts'
import { patience, runSchedule } from './run-schedule.ts'
import { drawSchedule, type Schedule } from './schedule.ts'
import { withPauses } from './schedule-pauses.ts'
import { shrink } from './shrink.ts'
import { storyOf } from './story.ts'

/** All links up and quick, nothing lost, nobody lies or crashes. */
const calm: Schedule = {
  seed: 1,
  peers: 7,
  tolerated: 2,
  rounds: 2,
  liars: [],
  links: { latency: { ms: 20 }, loss: 0, duplication: 0, reordering: 0 },
  delayMs: 0,
  training: { ms: 50 },
  stepMs: 0,
  oneByOne: false,
  partitions: [],
  crashes: [],
  healMs: 20_000,
}

/** One more than f tell two halves two stories while they are the only link between them. */
const forked: Schedule = {
  ...calm,
  liars: [0, 1, 2].map((peer) => ({ peer, behaviour: { behaviour: 'split-brain' } })),
  partitions: [{ fromMs: 0, untilMs: 15_000, side: [3, 4], bridges: true }],
  crashes: [{ peer: 5, atMs: 9_000, forMs: 10 }],
  links: { ...calm.links, duplication: 0.1 },
}

/** Killed in a round of which it then knows nothing any more: it has said INIT there, and would train something else. */
const forgetting: Schedule = { ...calm, crashes: [{ peer: 2, atMs: 120, forMs: 200, forgets: true }] }

describe('schedules at random', () => {
  it('with at most f liars nothing goes wrong', () => {
    const findings = noFindings()
    for (let seed = 1; seed <= 60; seed++) addFindings(findings, exploreSeed(seed))
    expect(findings.failures).toEqual([])
    expect(findings.schedules).toBe(60)
    expect(findings.peers['4']).toBeGreaterThan(30)
    expect(findings.mostPatience).toBeLessThan(1)
  })

  it('and neither when liars pause for ever, or all now and then, by any policy and budget', () => {
    const policies = new Set<string>()
    for (let seed = 1; policies.size < 5 || seed <= 12; seed++) {
      const schedule = withPauses(drawSchedule(seed), randomStream(seed, 'test'))
      policies.add(schedule.pausing!.terms!.policy)
      expect(runSchedule(schedule).wrong).toBeUndefined()
    }
  })

  it('a peer that lost what it said says nothing in a round in which it has spoken', () => {
    const told: string[] = []
    const said = new Set<number>()
    const { wrong } = runSchedule(forgetting, (peer, step, _, nowMs) => {
      if (peer !== 2) return
      for (const output of step.outputs) if (output.kind === 'vigil') told.push(output.state)
      for (const { envelope } of step.sends) if (nowMs > 120) said.add(envelope.round)
    })
    expect(wrong).toBeUndefined()
    expect(told).toEqual(['asking', 'silent'])
    expect([...said]).toEqual([])
  })

  it('are drawn from the seed, have at most f liars, and every kind of fault', () => {
    const drawn = Array.from({ length: 2000 }, (_, seed) => drawSchedule(seed))
    expect(drawSchedule(7)).toEqual(drawn[7])
    const sizes = new Set(drawn.map(({ peers }) => peers))
    expect([...sizes].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    for (const { peers, weights, tolerated, liars, crashes } of drawn) {
      const quorums = new Quorums(weights ?? Array(peers).fill(1), tolerated)
      expect(quorums.total - 3 * tolerated).toBeGreaterThanOrEqual(1)
      if (weights === undefined) expect(peers - 3 * tolerated).toBeLessThanOrEqual(3)
      expect(quorums.weigh(liars.map(({ peer }) => peer))).toBeLessThanOrEqual(tolerated)
      for (const { peer } of crashes) expect(liars.map((liar) => liar.peer)).not.toContain(peer)
    }
    const behaviours = new Set(drawn.flatMap(({ liars }) => liars.map(({ behaviour }) => behaviour.behaviour)))
    // And twins.
    expect(behaviours.size).toBe(protocolAttacks.size + 1)
    for (const has of [
      ({ crashes }: Schedule) => crashes.some(({ forgets }) => forgets === true),
      ({ links }: Schedule) => links.loss > 0 && links.duplication > 0 && links.reordering > 0,
      ({ partitions }: Schedule) => partitions.length > 0,
      ({ crashes }: Schedule) => crashes.length > 0,
      ({ delayMs, oneByOne }: Schedule) => delayMs > 0 && oneByOne,
      ({ degree }: Schedule) => degree !== undefined,
      ({ peers, tolerated, liars }: Schedule) => peers > 3 * tolerated + 1 && liars.length === tolerated,
      ({ weights, peers, liars }: Schedule) => weights !== undefined && 2 * liars.length > peers,
      ({ weights, peers, liars }: Schedule) => weights !== undefined && liars.length > 0 && 4 * liars.length <= peers,
    ])
      expect(drawn.filter(has).length).toBeGreaterThan(5)
  })

  it('the same schedule tells the same story', () => {
    const schedule = drawSchedule(11)
    const story = storyOf(schedule)
    expect(story.length).toBeGreaterThan(10)
    expect(storyOf(schedule)).toEqual(story)
  })
})

describe('schedules of unlike weight', () => {
  it('with liars of weight up to f nothing goes wrong, also while they are evicted, and weights follow vouches', () => {
    const findings = noFindings()
    for (let seed = 1; seed <= 20; seed++) addFindings(findings, exploreSeed(seed, 'weighted'))
    expect(findings.failures).toEqual([])
    expect(findings.weighted).toBe(20)
    expect(findings.evicted).toBeGreaterThan(0)
    expect(findings.moved).toBeGreaterThan(0)
    expect(findings.manyHeads).toBeGreaterThan(0)
  })
})

describe('what goes wrong is found', () => {
  it('a fork, by one liar more than f, and the schedule is made simpler', () => {
    const { wrong } = runSchedule(forked)
    expect(wrong).toMatchObject({ kind: 'safety', what: 'two honest peers certified different checkpoints of round 1' })
    const simplest = shrink(forked, runSchedule)
    expect(simplest.peers).toBe(4)
    expect(simplest.rounds).toBe(1)
    expect(simplest.crashes).toEqual([])
    expect(simplest.links.duplication).toBe(0)
    expect(simplest.liars).toHaveLength(2)
    expect(simplest.partitions).toHaveLength(1)
    expect(runSchedule(simplest).wrong?.kind).toBe('safety')
    expect(storyOf(simplest).at(-1)).toContain('two honest peers certified different checkpoints')
  })

  it('rounds that stop, by one silent peer more than f', () => {
    const liars = [0, 1, 2].map((peer) => ({ peer, behaviour: { behaviour: 'silent' } }))
    const stopped = { ...calm, liars, healMs: 100 }
    expect(runSchedule(stopped).wrong).toMatchObject({
      kind: 'liveness',
      what: expect.stringContaining('0,0,0,0 of 2'),
    })
    expect(runSchedule({ ...stopped, liars: liars.slice(1) }).wrong).toBeUndefined()
    expect(patience(stopped)).toBeGreaterThan(10)
  })

  it('twins of at most f identities fork nothing, and more do', () => {
    const twins = (count: number): Schedule['liars'] =>
      Array.from({ length: count }, (_, peer) => ({ peer, behaviour: { behaviour: 'twins' } }))
    const goesWrong = (count: number): boolean =>
      Array.from({ length: 20 }, (_, seed) => seed).some(
        (seed) => runSchedule({ ...calm, seed, liars: twins(count), healMs: 5000 }).wrong !== undefined,
      )
    expect(goesWrong(2)).toBe(false)
    expect(goesWrong(5)).toBe(true)
  })
})
