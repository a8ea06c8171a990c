import { describe, expect, it, vi } from 'vitest'
import { Quorums } from '../../roster/quorums.ts'
import { Peer } from '../../shell/peer.ts'
import type { Event, Output, Result, Step, Work } from '../../shell/step.ts'
import type { Memory } from '../../shell/vigil.ts'
import { silent } from '../../testing/liars.ts'
import { kill, Lives, wrongs } from '../../testing/lives.ts'
import { digest } from '../../testing/network.ts'
import { modelledKeys, Swarm } from '../../testing/swarm.ts'
import { encodeAnswer } from '../../words/ask.ts'
import { digestOf } from '../../words/digest.ts'
import { sealEnvelopes } from '../../words/envelope.ts'
import { createNetwork } from '../../words/network.ts'
import { averaging as averagingBy } from './averaging.ts'
import type { Averaging } from './settings.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const vigils = (...steps: Step[]): Output[] =>
  steps.flatMap(({ outputs }) => outputs.filter(({ kind }) => kind === 'vigil'))

describe('averaging', () => {
  const rows: readonly Averaging[] = (['rb-tm', 'trimmed-mean', 'mda', 'nna'] as const).map((method) => ({
    method,
    mode: 'asynchronous',
    heterogeneous: false,
  }))
  const perform =
    (lives: Lives) =>
    (peer: number, work: Work): Result | undefined =>
      work.kind === 'average'
        ? { kind: 'averaged', digest: digestOf(new TextEncoder().encode(JSON.stringify([work, lives.lives[peer]]))) }
        : lives.perform(peer, work)

  it.each(rows)('a peer that lost what it said contradicts nothing, and takes part again: $method', (averaging) => {
    let spoke = 0
    for (let seed = 0; seed < 3; seed++) {
      const lives = new Lives(9)
      const swarm = new Swarm({
        peers: 9,
        tolerated: 1,
        seed,
        rounds: 12,
        batchMs: 20,
        delayMs: 20,
        averaging,
        perform: perform(lives),
      })
      const self = swarm.random(8)
      swarm.run(100 + swarm.random(500))
      kill(swarm, self)
      const before = swarm.sent[self]!.length
      lives.lives[self]!++
      swarm.replace(self, new Peer(swarm.optionsOf(self)))
      swarm.run(60_000, () => swarm.allAveraged(12))
      expect(swarm.allAveraged(12), `seed ${seed}`).toBe(true)
      expect(wrongs(swarm)).toEqual([])
      if (swarm.sent[self]!.length > before) spoke++
    }
    expect(spoke).toBeGreaterThan(1)
  })

  it('a peer that lost what it said listens whatever a liar says of itself, and stops when it hears that it lied', () => {
    const networks = Array.from({ length: 4 }, (_, self) =>
      createNetwork({
        genesis: digest('genesis'),
        quorums: new Quorums([1, 1, 1, 1], 1),
        keys: modelledKeys(self),
        rule: '{}',
        agreement: averagingBy(rows[0]!),
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

  it.each(rows)('a network that begins does begin, without f of them: $method', (averaging) => {
    const swarm = new Swarm({
      peers: 9,
      tolerated: 1,
      seed: 3,
      rounds: 2,
      batchMs: 20,
      memory: 'lost',
      averaging,
      perform: perform(new Lives(9)),
      liars: new Map([[4, silent]]),
    })
    swarm.run(60_000, () => swarm.allAveraged(2))
    expect(swarm.allAveraged(2)).toBe(true)
    expect(wrongs(swarm)).toEqual([])
  })
})
