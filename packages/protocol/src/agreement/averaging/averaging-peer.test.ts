import { describe, expect, it, vi } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Peer } from '../../shell/peer.ts'
import type { Step } from '../../shell/step.ts'
import { AveragingSwarm } from '../../testing/averaging-swarm.ts'
import { digest } from '../../testing/network.ts'
import { modelledKeys } from '../../testing/swarm.ts'
import { decodeAnswer, encodeAnswer, encodeAsk } from '../../words/ask.ts'
import { openEnvelope, sealEnvelopes } from '../../words/envelope.ts'
import { createNetwork } from '../../words/network.ts'
import type { Envelope } from '../../words/words.ts'
import { averaging as averagingBy } from './averaging.ts'
import { contractionOf } from './contraction.ts'
import type { Averaging } from './settings.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const rbTm: Averaging = { method: 'rb-tm', mode: 'asynchronous', heterogeneous: true }

const rows: readonly Averaging[] = [
  rbTm,
  ...(['trimmed-mean', 'mda', 'nna'] as const).flatMap((method) =>
    (['synchronous', 'asynchronous'] as const).map((mode) => ({ method, mode, heterogeneous: true })),
  ),
]

describe('a peer among others that are ahead', () => {
  const networks = Array.from({ length: 4 }, (_, self) =>
    createNetwork({
      genesis: digest('genesis'),
      quorums: new Quorums([1, 1, 1, 1], 1),
      keys: modelledKeys(self),
      rule: '{}',
      agreement: averagingBy(rbTm),
    }),
  )
  const peer = (): Peer =>
    new Peer({
      network: networks[0]!,
      self: 0,
      initial: digest('model'),
      timing: { graceMs: 1, askMs: 100 },
      memory: 'whole',
    })
  const speak = (author: number, round: number, text = 'x'): Envelope =>
    sealEnvelopes(
      { author, round, previous: digest('genesis'), statements: [{ kind: 'init', stage: 0, digest: digest(text) }] },
      networks[author]!,
    )[0]!
  const rounds = (step: Step): number[] =>
    step.outputs.flatMap((output) => (output.kind === 'round' ? [output.round] : []))
  const hear = (to: Peer, ...envelopes: Envelope[]): Step =>
    to.handle(
      envelopes.map((envelope) => ({ kind: 'envelope', envelope })),
      0,
    )

  it('joins the round before that of f+1 peers who are two ahead, and no liar alone makes it', () => {
    const self = peer()
    expect(rounds(self.handle([{ kind: 'start' }], 0))).toEqual([1])
    expect(rounds(hear(self, speak(1, 900)))).toEqual([])
    expect(rounds(hear(self, speak(1, 901), speak(1, 902), speak(2, 2)))).toEqual([])
    const step = hear(self, speak(2, 3))
    expect(rounds(step)).toEqual([2])
    expect(step.asks).toHaveLength(1)
    expect(step.sends).toEqual([])
    expect(rounds(hear(self, speak(3, 40)))).toEqual([39])
  })

  it('joins once, the newest round that what came together shows, and takes in what it can of that', () => {
    const rising = [3, 5, 9, 40].flatMap((round) => [speak(1, round), speak(2, round)])
    const self = peer()
    self.handle([{ kind: 'start' }], 0)
    const step = hear(self, ...rising)
    expect(rounds(step)).toEqual([39])
    expect(step.asks).toHaveLength(1)
    expect(self.open(speak(1, 40).bytes)).toEqual({ verdict: 'ignore' })
    const asking = peer()
    asking.handle([{ kind: 'start' }], 0)
    const bytes = encodeAnswer([], rising, networks[1]!)
    const answered = asking.handle([{ kind: 'answer', from: 9, bytes }], 0)
    expect(rounds(answered)).toEqual([39])
    expect(answered.asks).toHaveLength(1)
    expect(asking.open(speak(2, 40).bytes)).toEqual({ verdict: 'ignore' })
  })

  it('keeps of others what is within two rounds of its own, and passes on no other', () => {
    const self = peer()
    self.handle([{ kind: 'start' }], 0)
    hear(self, speak(1, 10), speak(2, 10))
    expect(self.height).toBe(8)
    const verdicts = [6, 7, 8, 9, 10, 11, 12].map((round) => self.open(speak(3, round).bytes).verdict)
    expect(verdicts).toEqual(['ignore', 'accept', 'accept', 'accept', 'accept', 'accept', 'ignore'])
    expect(self.open(speak(3, 12).bytes)).toHaveProperty('envelope')
    hear(self, speak(3, 9))
    expect(self.open(speak(3, 9).bytes)).toEqual({ verdict: 'ignore' })
    expect(self.open(speak(3, 9, 'other').bytes).verdict).toBe('accept')
    expect(self.open(speak(3, 9).bytes.with(70, 1)).verdict).toBe('reject')
  })

  it('has to give what it keeps, and to those who are far behind its newest round that is over', () => {
    const self = peer()
    self.handle([{ kind: 'start' }], 0)
    hear(self, speak(1, 10), speak(2, 10))
    hear(self, speak(3, 9), speak(3, 8), speak(2, 10))
    const ask = (round: number): Uint8Array =>
      encodeAsk({ locator: [{ round: round - 1, digest: digest('genesis') }], held: new Set() }, networks[1]!)
    const given = (round: number): number[] =>
      decodeAnswer(self.answer(ask(round))!, networks[1]!)!.envelopes.map(
        (bytes) => (openEnvelope(bytes, networks[1]!) as Envelope).round,
      )
    expect(given(9)).toEqual([9])
    expect(given(8)).toEqual([8])
    expect(given(10)).toEqual([10, 10])
    expect(given(2)).toEqual([8])
    expect(given(11)).toEqual([])
    expect(self.answer(new Uint8Array(9))).toBeUndefined()
  })

  it('names one that says two things at one stage', () => {
    const self = peer()
    self.handle([{ kind: 'start' }], 0)
    const { outputs } = hear(self, speak(1, 1, 'a'), speak(1, 1, 'b'))
    expect(outputs).toMatchObject([{ kind: 'evidence', evidence: { kind: 'equivocation', round: 1, culprits: [1] } }])
  })

  it('sees what no honest peer answers', () => {
    const step = peer().handle([{ kind: 'answer', from: 9, bytes: new Uint8Array([255, 1]) }], 0)
    expect(step.faults).toEqual([{ peer: 9, what: 'an answer that is malformed' }])
    const bytes = encodeAnswer([], [{ ...speak(1, 1), bytes: speak(1, 1).bytes.with(70, 1) }], networks[1]!)
    expect(peer().handle([{ kind: 'answer', from: 9, bytes }], 0).faults).toHaveLength(1)
  })

  it('counts heads, so it refuses a roster in which some weigh more', () => {
    const quorums = new Quorums([2, 1, 1, 1], 1)
    const network = createNetwork({
      genesis: digest('g'),
      quorums,
      keys: modelledKeys(0),
      rule: '{}',
      agreement: averagingBy(rbTm),
    })
    const options = { network, self: 0, initial: digest('model'), timing: { graceMs: 1, askMs: 1 } }
    expect(() => new Peer(options)).toThrow('every peer weighs 1')
  })
})

