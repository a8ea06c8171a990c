import { describe, expect, it } from 'vitest'
import { randomFrom } from '../testing/exchange.ts'
import { digest, networksOf, sealed } from '../testing/network.ts'
import { RoundRecord } from './record.ts'
import { type Bit, mostPhasesAhead, type Statement } from './statements.ts'

const peers = 4
const networks = networksOf(peers, 1)
const echo = (sender: number, text = 'a'): Statement => ({ kind: 'echo', sender, digest: digest(text) })

describe('the record of a round', () => {
  it('keeps what is new, and knows it again', () => {
    const record = new RoundRecord(peers)
    const envelope = sealed(networks, 1, [echo(0), echo(2)])
    expect(record.judge(envelope)).toEqual({ kind: 'new' })
    expect(record.consider(envelope)).toEqual({ kind: 'new' })
    expect(record.consider(envelope)).toEqual({ kind: 'known' })
    expect(record.consider(sealed(networks, 2, [echo(0)]))).toEqual({ kind: 'new' })
    expect([...record.envelopes()].map(({ author }) => author)).toEqual([1, 2])
  })

  it.each([1, 32, 33, 100])('knows again each of %i envelopes of an author, and no other', (count) => {
    const record = new RoundRecord(peers)
    const of = (phase: number) => sealed(networks, 1, [{ kind: 'estimate', instance: 0, phase, value: 1 }])
    const envelopes = Array.from({ length: count }, (_, at) => of(at + 1))
    for (const envelope of envelopes) {
      expect(record.has(envelope)).toBe(false)
      record.consider(envelope)
    }
    expect(envelopes.every((envelope) => record.has(envelope))).toBe(true)
    expect(record.has(of(count + 1))).toBe(false)
  })

  it('keeps nothing that says something twice', () => {
    const record = new RoundRecord(peers)
    record.consider(sealed(networks, 1, [echo(0)]))
    expect(record.consider(sealed(networks, 1, [echo(0), echo(1)]))).toEqual({ kind: 'known' })
    expect(record.consider(sealed(networks, 1, [echo(1), echo(1)]))).toEqual({ kind: 'known' })
    expect(record.consider(sealed(networks, 1, [echo(1)]))).toEqual({ kind: 'new' })
    expect([...record.envelopes()]).toHaveLength(2)
  })

  it('convicts whoever contradicts itself, by the two envelopes, and hears it no more', () => {
    const record = new RoundRecord(peers)
    const first = sealed(networks, 1, [echo(0), echo(1)])
    const second = sealed(networks, 1, [echo(2), echo(1, 'b')])
    record.consider(first)
    expect(record.judge(second)).toEqual({ kind: 'conflict', with: first })
    expect(record.consider(second)).toEqual({ kind: 'conflict', with: first })
    expect(record.consider(sealed(networks, 1, [echo(3)]))).toEqual({ kind: 'known' })
    expect(record.consider(sealed(networks, 1, [echo(0, 'c')]))).toEqual({ kind: 'known' })
    expect([...record.envelopes()]).toEqual([first, second])
  })

  it('convicts by whichever of many envelopes it contradicts', () => {
    for (const at of [0, 1, 2]) {
      const record = new RoundRecord(peers)
      const envelopes = [0, 1, 2].map((sender) => sealed(networks, 1, [echo(sender)]))
      for (const envelope of envelopes) record.consider(envelope)
      expect(record.consider(sealed(networks, 1, [echo(0), echo(1)]))).toEqual({ kind: 'known' })
      expect(record.consider(sealed(networks, 1, [echo(at, 'b')]))).toEqual({ kind: 'conflict', with: envelopes[at] })
    }
  })

  it('convicts by one envelope that contradicts itself, and by two predecessors', () => {
    const one = new RoundRecord(peers)
    const torn = sealed(networks, 1, [echo(0), echo(0, 'b')])
    expect(one.consider(torn)).toEqual({ kind: 'conflict', with: torn })
    const two = new RoundRecord(peers)
    const here = sealed(networks, 1, [echo(0)])
    two.consider(here)
    const there = sealed(networks, 1, [echo(1)], { previous: digest('another chain') })
    expect(two.consider(there)).toEqual({ kind: 'conflict', with: here })
  })

  it('an estimate of each value is no contradiction', () => {
    const record = new RoundRecord(peers)
    for (const value of [0, 1] as const)
      expect(record.consider(sealed(networks, 1, [{ kind: 'estimate', instance: 0, phase: 1, value }])).kind).toBe(
        'new',
      )
  })

  it('of an author who floods is bounded by the number of slots', () => {
    const record = new RoundRecord(peers)
    const random = randomFrom(1)
    let bytes = 0
    let kept = 0
    for (let time = 0; time < 20_000; time++) {
      const vote = { instance: random(peers - 1), phase: 1 + random(mostPhasesAhead - 1) }
      const any: Statement[] = [
        echo(random(peers - 1)),
        { kind: 'ready', sender: random(peers - 1), digest: digest('a') },
        { kind: 'estimate', ...vote, value: random(1) as Bit },
        { kind: 'coordinate', ...vote, value: 1 },
        { kind: 'auxiliary', ...vote, values: 2 },
      ]
      const envelope = sealed(
        networks,
        1,
        Array.from({ length: 1 + random(2) }, () => any[random(any.length - 1)]!),
      )
      if (record.consider(envelope).kind !== 'new') continue
      bytes += envelope.bytes.length
      kept += envelope.statements.length
    }
    const slots = 2 * peers + 4 * peers * mostPhasesAhead
    expect(kept).toBe(slots)
    expect([...record.envelopes()].length).toBeLessThanOrEqual(slots)
    expect(bytes).toBeLessThan(slots * 200)
  })
})
