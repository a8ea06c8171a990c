import { type Adversary, around } from '@hearsay/adversary'
import { type Digest, type Event, openEnvelope, Peer, type Work, wrap } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { describe, expect, it } from 'vitest'
import { offered } from '../testing/liars.ts'
import { RecordedSwarm } from '../testing/recorded-swarm.ts'

describe('honest peers', () => {
  it.each([1, 2, 4, 7, 10])('certify the same chain with all updates, n = %i', (peers) => {
    const swarm = new RecordedSwarm({ peers, tolerated: Math.floor((peers - 1) / 3), seed: peers, rounds: 3 })
    swarm.runRounds(3)
    expect(swarm.allCertified(3)).toBe(true)
    expect(swarm.forks()).toBe(0)
    expect(swarm.evidence).toEqual([])
    expect(swarm.faults).toEqual([])
    for (const { checkpoint } of swarm.certified[0]!) expect(checkpoint.members).toHaveLength(peers)
    const previous = swarm.certified[0]!.map(({ checkpoint }) => checkpoint.previous)
    expect(previous).toEqual(
      [swarm.networks[0]!.genesis, ...swarm.certified[0]!.map(({ digest }) => digest)].slice(0, 3),
    )
  })

  it('are handed events, by which a fresh peer says the same bytes and stands where they stand', () => {
    const swarm = new RecordedSwarm({ peers: 7, tolerated: 2, seed: 5, rounds: 2, stepMs: 15 }).runRounds(2)
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
    for (let seed = 0; seed < 16; seed++) {
      const random = randomStream(seed, 'kills')
      const swarm = new RecordedSwarm({
        ...{ peers: 4, tolerated: 1, seed, rounds: 3, stepMs: seed % 3 === 0 ? 10 : 0 },
        ...(seed % 2 === 1 && { relayDegree: 0 }),
        links: { latency: { uniform: [0, 40] } },
      })
      for (let atMs = 10; !swarm.isOver(3) && atMs < 30_000; atMs += 10 + random.below(60)) {
        swarm.runRounds(3, atMs)
        if (atMs >= 1500) continue
        // More than f of them, one after the other, and f without their vectors.
        const peer = random.below(4)
        if (peer === 0) swarm.forget(peer)
        swarm.restart(peer)
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
function expectNoSlotTwice(sent: readonly Uint8Array[], swarm: RecordedSwarm): void {
  const network = swarm.networks[0]!
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
    const wrong: Adversary = {
      participant: (powers) => {
        const inner = powers.honest()
        const mistaken = (event: Event): Event =>
          event.kind === 'done' && event.result.kind === 'aggregated'
            ? { ...event, result: { kind: 'aggregated', model: offered(powers, 1, 9) } }
            : event
        return around(wrap(inner, { handle: (events, nowMs) => inner.handle(events.map(mistaken), nowMs) }), (step) => {
          work.push(...step.work)
          for (const output of step.outputs) if (output.kind === 'differs') told.push(output.certified)
          return step
        })
      },
    }
    const swarm = new RecordedSwarm({ peers: 4, tolerated: 1, seed: 1, rounds: 3, liars: new Map([[2, wrong]]) })
    swarm.runRounds(3).runFor(2000)
    expect(swarm.allCertified(3)).toBe(true)
    const certified = swarm.certified[0]!.map(({ checkpoint }) => checkpoint.model)
    expect(work.flatMap((item) => (item.kind === 'adopt' ? [item.model] : []))).toEqual(certified)
    expect(told).toEqual(certified)
    expect(swarm.evidence).toEqual([])
  })
})
