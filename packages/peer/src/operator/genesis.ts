import { createHash } from 'node:crypto'
import type { Digest } from '@hearsay/protocol'
import { z } from 'zod'

const peerSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^12D3Koo[1-9A-HJ-NP-Za-km-z]{45}$/, 'must be the libp2p peer id of an Ed25519 key: 12D3Koo…')
      .describe('libp2p peer id, which holds the public key'),
    name: z.string().max(64).optional().describe('for people'),
  })
  .describe('one peer')

/** What all peers of a network must agree on before the first round. Its digest is the name of the network. */
export const genesisSchema = z.strictObject({
  name: z.string().min(1).max(64).describe('of the network; two networks with the same peers and rules differ in it'),
  tolerated: z.int().min(0).max(3_333).describe('f, how many of the peers may lie; n ≥ 3f + 1'),
  peers: z.array(peerSchema).min(1).max(10_000).describe('the roster: all peers, in any order'),
  task: z.record(z.string(), z.unknown()).default({}).describe('what is learnt, as in a scenario'),
  learning: z.record(z.string(), z.unknown()).default({}).describe('how a peer learns, as in a scenario'),
  aggregation: z
    .looseObject({ rule: z.string() })
    .default({ rule: 'trimmed-mean' })
    .describe('the aggregation rule, as in a scenario'),
  agreement: z
    .strictObject({
      graceMs: z.int().min(0).max(3_600_000).default(2000).describe('wait for further updates after the first n − f'),
      timeoutMs: z.int().min(1).max(3_600_000).default(500).describe('step of the timers of binary agreement'),
    })
    .prefault({}),
  seed: z.int().min(0).max(0xffff_ffff).default(1).describe('of the first model and of who has which data'),
})

export type Genesis = z.output<typeof genesisSchema>

/** The same for equal content, however it is written: keys sorted, peers by id, names of peers left out. */
export function digestOfGenesis(genesis: Genesis, initial: Digest): Digest {
  const peers = rosterOf(genesis)
  return createHash('sha256')
    .update(canonical({ ...genesis, peers, initial }))
    .digest('hex')
}

/** Peer ids in the order of the roster. */
export function rosterOf(genesis: Genesis): string[] {
  return genesis.peers.map(({ id }) => id).sort()
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
    .join(',')}}`
}
