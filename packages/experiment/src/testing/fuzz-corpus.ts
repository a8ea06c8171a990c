import { createAdversary } from '@hearsay/adversary'
import { encodeCertificate } from '@hearsay/protocol'
import type { Corpus } from '@hearsay/protocol/testing/fuzz/corpus'
import { trustOf, wishesOf } from './exploration/schedule-vouches.ts'
import type { ModelledSwarmOptions } from './modelled-swarm.ts'
import { RecordedSwarm } from './recorded-swarm.ts'

/** What travels in two small networks, in each of which one peer lies; in one weights differ, and follow vouches and evictions. */
export function fuzzCorpora(): Corpus[] {
  const vouching = {
    every: 1,
    least: [3, 1, 2, 2, 1, 0, 1, 1, 1, 1],
    most: [4, 1, 5, 2, 3, 2, 1, 1, 2, 2],
    leaves: [{ peer: 4, fromRound: 2 }],
  }
  return [
    corpusOf({ peers: 4, tolerated: 1 }),
    corpusOf({
      ...{ peers: 10, tolerated: 4, weights: vouching.least, evictEvery: 2 },
      trust: trustOf(vouching),
      wishes: wishesOf({ seed: 1, peers: 10 }, vouching),
    }),
  ]
}

function corpusOf(
  options: Pick<ModelledSwarmOptions, 'peers' | 'tolerated' | 'weights' | 'evictEvery' | 'trust' | 'wishes'>,
): Corpus {
  const liars = new Map([[1, createAdversary({ behaviour: 'equivocate' }, 1)]])
  const swarm = new RecordedSwarm({ ...options, seed: 1, rounds: 3, liars, stepMs: 20 }).runRounds(3)
  const [asker, answerer] = [swarm.participants[0]!, swarm.participants[2]!]
  const asks: Uint8Array[] = [new Uint8Array()]
  for (const { peer, events, nowMs } of swarm.journal) {
    if (peer !== 0 || asks.length > 20) continue
    const { asks: more } = asker.handle([{ kind: 'neighbour', peer: 2 }], nowMs + events.length)
    asks.push(...more.map(({ bytes }) => bytes))
  }
  const certificates = swarm.certified[0]!
  return {
    network: swarm.networks[0]!,
    networks: swarm.networks,
    messages: {
      envelope: swarm.sent.flat().map(({ bytes }) => bytes),
      certificate: certificates.map(encodeCertificate),
      checkpoint: certificates.map(({ bytes }) => bytes),
      evidence: swarm.evidence.map(({ bytes }) => bytes),
      ask: asks,
      answer: asks.flatMap((ask) => answerer.answer(ask, 0) ?? []),
    },
  }
}
