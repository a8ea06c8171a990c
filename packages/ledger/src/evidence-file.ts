/**
 * Evidence as a file of its own: the proof, and the genesis record of the network that it is of, as JSON. Whoever has
 * it can check it with nothing else; what it says besides is for people, and must be what the proof proves.
 */
import { readFileSync, statSync } from 'node:fs'
import { type Evidence, verifyEvidence } from '@hearsay/protocol'
import { z } from 'zod'
import { invalid, type KnownNetwork, knownNetwork, mostRecordBytes, parseJson, withNames } from './known-network.ts'

const format = 'hearsay-evidence-1'

const fileSchema = z.strictObject({
  format: z.literal(format),
  kind: z.enum(['equivocation', 'fork']),
  round: z.int().min(1),
  culprits: z.array(z.string()).describe('peer ids'),
  proof: z.base64().describe('message Evidence of the wire format'),
  genesis: z.record(z.string(), z.unknown()).describe('the genesis record, whose digest names the network'),
})

/** Two certificates of ten thousand peers, in base64. */
const mostFileBytes = mostRecordBytes + 8 * 1024 * 1024

/** One proof of these culprits is enough, which bounds the files of a folder. */
export function evidenceFileName({ kind, culprits }: Evidence): string {
  return `${kind}-${culprits.join('-').slice(0, 100)}.json`
}

/** The text of a file that proves this. `record` is the genesis record of its network. */
export function encodeEvidenceFile({ kind, round, culprits, bytes }: Evidence, record: string): string {
  const genesis = JSON.parse(record) as { readonly peers: readonly string[] }
  const file: z.input<typeof fileSchema> = {
    format,
    kind,
    round,
    culprits: culprits.map((culprit) => genesis.peers[culprit] ?? ''),
    proof: Buffer.from(bytes).toString('base64'),
    genesis: genesis as unknown as Record<string, unknown>,
  }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

export interface ProvenEvidence {
  readonly known: KnownNetwork
  readonly evidence: Evidence
}

/**
 * What a file of evidence proves, or why it proves nothing. Throws PeerError `bad-file` when it is no file of
 * evidence at all.
 */
export function readEvidenceFile(path: string): ProvenEvidence | string {
  if (statSync(path).size > mostFileBytes) throw invalid(path, `more than ${mostFileBytes} bytes`)
  return decodeEvidenceFile(readFileSync(path, 'utf8'), path)
}

export function decodeEvidenceFile(text: string, path: string): ProvenEvidence | string {
  const parsed = fileSchema.safeParse(parseJson(text, path))
  if (!parsed.success)
    throw invalid(path, `no file of evidence: ${z.prettifyError(parsed.error)}`.replaceAll('\n', ' '))
  const { proof, kind, round, culprits, genesis } = parsed.data
  const known = knownNetwork(genesis, `${path}: genesis`)
  const evidence = verifyEvidence(new Uint8Array(Buffer.from(proof, 'base64')), known.network)
  if (typeof evidence === 'string') return withNames(evidence, known)
  const named = evidence.culprits.map((culprit) => known.ids[culprit])
  const says = evidence.kind === kind && evidence.round === round && named.join() === culprits.join()
  if (!says) return 'it claims a kind, a round or culprits which its proof does not show'
  return { known, evidence }
}
