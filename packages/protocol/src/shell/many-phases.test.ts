import { describe, expect, it } from 'vitest'
import { digest, networksOf, sealed } from '../testing/network.ts'
import { encodeAnswer } from '../words/ask.ts'
import type { Keys } from '../words/network.ts'
import type { Statement } from '../words/statements.ts'
import type { Envelope } from '../words/words.ts'
import { Peer } from './peer.ts'
import type { Event } from './step.ts'

const initial = digest('initial model')
const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }

const init = (text: string): Statement => ({ kind: 'init', digest: digest(text) })

describe('a round of many phases', () => {
  const roster = networksOf(7, 2)
  const phases = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const vote = (from: number, phase: number): Statement[] => [
    { kind: 'estimate', instance: 0, phase, value: 0 },
    { kind: 'estimate', instance: 0, phase, value: 1 },
    // Liars, 5 and 6, keep the votes mixed, so that nobody decides.
    { kind: 'auxiliary', instance: 0, phase, values: from > 4 === (phase % 2 === 0) ? 1 : 2 },
  ]
  const ready: Statement = { kind: 'ready', sender: 0, digest: digest('update 0') }
  const saidBy = (froms: readonly number[], of: readonly number[] = phases): Envelope[] =>
    of.flatMap((phase) =>
      froms.map((from) => sealed(roster, from, [...(phase === 1 ? [ready] : []), ...vote(from, phase)])),
    )
  const started = (
    self: number,
    before: readonly Envelope[] = [],
  ): { peer: Peer; hear: (envelopes: readonly Envelope[]) => Envelope[] } => {
    const peer = new Peer({ network: roster[self]!, self, initial, timing, said: before, memory: 'whole' })
    peer.handle([{ kind: 'start' }], 0)
    const hear = (envelopes: readonly Envelope[]): Envelope[] => {
      const events = envelopes.map((envelope) => ({ kind: 'envelope', envelope }) as const)
      return peer.handle(events, 0).sends.map(({ envelope }) => envelope)
    }
    return { peer, hear }
  }
  /** The last whose AUX is said: EST is said of phases that the peer has yet to reach. */
  const lastPhase = (envelopes: readonly Envelope[]): number =>
    envelopes
      .flatMap(({ statements }) => statements)
      .reduce((last, one) => (one.kind === 'auxiliary' ? Math.max(last, one.phase) : last), 0)

  /** What the peer says when it hears these, of which those that are too early come again with later answers. */
  const replies = ({ peer, hear }: ReturnType<typeof started>, envelopes: readonly Envelope[]): Envelope[] =>
    phases.flatMap(() =>
      envelopes.flatMap((envelope) => (peer.open(envelope.bytes).verdict === 'accept' ? hear([envelope]) : [])),
    )

  it('through which a peer goes in one step: one in the first phase, who needs its words, hears them', () => {
    const ahead = started(3).hear(saidBy([0, 1, 2, 5, 6]))
    expect(lastPhase(ahead)).toBeGreaterThan(7)
    const behind = started(4)
    // The liars told it something else, and it counts nothing more of theirs.
    for (const liar of [5, 6]) behind.hear(['a', 'b'].map((text) => sealed(roster, liar, [init(text)])))
    expect(lastPhase(replies(behind, [...saidBy([0, 1, 2]), ...ahead]))).toBeGreaterThan(7)
  })

  it('in which all are restarted: each counts all that it said, and they go on though liars are silent', () => {
    const { peer } = started(4, saidBy([4]))
    const said: Statement[] = []
    const handle = (event: Event): void => {
      const { sends, timers } = peer.handle([event], 0)
      for (const { envelope } of sends) said.push(...envelope.statements)
      for (const { id } of timers) due.push(id)
    }
    const due: number[] = []
    for (const _ of phases)
      for (const envelope of saidBy([0, 1, 2, 3]))
        if (peer.open(envelope.bytes).verdict === 'accept') handle({ kind: 'envelope', envelope })
    for (const id of due) handle({ kind: 'timer', id })
    expect(said).toContainEqual({ kind: 'estimate', instance: 0, phase: phases.length + 1, value: 0 })
  })

  it.each(['gossip', 'answers'])('of which a peer that was away hears the last three only, by %s', (way) => {
    const { peer, hear } = started(4)
    hear([0, 1, 2, 3, 5].map((from) => sealed(roster, from, [ready])))
    const tell = (froms: readonly number[]): Envelope[] =>
      saidBy(froms, [40, 41, 42]).flatMap((envelope): Envelope[] => {
        if (way === 'gossip') {
          const opened = peer.open(envelope.bytes)
          return opened.verdict === 'reject' || opened.envelope === undefined ? [] : hear([opened.envelope])
        }
        const bytes = encodeAnswer([], [envelope], roster[0]!)
        return peer.handle([{ kind: 'answer', from: 9, bytes }], 0).sends.map((sent) => sent.envelope)
      })
    // Two may lie about where they are.
    expect(tell([5, 6])).toEqual([])
    expect(tell([5, 6])).toEqual([])
    // Again, with what was too early before.
    const words = [...tell([0, 1, 2, 3]), ...tell([0, 1, 2, 3])].flatMap(({ statements }) => statements)
    expect(words.flatMap((word) => (word.kind === 'auxiliary' ? [word.phase] : []))).toContain(41)
  })

  it('of which a liar is far ahead alone costs few signatures, and honest ones far ahead are followed all the way', () => {
    let checked = 0
    const keys = {
      ...roster[4]!.keys,
      verify: (...of: Parameters<Keys['verify']>) => ++checked > 0 && roster[4]!.keys.verify(...of),
    }
    const peer = new Peer({ network: { ...roster[4]!, keys }, self: 4, initial, timing, memory: 'whole' })
    peer.handle([{ kind: 'start' }], 0)
    const tell = (from: number, phase: number): void => {
      const { envelope } = peer.open(sealed(roster, from, vote(from, phase).slice(0, 1)).bytes) as {
        envelope?: Envelope
      }
      if (envelope !== undefined) peer.handle([{ kind: 'envelope', envelope }], 0)
    }
    for (let phase = 20; phase < 1020; phase++) tell(5, phase)
    expect(checked).toBeLessThan(50)
    for (let phase = 20; phase <= 520; phase += 10) for (const from of [0, 1, 2]) tell(from, phase)
    const before = checked
    // Within reach of phase 520, and kept.
    tell(3, 520)
    expect(checked).toBe(before + 1)
    expect(peer.open(sealed(roster, 3, vote(3, 523).slice(0, 1)).bytes).verdict).toBe('accept')
  })
})
