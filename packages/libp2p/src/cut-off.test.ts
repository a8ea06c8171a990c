/** A peer that is proven to lie. */

import type { Carrier } from '@hearsay/peer'
import { digest } from '@hearsay/peer/testing/digest'
import { type Event, equivocation, type Participant, sealEnvelopes, wrap } from '@hearsay/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { DriverNetwork } from './testing/driver-network.ts'
import { said } from './testing/roster.ts'

let network: DriverNetwork | undefined
afterEach(async () => {
  await network?.stop()
  network = undefined
})

const liar = 3
const honest = [0, 1, 2]

/** Honest, and says of its update of a round something else too. */
function twoTongued(of: DriverNetwork, round: number): Participant {
  const inner = of.honest(liar)
  return wrap(inner, {
    handle: (events, nowMs) => {
      const step = inner.handle(events, nowMs)
      const first = step.sends.find(({ envelope }) => envelope.statements.some(({ kind }) => kind === 'init'))
      if (first?.envelope.round !== round) return step
      const statements = [{ kind: 'init', digest: digest('another') }] as const
      const others = sealEnvelopes({ ...first.envelope, statements }, of.roster.networks[liar]!)
      return { ...step, sends: [...step.sends, ...others.map((envelope) => ({ to: 'all', envelope }) as const)] }
    },
  })
}

/** Goes on with whoever is proven to lie. */
const sparing = (inner: Carrier): Carrier => ({ ...inner, cutOff: () => {} })

describe('a peer that contradicts itself', () => {
  it('is cut off by all who have the evidence, neither asks nor is let in again, and stops no round', async () => {
    network = await DriverNetwork.create(4, 1, 6, (of) => ({
      [liar]: { instead: () => twoTongued(of, 2), carried: sparing },
    }))
    const { ids } = network.roster
    const { hosts } = network
    network.start()
    await network.until(() => honest.every((self) => hosts[self]!.stats().connections === 2))
    for (const self of honest) {
      expect(network.accused([self]).filter(({ what }) => what === 'evidence')).toEqual([
        { peer: liar, what: 'evidence' },
      ])
      expect(hosts[self]!.neighbours()).toEqual(honest.flatMap((peer) => (peer === self ? [] : [ids[peer]!])).sort())
      await expect(hosts[self]!.ask(ids[liar]!, new Uint8Array(40))).rejects.toMatchObject({
        code: 'ask-failed',
      })
      await expect(hosts[self]!.connect(hosts[liar]!.addresses()[0]!)).rejects.toMatchObject({
        code: 'cut-off',
      })
      // It dials again and again; what it hears it hears by nobody.
      await expect(hosts[liar]!.ask(ids[self]!, new Uint8Array(40))).rejects.toMatchObject({
        code: 'ask-failed',
      })
    }
    await network.reach(6, honest)
    expect(hosts[liar]!.neighbours()).toEqual([])
    expect(network.accused(honest).filter(({ peer }) => peer !== liar)).toEqual([])
  })
})

/** Says nothing, and has something to show: proofs that name others, or itself, and prove what they do or nothing. */
function showing(of: DriverNetwork, proofs: readonly { author: number; real: boolean }[]): Participant {
  const networkOf = of.roster.networks[0]!
  const at = { round: 1, previous: networkOf.genesis }
  const init = (author: number, text: string) => said(of.roster, author, at, [{ kind: 'init', digest: digest(text) }])
  const outputs = proofs.map(({ author, real }) => {
    const evidence = equivocation(init(author, 'a'), init(author, real ? 'b' : 'a'), networkOf)
    return { kind: 'evidence', evidence } as const
  })
  const nothing = { sends: [], asks: [], timers: [], work: [], outputs: [], faults: [] }
  return {
    open: () => ({ verdict: 'ignore' }),
    answer: () => undefined,
    holders: () => [],
    handle: (events: readonly Event[]) =>
      events.some(({ kind }) => kind === 'start') ? { ...nothing, outputs } : nothing,
  }
}

it('what proves nothing cuts nobody off, and nobody cuts itself off', async () => {
  network = await DriverNetwork.create(4, 1, 1, (of) => ({
    0: {
      instead: () =>
        showing(of, [
          { author: 1, real: false },
          { author: 0, real: true },
          { author: 2, real: true },
        ]),
    },
  }))
  const { ids } = network.roster
  network.start()
  await network.until(() => network!.hosts[0]!.neighbours().length === 2)
  expect(network!.hosts[0]!.neighbours()).toEqual([ids[1]!, ids[3]!].sort())
})
