import {
  createNetwork,
  digestOf,
  encodeCheckpoint,
  exact,
  mostTolerated,
  ordered,
  Quorums,
  type Statement,
  sealEnvelopes,
} from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { mostEnvelopeBytes, mostPeers } from './most-peers.ts'

const text = (of: string): string => digestOf(new TextEncoder().encode(of))

function networkOf(peers: number, rule: string) {
  const keys = { sign: () => new Uint8Array(64), verify: () => true }
  return createNetwork({
    genesis: text('genesis'),
    quorums: Quorums.equal(peers, 0),
    keys,
    rule,
    agreement: exact,
  })
}

test.each(['{"rule":"median"}', `{"rule":"${'x'.repeat(900)}"}`])(
  'of the largest roster everything that a peer can say in one envelope fits into gossip, and of one more not: %#',
  (rule) => {
    const peers = mostPeers(rule)
    const network = networkOf(peers, rule)
    expect(network.limits.envelopeBytes).toBeLessThanOrEqual(mostEnvelopeBytes)
    expect(networkOf(peers + 1, rule).limits.envelopeBytes).toBeGreaterThan(mostEnvelopeBytes)
    const all = [...Array(peers).keys()]
    const round = 1_000_000
    const checkpoint = encodeCheckpoint({
      round,
      previous: network.genesis,
      members: all.map((peer) => ({ peer, digest: text(`${peer}`) })),
      rule,
      model: text('model'),
    })
    const statements: Statement[] = [
      { kind: 'init', digest: text('init') },
      ...(['echo', 'ready'] as const).flatMap((kind) =>
        all.map((sender): Statement => ({ kind, sender, digest: text(`${sender}`) })),
      ),
      ...all.map((instance): Statement => ({ kind: 'estimate', instance, phase: 4, value: 1 })),
      ...all.map((instance): Statement => ({ kind: 'auxiliary', instance, phase: 4, values: 3 })),
      { kind: 'checkpoint', checkpoint, signature: new Uint8Array(64) },
    ]
    const envelopes = sealEnvelopes({ author: peers - 1, round, previous: network.genesis, statements }, network)
    expect(envelopes).toHaveLength(1)
    expect(envelopes[0]!.bytes.length).toBeLessThanOrEqual(network.limits.envelopeBytes)
    expect(peers).toBeGreaterThan(500)
  },
)

test('where updates are judged in an order fewer fit, since checkpoints have what filters know', () => {
  const filters = {
    lipschitz: 'usual',
    memory: 5,
    frequency: 'strict',
    dampening: 'none',
    alpha: 1,
    escape: false,
  } as const
  const agreement = ordered({ filters, remembered: 32, bootstrap: 0, step: 1 })
  const rule = '{"rule":"median"}'
  const peers = mostPeers(rule, { ordering: agreement.ordering })
  const bytesOf = (count: number): number => {
    const network = { ...networkOf(count, rule), agreement }
    return createNetwork({ ...network, quorums: Quorums.equal(count, mostTolerated(count)) }).limits.envelopeBytes
  }
  expect(bytesOf(peers)).toBeLessThanOrEqual(mostEnvelopeBytes)
  expect(bytesOf(peers + 1)).toBeGreaterThan(mostEnvelopeBytes)
  expect(peers).toBeLessThan(mostPeers(rule))
})
