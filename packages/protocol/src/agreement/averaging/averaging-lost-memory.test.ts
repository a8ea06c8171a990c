import { describe, expect, it } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Peer } from '../../shell/peer.ts'
import type { Event, Output, Step } from '../../shell/step.ts'
import type { Memory } from '../../shell/vigil.ts'
import { modelledKeys } from '../../testing/modelled-keys.ts'
import { digest } from '../../testing/network.ts'
import { encodeAnswer } from '../../words/ask.ts'
import { sealEnvelopes } from '../../words/envelope.ts'
import { createNetwork } from '../../words/network.ts'
import { averaging as averagingBy } from './averaging.ts'

const vigils = (...steps: Step[]): Output[] =>
  steps.flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'vigil'))

describe('averaging', () => {
  const rbTm = { method: 'rb-tm', mode: 'asynchronous', heterogeneous: false } as const
  it('a peer that lost what it said listens whatever a liar says of itself, and stops when it hears that it lied', () => {
    const networks = Array.from({ length: 4 }, (_, self) =>
      createNetwork({
        genesis: digest('genesis'),
        quorums: new Quorums([1, 1, 1, 1], 1),
        keys: modelledKeys(self),
        rule: '{}',
        agreement: averagingBy(rbTm),
      }),
    )
    const word = (author: number, round: number, text: string): Event => ({
      kind: 'envelope',
      envelope: sealEnvelopes(
        { author, round, previous: digest('genesis'), statements: [{ kind: 'init', stage: 0, digest: digest(text) }] },
        networks[author]!,
      )[0]!,
    })
    const begun = (memory?: Memory): Peer => {
      const timing = { graceMs: 1, askMs: 100 }
      const peer = new Peer({
        network: networks[0]!,
        self: 0,
        initial: digest('m'),
        timing,
        ...(memory && { memory }),
      })
      peer.handle([{ kind: 'start' }], 0)
      return peer
    }
    const empty = (from: number): Event => ({
      kind: 'answer',
      from,
      bytes: encodeAnswer([], [], networks[0]!, 1),
    })
    const fresh = begun()
    expect(vigils(fresh.handle([word(1, 900, 'far'), empty(2), empty(3)], 1))).toMatchObject([{ state: 'over' }])
    const behind = begun()
    expect(vigils(behind.handle([word(1, 2, 'a'), word(2, 2, 'b'), empty(2), empty(3)], 1))).toMatchObject([
      { state: 'silent', until: 2, why: 'behind' },
    ])
    const accused = begun('whole')
    expect(accused.handle([word(0, 1, 'a'), word(0, 1, 'b')], 1).outputs).toMatchObject([
      { kind: 'evidence' },
      { kind: 'halted', evidence: { culprits: [0] } },
      { kind: 'vigil', state: 'silent' },
    ])
    expect(accused.handle([{ kind: 'neighbour', peer: 1 }], 2).asks).toEqual([])
  })
})
