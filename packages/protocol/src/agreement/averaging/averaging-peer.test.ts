import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import type { Kept } from '../../shell/agreement-options.ts'
import { Peer } from '../../shell/peer.ts'
import type { Step } from '../../shell/step.ts'
import { modelledKeys } from '../../testing/modelled-keys.ts'
import { digest } from '../../testing/network.ts'
import { decodeAnswer, encodeAnswer, encodeAsk } from '../../words/ask.ts'
import { openEnvelope, sealEnvelopes } from '../../words/envelope.ts'
import { createNetwork } from '../../words/network.ts'
import type { Envelope } from '../../words/words.ts'
import { averaging as averagingBy } from './averaging.ts'
import type { Averaging } from './settings.ts'

const rbTm: Averaging = { method: 'rb-tm', mode: 'asynchronous', heterogeneous: true }

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
  const peer = (kept: Kept = {}): Peer =>
    new Peer({
      network: networks[0]!,
      self: 0,
      initial: digest('model'),
      timing: { graceMs: 1, askMs: 100 },
      memory: 'whole',
      ...kept,
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

  it('that starts again says again what it said in its newest round that is over, where others may be', () => {
    const said = [speak(0, 7), speak(0, 8)]
    const self = peer({ head: { round: 7, model: digest('seventh') }, holdsModel: true, said })
    const step = self.handle([{ kind: 'start' }], 0)
    expect(step.sends.map(({ envelope }) => envelope.round)).toEqual([7, 8])
    expect(step.sends.flatMap(({ envelope }) => envelope.statements)).toEqual(
      said.flatMap(({ statements }) => statements),
    )
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
