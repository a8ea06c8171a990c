/**
 * A network as a stranger knows it: by its genesis record, canonical JSON whose SHA-256 is the name of the network. All
 * that is signed names that digest, so a record that was changed fits no signature.
 */
import { fillNames, type RowShape, type RuleSpec } from '@hearsay/aggregation'
import { publicKeyOfPeerId } from '@hearsay/libp2p/identity'
import { createVerifier } from '@hearsay/libp2p/keys'
import { canonical, FoundedCharter } from '@hearsay/peer'
import { type AgreementSpec, agreementOf, type Digest, endOf, genesisOptions, type Network } from '@hearsay/protocol'
import { z } from 'zod'
import { agreementSchema } from './genesis.ts'
import { type ChunksOf, chunksOf, genesisExchangeSchema } from './genesis-exchange.ts'
import { PeerError } from './peer-error.ts'
import { peerIdSchema } from './peer-id.ts'
import { trustRecordSchema, trustTermsOf } from './trust-terms.ts'

/** What becomes of updates that go in chunks. */
const lossSchema = z.looseObject({
  unit: z.enum(['chunk', 'coordinate', 'update']),
  chunk: z.int().min(1).max(1e9),
  fill: z.enum(fillNames),
})

/** What verification needs; a record has more, which is part of the digest alone. */
const recordSchema = () =>
  z.looseObject({
    peers: z.array(peerIdSchema).min(1).max(10_000),
    /** Left out where each weighs 1. */
    weights: z.array(z.int().min(1)).optional(),
    tolerated: z.int().min(0),
    /** Where weights follow vouches. */
    trust: trustRecordSchema.optional(),
    aggregation: z.looseObject({ rule: z.string(), tolerated: z.int().min(0).optional() }),
    /** Others are for simulations: whoever checks them can make them. */
    signatures: z
      .literal(
        'ed25519',
        'must be ed25519: nobody can check modelled signatures; run the scenario with --set network.signatures=ed25519',
      )
      .default('ed25519'),
    initial: z.string().regex(/^[0-9a-f]{64}$/),
    /** Left out where updates are of all parameters. */
    rows: z
      .object({
        count: z
          .int()
          .min(1)
          .max(2 ** 32 - 1),
        width: z
          .int()
          .min(1)
          .max(2 ** 30),
      })
      .optional(),
    /** Without it, exact. A simulation has it among its parameters. */
    agreement: agreementSchema(genesisOptions).optional(),
    exchange: genesisExchangeSchema,
    parameters: z
      .looseObject({
        agreement: agreementSchema(({ options }) => options).optional(),
        exchange: z.looseObject({ loss: lossSchema.optional() }).optional(),
      })
      .optional(),
    /** What people call the peers, in the order of the roster. It is printed, so it is plain. */
    names: z.array(z.string().regex(/^[\w .-]{1,64}$/)).optional(),
  })

/** A genesis of ten thousand peers has less than a million bytes. */
export const mostRecordBytes = 4 * 1024 * 1024

export interface KnownNetwork {
  /** The genesis record: its digest is `network.genesis`. */
  readonly record: string
  /** Checks signatures, and makes none. */
  readonly network: Network
  /** Peer ids in the order of the roster. */
  readonly ids: readonly string[]
  /** As people call them; the id of a peer without a name. */
  readonly names: readonly string[]
  readonly rule: RuleSpec
  /** Where updates are of the rows that they speak about: all that there are. */
  readonly rows: RowShape | undefined
  /** Where updates go in chunks: how long these are, and what stands in a hole. */
  readonly chunks: ChunksOf | undefined
  /** Digest of the model that everybody began with. */
  readonly initial: Digest
  /** What becomes of rounds, in the word of its agreement: only those that are `certified` have certificates. */
  readonly end: string
}

/** The network of a genesis record, in any spelling. Throws PeerError `bad-file` naming the file. */
export function knownNetwork(value: unknown, file: string): KnownNetwork {
  const parsed = recordSchema().safeParse(value)
  if (!parsed.success) throw invalid(file, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const { peers: ids, tolerated, trust: written, aggregation, initial, rows, names, parameters, exchange } = parsed.data
  const agreed = parsed.data.agreement ?? parameters?.agreement ?? { kind: 'exact' }
  const outOfOrder = ids.findIndex((id, at) => at > 0 && ids[at - 1]! >= id)
  if (outOfOrder >= 0) throw invalid(file, `peers: ${ids[outOfOrder]} stands there twice, or out of order`)
  for (const [name, list] of Object.entries({ names, weights: parsed.data.weights }))
    if (list !== undefined && list.length !== ids.length) throw invalid(file, `${name}: there must be one a peer`)
  let charter: FoundedCharter
  let publicKeys: Uint8Array[]
  try {
    const trust = written && trustTermsOf(written, ids)
    const weights = trust ? trust.weigh(trust.vouches) : parsed.data.weights
    charter = new FoundedCharter({
      record: canonical(value),
      ids,
      weights,
      tolerated,
      trust,
      aggregation,
      agreement: agreementOf(agreed),
      rows,
    })
    publicKeys = ids.map(publicKeyOfPeerId)
  } catch (error) {
    throw invalid(file, (error as Error).message)
  }
  const sign = (): never => {
    throw new Error('who only reads cannot sign: this is a bug')
  }
  const network = charter.network({ sign, verify: createVerifier(publicKeys) })
  const end = endOf(agreed as AgreementSpec)
  const { rule } = charter.at(1)
  const chunks =
    network.agreement.chunkMs === undefined ? undefined : (parameters?.exchange?.loss ?? chunksOf({ exchange }))
  return { record: charter.record, network, ids, names: names ?? ids, rule, rows, chunks, initial, end }
}

/** JSON of a file, if it is that. Throws PeerError `bad-file`. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(file, (error as Error).message)
  }
}

export function invalid(file: string, what: string): PeerError {
  return new PeerError('bad-file', `${file}: ${plain(what)}`)
}

/** What a stranger's file says must not steer a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
}

/** The protocol tells peers by their position in the roster, which nobody knows: this tells them by name. */
export function withNames(reason: string, { names }: KnownNetwork): string {
  return reason.replace(/\bpeer (\d+)\b/g, (position, at) => names[Number(at)] ?? position)
}
