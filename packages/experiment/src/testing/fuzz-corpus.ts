import { createAdversary } from '@hearsay/adversary'
import { encodeCertificate } from '@hearsay/protocol'
import type { Corpus } from '@hearsay/protocol/testing/fuzz/corpus'
import { RecordedSwarm } from './recorded-swarm.ts'

/** What travels in two small networks, in each of which one peer lies. */
export function fuzzCorpora(): Corpus[] {
  return [corpusOf(4, 1), corpusOf(10, 3)]
}

function corpusOf(peers: number, tolerated: number): Corpus {
  const liars = new Map([[1, createAdversary({ behaviour: 'equivocate' }, 1)]])
  const swarm = new RecordedSwarm({ peers, tolerated, seed: 1, rounds: 3, liars, stepMs: 20 }).runRounds(3)
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
