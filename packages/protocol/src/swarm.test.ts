import { describe, expect, it } from 'vitest'
import { Peer } from './shell/peer.ts'
import type { Event, Participant, Step, Work } from './shell/step.ts'
import { wrap } from './shell/wrap.ts'
import { junk, replay } from './testing/liars.ts'
import { type Liar, Swarm } from './testing/swarm.ts'
import { type Digest, digestOf } from './words/digest.ts'
import { openEnvelope } from './words/envelope.ts'

describe('a swarm of honest peers', () => {
  it.each([1, 2, 4, 7, 10])('certifies the same chain with all updates, n = %i', (peers) => {
    const swarm = new Swarm({ peers, tolerated: Math.floor((peers - 1) / 3), seed: peers, rounds: 3 })
    swarm.run(60_000, () => swarm.allCertified(3))
    expect(swarm.allCertified(3)).toBe(true)
    expect(swarm.forks()).toBe(0)
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
    for (const { checkpoint } of swarm.certified[0]!) expect(checkpoint.members).toHaveLength(peers)
    const previous = swarm.certified[0]!.map(({ checkpoint }) => checkpoint.previous)
    expect(previous).toEqual(
      [swarm.optionsOf(0).network.genesis, ...swarm.certified[0]!.map(({ digest }) => digest)].slice(0, 3),
    )
  })

  it('has agreed on every update at the first vote: nobody votes 0, nobody votes in a second phase', () => {
    const swarm = new Swarm({ peers: 7, tolerated: 2, seed: 7, rounds: 2 })
    swarm.run(60_000, () => swarm.allCertified(2))
    for (const { statements } of swarm.sent.flat())
      for (const statement of statements) {
        if ('phase' in statement) expect(statement.phase).toBe(1)
        if (statement.kind === 'estimate') expect(statement.value).toBe(1)
      }
  })
})

describe('determinism', () => {
  const run = (seed: number): Swarm => {
    const liars = new Map([
      [1, junk],
      [4, replay],
    ])
    const swarm = new Swarm({ peers: 7, tolerated: 2, seed, rounds: 2, liars, batchMs: 15 })
    swarm.run(60_000, () => swarm.allCertified(2))
    return swarm
  }

  it('the same seed gives the same bytes of all envelopes at the same times, another seed others', () => {
    expect(run(3).traceDigest()).toBe(run(3).traceDigest())
    expect(run(3).traceDigest()).not.toBe(run(4).traceDigest())
  })

  it('a fresh peer that is handed the same events says the same bytes, and stands where the other stands', () => {
    const swarm = run(5)
    for (const self of swarm.honest) {
      const again = new Peer({ ...swarm.optionsOf(self), memory: 'whole' })
      const sent = swarm.journal
        .filter(({ peer }) => peer === self)
        .flatMap(({ events, nowMs }) => again.handle(events, nowMs).sends.map(({ envelope }) => envelope.id))
      expect(sent).toEqual(swarm.sent[self]!.map(({ id }) => id))
      expect(again.height).toBe((swarm.participants[self] as Peer).height)
    }
  })
})

describe('a peer that is killed and started again from what it keeps', () => {
  it('says nothing twice differently, and the rounds go on', () => {
    for (let seed = 0; seed < 24; seed++) {
      const swarm = new Swarm({
        peers: 4,
        tolerated: 1,
        seed,
        rounds: 3,
        relay: seed % 2 === 0,
        batchMs: seed % 3 === 0 ? 10 : 0,
      })
      for (let atMs = 10; !swarm.allCertified(3) && atMs < 30_000; atMs += 10 + swarm.random(60)) {
        swarm.run(atMs, () => swarm.allCertified(3))
        // More than f of them, one after the other.
        if (atMs < 1500) swarm.restart(swarm.random(3), swarm.random(3) > 0)
      }
      expect(swarm.allCertified(3), `seed ${seed}`).toBe(true)
      expect(swarm.forks()).toBe(0)
      expect(swarm.evidence).toEqual([])
      expect(swarm.faults).toEqual([])
      for (const sent of swarm.sent)
        expectNoSlotTwice(
          sent.map(({ bytes }) => bytes),
          swarm,
        )
    }
  })
})

/** Whoever hears all that a peer ever sent has no evidence against it. */
function expectNoSlotTwice(sent: readonly Uint8Array[], swarm: Swarm): void {
  const { network } = swarm.optionsOf(0)
  const witness = new Peer({ ...swarm.optionsOf(0), self: network.peers - 1 })
  for (const bytes of sent) {
    const envelope = openEnvelope(bytes, network)
    if (typeof envelope === 'string') throw new Error(envelope)
    expect(witness.handle([{ kind: 'envelope', envelope }], 0).outputs).toEqual([])
  }
}

describe('a peer whose driver aggregates wrongly', () => {
  it('sees that it is alone, and adopts the certified model in every round', () => {
    const work: Work[] = []
    const told: Digest[] = []
    const wrong = (liar: Liar): Participant => {
      const inner = liar.honest()
      const model = digestOf(new TextEncoder().encode('wrong'))
      const mistaken = (event: Event): Event =>
        event.kind === 'done' && event.result.kind === 'aggregated'
          ? { ...event, result: { kind: 'aggregated', model } }
          : event
      return wrap(inner, {
        handle: (events, nowMs): Step => {
          const step = inner.handle(events.map(mistaken), nowMs)
          work.push(...step.work)
          for (const output of step.outputs) if (output.kind === 'differs') told.push(output.certified)
          return step
        },
      })
    }
    const swarm = new Swarm({ peers: 4, tolerated: 1, seed: 1, rounds: 3, liars: new Map([[2, wrong]]) })
    swarm.run(60_000, () => swarm.allCertified(3))
    swarm.run(swarm.nowMs + 2000)
    expect(swarm.allCertified(3)).toBe(true)
    const certified = swarm.certified[0]!.map(({ checkpoint }) => checkpoint.model)
    expect(work.flatMap((item) => (item.kind === 'adopt' ? [item.model] : []))).toEqual(certified)
    expect(told).toEqual(certified)
    expect(swarm.evidence).toEqual([])
  })
})
