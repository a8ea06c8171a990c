import { createAdversary } from '@hearsay/adversary'
import {
  agreementOf,
  createNetwork,
  encodeCertificate,
  exactBy,
  type Statement,
  sealEnvelopes,
} from '@hearsay/protocol'
import type { Corpus } from '@hearsay/protocol/testing/fuzz/corpus'
import { trustOf, wishesOf } from './exploration/schedule-vouches.ts'
import type { ModelledSwarmOptions } from './modelled-swarm.ts'
import { RecordedSwarm } from './recorded-swarm.ts'

/**
 * What travels in small networks, in each of which one peer lies: one that agrees exactly; one whose weights differ, and follow vouches
 * and evictions; one whose peers pause; one whose updates go in chunks; and one of each other agreement.
 */
export function fuzzCorpora(): Corpus[] {
  const vouching = {
    every: 1,
    least: [3, 1, 2, 2, 1, 0, 1, 1, 1, 1],
    most: [4, 1, 5, 2, 3, 2, 1, 1, 2, 2],
    leaves: [{ peer: 4, fromRound: 2 }],
  }
  const four = { peers: 4, tolerated: 1 }
  const filters = {
    lipschitz: 'usual',
    memory: 3,
    frequency: 'strict',
    dampening: 'inverse',
    alpha: 1,
    escape: true,
  } as const
  const exact = corpusOf(four)
  return [
    exact,
    inChunks(exact),
    corpusOf({
      ...{ peers: 10, tolerated: 4, weights: vouching.least, evictEvery: 2 },
      trust: trustOf(vouching),
      wishes: wishesOf({ seed: 1, peers: 10 }, vouching),
    }),
    corpusOf({
      ...four,
      pauses: { policy: 'memory', budget: { pauses: 1, rounds: 2 } },
      pausesIn: (peer, round) => (peer + round) % 3 === 0,
    }),
    corpusOf({ ...four, ordered: { filters, remembered: 4, bootstrap: 1, step: 1 } }),
    corpusOf({ ...four, averaging: { method: 'rb-tm', mode: 'asynchronous', heterogeneous: true } }),
    corpusOf({
      ...four,
      agreement: agreementOf({ kind: 'asynchronous', variant: 'each-for-itself', ...filters, bootstrap: 1, step: 1 }),
    }),
  ]
}

function corpusOf(options: Omit<ModelledSwarmOptions, 'seed' | 'rounds' | 'liars' | 'stepMs'>): Corpus {
  const liars = new Map([[1, createAdversary({ behaviour: 'equivocate' }, 1)]])
  const swarm = new RecordedSwarm({ ...options, seed: 1, rounds: 3, liars, stepMs: 20 }).runRounds(3)
  const [asker, answerer] = [swarm.participants[0]!, swarm.participants[2]!]
  const asks: Uint8Array[] = [new Uint8Array()]
  for (const { peer, events, nowMs } of swarm.journal) {
    if (peer !== 0 || asks.length > 20) continue
    const { asks: more } = asker.handle([{ kind: 'neighbour', peer: 2 }], nowMs + events.length)
    asks.push(...more.map(({ bytes }) => bytes))
  }
  // Where there are no certificates, anything is to be refused as one.
  const certificates = swarm.certified[0]!
  const some = (messages: readonly Uint8Array[]): readonly Uint8Array[] => (messages.length > 0 ? messages : asks)
  return {
    network: swarm.networks[0]!,
    networks: swarm.networks,
    messages: {
      envelope: swarm.sent.flat().map(({ bytes }) => bytes),
      certificate: some(certificates.map(encodeCertificate)),
      checkpoint: some(certificates.map(({ bytes }) => bytes)),
      evidence: some(swarm.evidence.map(({ bytes }) => bytes)),
      ask: asks,
      answer: asks.flatMap((ask) => answerer.answer(ask, 0) ?? []),
    },
  }
}

/** The same network, if its updates went in chunks: with offers and receipts besides. */
function inChunks({ networks: whole, messages }: Corpus): Corpus {
  const agreement = exactBy({ chunkMs: 100 })
  const networks = whole.map(({ genesis, quorums, keys, rule }) =>
    createNetwork({ genesis, quorums, keys, rule, agreement }),
  )
  const digest = '5a'.repeat(32)
  const statements: Statement[] = [
    { kind: 'init', stage: 1, digest },
    ...[0, 2, 3].map((sender) => ({ kind: 'echo', stage: 1, sender, digest }) as const),
  ]
  const offers = networks.flatMap((network, author) =>
    sealEnvelopes({ author, round: 1, previous: network.genesis, statements }, network).map(({ bytes }) => bytes),
  )
  return { network: networks[0]!, networks, messages: { ...messages, envelope: [...offers, ...messages.envelope] } }
}
