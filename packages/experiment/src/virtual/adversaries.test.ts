import { type Adversary, createAdversary, type Powers, protocolAttacks } from '@hearsay/adversary'
import { answersToOne } from '@hearsay/peer'
import { verifyEvidence } from '@hearsay/protocol'
import { describe, expect, test } from 'vitest'
import { ModelledSwarm } from '../testing/modelled-swarm.ts'

const rounds = 3

function swarmOf(behaviour: string, peers: number, liarCount: number, seed: number): ModelledSwarm {
  const liars = new Map(
    Array.from({ length: liarCount }, (_, at) => [2 * at + 1, createAdversary({ behaviour }, at)] as const),
  )
  const swarm = new ModelledSwarm({ peers, tolerated: Math.floor((peers - 1) / 3), seed, rounds, liars })
  swarm.network.run(() => swarm.allCertified(rounds), 30_000)
  return swarm
}

function expectNobodyWronged(swarm: ModelledSwarm): void {
  for (const evidence of swarm.evidence) expect(verifyEvidence(evidence.bytes, swarm.networks[0]!)).toEqual(evidence)
  for (const culprit of swarm.culprits()) expect(swarm.honest).not.toContain(culprit)
  for (const { peer } of swarm.faults) expect(swarm.honest).not.toContain(peer)
}

const byEvidence = ['equivocate', 'flip-flop']
const byFaults = ['oversize', 'malformed', 'impersonate', 'pester']

describe.each([...protocolAttacks.keys()])('%s on the virtual network', (behaviour) => {
  test.each([
    [4, 1],
    [7, 2],
  ])('n = %i, f = %i of them stop nothing, and who leaves a trace is named', (peers, tolerated) => {
    for (const seed of [1, 2]) {
      const swarm = swarmOf(behaviour, peers, tolerated, seed)
      expect(swarm.allCertified(rounds)).toBe(true)
      expect(swarm.forks()).toBe(0)
      expect(swarm.halted.size).toBe(0)
      expectNobodyWronged(swarm)
      const liars = [1, 3].slice(0, tolerated)
      expect(swarm.culprits()).toEqual(byEvidence.includes(behaviour) ? liars : [])
      const faulty = [...new Set(swarm.faults.map(({ peer }) => peer))].sort()
      expect(faulty).toEqual(byFaults.includes(behaviour) ? liars : [])
    }
  })

  test('the same seed gives the same trace', () => {
    const digest = (seed: number): string => swarmOf(behaviour, 4, 1, seed).network.traceDigest()
    expect(digest(5)).toBe(digest(5))
    expect(digest(5)).not.toBe(digest(6))
  })

  // A flood that nothing ends is long, and the same each second.
  test.skipIf(behaviour === 'flood')('f+1 of them wrong nobody honest, and fork nothing while all hear all', () => {
    const swarm = swarmOf(behaviour, 4, 2, 3)
    expect(swarm.forks()).toBe(0)
    expectNobodyWronged(swarm)
  })
})

test('what f floods make an honest peer handle is bounded by slots, and what it says is as if they were silent', () => {
  const perLiar = 2 + 2 * 7 + 4 * 16 * 7
  const [flooded, quiet] = [swarmOf('flood', 7, 2, 1), swarmOf('silent', 7, 2, 1)]
  const delivered = ({ network, honest }: ModelledSwarm): number => network.counters.delivered / honest.length
  expect(delivered(flooded) - delivered(quiet)).toBeGreaterThan(2 * perLiar)
  // Liars hear envelopes too, and the next round may have begun.
  expect(delivered(flooded)).toBeLessThan((rounds + 1) * 2 * perLiar * (7 / 5) + 2 * delivered(quiet))
})