describe('a network that fails', () => {
  it('loses most messages for ever, and asks bring them back', () => {
    for (const averaging of rows) {
      const peers = contractionOf(averaging, 100, 1).least + 1
      const lost = (_from: number, _to: number, swarm: { random(most: number): number }): boolean => swarm.random(9) < 6
      const swarm = new AveragingSwarm({ averaging, peers, tolerated: 1, relay: false, lost, seed: 5, rounds: 3 })
      swarm.run(60_000, () => swarm.allAveraged(3))
      expect(swarm.allAveraged(3), averaging.method).toBe(true)
      expect(swarm.evidence).toEqual([])
    }
  })

  it('cuts one peer off for some rounds, which then joins the others and takes part', () => {
    for (const averaging of rows) {
      const peers = contractionOf(averaging, 100, 1).least + 1
      const cutOff = (from: number, to: number, { nowMs }: { nowMs: number }): boolean =>
        nowMs < 2500 && from !== to && (from === 0 || to === 0)
      const swarm = new AveragingSwarm({
        averaging,
        peers,
        tolerated: 1,
        seed: 6,
        rounds: 14,
        lost: cutOff,
        blocked: (from, to, at) => cutOff(from, to, at),
      })
      swarm.run(2500)
      const others = Math.min(...swarm.averaged.slice(1).map((averaged) => averaged.length))
      expect(others, averaging.method).toBeGreaterThan(1)
      expect(swarm.averaged[0]).toEqual([])
      swarm.run(200_000, () => swarm.allAveraged(14))
      expect(swarm.allAveraged(14), `${averaging.method}, ${averaging.mode}`).toBe(true)
      // It did not go through all that it had missed, and its words are heard again.
      expect(swarm.averaged[0]!.length).toBeLessThan(14)
      expect(swarm.averaged[0]!.at(-1)!.round).toBe(14)
      const heard = swarm.averaged.slice(1).some((averaged) => averaged.at(-1)!.members.some(({ peer }) => peer === 0))
      expect(heard).toBe(true)
      expect(swarm.evidence).toEqual([])
      expect(swarm.faults).toEqual([])
    }
  })

  it('kills peers and starts them again, and they contradict nothing that they said', () => {
    for (const averaging of rows) {
      const peers = contractionOf(averaging, 100, 1).least + 1
      for (let seed = 0; seed < 2; seed++) {
        const swarm = new AveragingSwarm({ averaging, peers, tolerated: 1, seed, rounds: 4, batchMs: 10 * (seed % 2) })
        for (let atMs = 10; !swarm.allAveraged(4) && atMs < 30_000; atMs += 10 + swarm.random(60)) {
          swarm.run(atMs, () => swarm.allAveraged(4))
          if (atMs < 1500) swarm.restart(swarm.random(peers - 1))
        }
        expect(swarm.allAveraged(4), `${averaging.method}, ${averaging.mode}, seed ${seed}`).toBe(true)
        expect(swarm.evidence).toEqual([])
        expect(swarm.faults).toEqual([])
      }
    }
  })

  it('is split in two, and heals', () => {
    const swarm = new AveragingSwarm({
      averaging: rbTm,
      peers: 7,
      tolerated: 2,
      seed: 2,
      rounds: 3,
      blocked: (from, to, { nowMs }) => nowMs < 2000 && from % 2 !== to % 2,
    })
    swarm.run(2000)
    expect(swarm.averaged.flat()).toEqual([])
    swarm.heal()
    swarm.run(60_000, () => swarm.allAveraged(3))
    expect(swarm.allAveraged(3)).toBe(true)
  })
})
