import { encodeCertificate } from '../../chain/checkpoint.ts'
import { decodeAnswer } from '../../words/ask.ts'
import type { Network } from '../../words/network.ts'
import { equivocate } from '../liars.ts'
import { Swarm } from '../swarm.ts'

/** What travels in a small network in which one peer lies, by kind. */
export interface Corpus {
  readonly network: Network
  /** With the keys of each peer, by position. */
  readonly networks: readonly Network[]
  readonly messages: Readonly<Record<Kind, readonly Uint8Array[]>>
}

export const kinds = ['envelope', 'certificate', 'checkpoint', 'evidence', 'ask', 'answer'] as const
export type Kind = (typeof kinds)[number]

export function corpusOf(peers: number, tolerated: number): Corpus {
  const swarm = new Swarm({ peers, tolerated, seed: 1, rounds: 3, liars: new Map([[1, equivocate]]), batchMs: 20 })
  swarm.run(60_000, () => swarm.allCertified(3))
  const networks = Array.from({ length: peers }, (_, self) => swarm.optionsOf(self).network)
  const network = networks[0]!
  const asks: Uint8Array[] = [new Uint8Array()]
  for (const { peer, events, nowMs } of swarm.journal) {
    if (peer !== 0 || asks.length > 20) continue
    const { asks: more } = swarm.participants[0]!.handle([{ kind: 'neighbour', peer: 2 }], nowMs + events.length)
    asks.push(...more.map(({ bytes }) => bytes))
  }
  const answers = asks.flatMap((ask) => swarm.participants[2]!.answer(ask, 0) ?? [])
  const certificates = swarm.certified[0]!
  const envelopes = [
    ...swarm.sent.flat(),
    ...answers.flatMap((answer) => decodeAnswer(answer, network)?.envelopes ?? []),
  ]
  return {
    network,
    networks,
    messages: {
      envelope: envelopes.map((envelope) => ('bytes' in envelope ? envelope.bytes : envelope)),
      certificate: certificates.map(encodeCertificate),
      checkpoint: certificates.map(({ bytes }) => bytes),
      evidence: swarm.evidence.map(({ bytes }) => bytes),
      ask: asks,
      answer: answers,
    },
  }
}