test.each([
  [4, 1],
  [7, 2],
])('n = %i: f that serve 4 MiB by drips cost at most half a round, and no byte twice', (peers, tolerated) => {
  const among = (liarCount: number): { readonly tookMs: number; readonly received: number } => {
    const liars = new Map(
      Array.from({ length: liarCount }, (_, at) => [2 * at + 1, createAdversary({ behaviour: 'drip' }, at)] as const),
    )
    const payloadBytes = 4 * 1024 * 1024
    const timing = { graceMs: 1000, timeoutMs: 200, askMs: 500 }
    const links = { latency: { ms: 20 }, bytesPerSecond: 12_500_000 }
    const swarm = new ModelledSwarm({ peers, tolerated, seed: 1, rounds: 6, liars, payloadBytes, timing, links })
    swarm.network.run(() => swarm.allCertified(6), 600_000)
    expect(swarm.allCertified(6)).toBe(true)
    // What they drip is decided in, so all have to get it.
    for (const { checkpoint } of swarm.certified[0]!) expect(checkpoint.members).toHaveLength(peers)
    const most = Math.max(...swarm.honest.map((peer) => swarm.network.counters.receivedBytes[peer]!))
    return { tookMs: swarm.network.nowMs(), received: most / (6 * (peers - 1) * payloadBytes) }
  }
  const [honest, drips] = [among(0), among(tolerated)]
  expect(drips.tookMs).toBeLessThan(1.5 * honest.tookMs)
  expect(drips.received).toBeLessThan(1.1)
})

test('who asks without end is answered at a rate, and rounds take as long as without', () => {
  const among = (behaviour: string | undefined): ModelledSwarm => {
    const liars = behaviour === undefined ? [] : [[1, createAdversary({ behaviour, perSecond: 1000 }, 0)] as const]
    const timing = { graceMs: 1000, timeoutMs: 200, askMs: 500 }
    const swarm = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 60, liars: new Map(liars), timing })
    swarm.network.run(() => swarm.allCertified(60), 600_000)
    expect(swarm.allCertified(60)).toBe(true)
    return swarm
  }
  const [honest, pestered] = [among(undefined).network, among('pester').network]
  const seconds = pestered.nowMs() / 1000
  expect(pestered.counters.asks).toBeGreaterThan(3 * 900 * seconds)
  const { burst, perSecond } = answersToOne
  expect(pestered.counters.answers).toBeLessThan(3 * (burst + seconds * perSecond) + 3 * honest.counters.answers)
  expect(pestered.nowMs()).toBeLessThan(1.1 * honest.nowMs())
})

test('a peer that was away fetches the certified model past a signer that drips', () => {
  // It signs what it holds back the model of.
  const liars = new Map([[0, { serveDelayMs: () => 3_600_000, participant: ({ honest }: Powers) => honest() }]])
  const swarm = new ModelledSwarm({ peers: 7, tolerated: 2, seed: 2, rounds: 8, liars, payloadBytes: 2 ** 21 })
  swarm.network.after(300, () => swarm.network.crash(2))
  swarm.network.after(30_000, () => swarm.network.restart(2))
  swarm.network.run(() => swarm.network.nowMs() >= 30_000)
  expect(swarm.height(2)).toBe(0)
  expect(swarm.height(1)).toBe(8)
  swarm.network.run(() => swarm.allCertified(8), 600_000)
  expect(swarm.network.nowMs()).toBeLessThan(60_000)
})

test('who is proven to lie is not waited for in any later round', () => {
  const timing = { graceMs: 1000, timeoutMs: 200, askMs: 500 }
  const among = (liars: ReadonlyMap<number, Adversary>): ModelledSwarm => {
    const swarm = new ModelledSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 10, liars, timing })
    swarm.network.run(() => swarm.allCertified(10), 600_000)
    expect(swarm.allCertified(10)).toBe(true)
    return swarm
  }
  const honest = among(new Map())
  const swarm = among(new Map([[1, createAdversary({ behaviour: 'equivocate' }, 0)]]))
  expect(swarm.culprits()).toEqual([1])
  for (const peer of swarm.honest) expect(swarm.network.neighbours(peer)).not.toContain(1)
  expect(swarm.network.nowMs()).toBeLessThan(honest.network.nowMs() + 5 * timing.graceMs)
})
