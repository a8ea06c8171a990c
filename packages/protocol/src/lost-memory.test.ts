import { describe, expect, it } from 'vitest'
import { type Certificate, encodeCertificate } from './chain/checkpoint.ts'
import { Peer } from './shell/peer.ts'
import type { Event, Output, Step } from './shell/step.ts'
import { certificateOf, checkpointOf, digest, networksOf, sealed, signedCheckpoint } from './testing/network.ts'
import { encodeAnswer } from './words/ask.ts'
import { mostPhasesAhead } from './words/statements.ts'
import type { Envelope } from './words/words.ts'

const vigils = (...steps: Step[]): Output[] =>
  steps.flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'vigil'))

describe('a peer that has lost what it said', () => {
  it('counts no answer that has certificates, or whose author says that it is further on', () => {
    const networks = networksOf(4, 1)
    const [network] = networks
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network: network!, self: 0, initial: digest('initial'), timing })
    peer.handle([{ kind: 'start' }], 0)
    const answer = (from: number, round: number, certificates: Parameters<typeof encodeAnswer>[0] = []): Output[] =>
      vigils(peer.handle([{ kind: 'answer', from: from, bytes: encodeAnswer(certificates, [], network!, round) }], 1))
    const old = encodeCertificate(certificateOf(networks, checkpointOf(network!, { round: 9 }), [1, 2, 3]))
    expect([...answer(1, 9), ...answer(2, 2), ...answer(3, 1, [old]), ...answer(1, 0)]).toEqual([])
    expect([...answer(1, 1), ...answer(2, 1)]).toEqual([{ kind: 'vigil', state: 'over', until: 0 }])
  })

  it('is silent until words that it hears certify a round, whatever certificates it is shown', () => {
    const networks = networksOf(4, 1)
    const network = networks[0]!
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network, self: 0, initial: digest('initial'), timing })
    peer.handle([{ kind: 'start' }], 0)
    const chain: Certificate[] = []
    for (let round = 1; round <= 5; round++) {
      const previous = chain.at(-1)?.digest ?? network.genesis
      const checkpoint = checkpointOf(network, { round, previous, model: digest(`${round}`) })
      chain.push(certificateOf(networks, checkpoint, [1, 2, 3]))
    }
    const show = (from: number, certificates: readonly Certificate[]): Step => {
      const bytes = encodeAnswer(certificates.map(encodeCertificate), [], network, peer.height + 1)
      return peer.handle([{ kind: 'answer', from: from, bytes }], 1)
    }
    const silent = [show(1, chain.slice(0, 2)), show(1, []), show(2, [])]
    expect(vigils(...silent)).toMatchObject([{ state: 'silent', until: 4 }])
    const shown = show(3, chain.slice(2, 4))
    expect([peer.height, ...vigils(shown)]).toEqual([4])
    peer.handle([{ kind: 'done', id: shown.work.at(-1)!.id, result: { kind: 'adopted' } }], 2)
    const { checkpoint } = chain[4]!
    const words = [1, 2, 3].map((author): Event => {
      const at = { round: 5, previous: checkpoint.previous }
      return {
        kind: 'envelope',
        envelope: sealed(networks, author, [signedCheckpoint(networks[author]!, checkpoint)], at),
      }
    })
    expect(vigils(peer.handle(words, 3))).toEqual([{ kind: 'vigil', state: 'over', until: 0 }])
  })

  it('takes in its own words of phases that it has yet to reach', () => {
    const networks = networksOf(4, 1)
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    const peer = new Peer({ network: networks[0]!, self: 0, initial: digest('initial'), timing, memory: 'whole' })
    peer.handle([{ kind: 'start' }], 0)
    const far = (author: number): Envelope =>
      sealed(networks, author, [{ kind: 'estimate', instance: 2, phase: mostPhasesAhead + 3, value: 1 }])
    expect([0, 1].map((author) => peer.open(far(author).bytes).verdict)).toEqual(['accept', 'ignore'])
    expect(vigils(peer.handle([{ kind: 'envelope', envelope: far(0) }], 1))).toMatchObject([{ state: 'silent' }])
  })
})
