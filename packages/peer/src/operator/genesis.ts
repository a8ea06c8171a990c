import { createHash } from 'node:crypto'
import { AggregationError, checkRule, type RuleSpec, ruleSpec, rules } from '@hearsay/aggregation'
import { agreementOf, contractionOf, type Digest } from '@hearsay/protocol'
import { z } from 'zod'
import { canonical } from '../canonical.ts'
import type { Charter } from '../compose.ts'
import { isPeerId, unusableId } from '../network/index.ts'

/** The id of a peer, wherever one is read. */
export const peerIdSchema = z
  .string()
  .regex(/^12D3Koo[1-9A-HJ-NP-Za-km-z]{45}$/, {
    error: 'must be the libp2p peer id of an Ed25519 key: 12D3Koo…',
    abort: true,
  })
  .refine(isPeerId, `is ${unusableId}. Put the id that hearsay init printed`)

/** It is shown to others. */
const nameSchema = z
  .string()
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must be without control characters')

const peerSchema = z
  .strictObject({
    id: peerIdSchema.describe('libp2p peer id, which holds the public key'),
    name: nameSchema.optional().describe('for people'),
  })
  .describe('one peer')

const graceMs = (description: string) => z.int().min(0).max(3_600_000).default(2000).describe(description)
const roundMs = z
  .int()
  .min(0)
  .max(86_400_000)
  .default(60_000)
  .describe('least time from one beginning of a round to the next; 0 is as fast as it goes')

const exactSchema = z.strictObject({
  kind: z.literal('exact').default('exact').describe('all honest peers end a round with one model, which is certified'),
  graceMs: graceMs(
    'wait for further updates after the first n − f: time for an INIT, a question and the update, and then an ECHO and a READY',
  ),
  timeoutMs: z.int().min(1).max(3_600_000).default(500).describe('step of the timers of binary agreement'),
  roundMs,
})

const averagingSchema = z.strictObject({
  kind: z.literal('averaging').describe('models of honest peers come close, and are never quite the same'),
  method: z.enum(['rb-tm', 'trimmed-mean', 'mda', 'nna']).default('rb-tm').describe('as in a scenario'),
  mode: z.enum(['asynchronous', 'synchronous']).default('asynchronous').describe('as in a scenario'),
  heterogeneous: z.boolean().default(true).describe('data differ between peers, as in a scenario'),
  graceMs: graceMs('synchronous: wait for the rest of the vectors after n − f'),
  roundMs,
})

/** What of an agreement whoever checks words needs; a record may have more. */
export const recordedAgreement = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('exact') }),
  z.looseObject(averagingSchema.pick({ kind: true, method: true, mode: true, heterogeneous: true }).shape),
])

const agreementSchema = z.discriminatedUnion('kind', [exactSchema, averagingSchema])

const writtenSchema = z.strictObject({
  name: nameSchema.min(1).describe('of the network; two networks with the same peers and rules differ in it'),
  tolerated: z
    .int()
    .min(0)
    .max(3_333)
    .optional()
    .describe('f, how many of the peers may lie; n ≥ 3f + 1; as many as that allows when left out'),
  peers: z.array(peerSchema).min(1).max(10_000).describe('the roster: all peers, in any order'),
  task: z.record(z.string(), z.json()).default({}).describe('what is learnt, as in a scenario'),
  learning: z.record(z.string(), z.json()).default({}).describe('how a peer learns, as in a scenario'),
  aggregation: z
    .object({ rule: z.string() })
    .catchall(z.json())
    .default({ rule: 'trimmed-mean' })
    .describe('the aggregation rule, as in a scenario'),
  agreement: agreementSchema.prefault({}),
  rounds: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe('the last round, after which peers end; without it there is always a next one'),
  seed: z.int().min(0).max(0xffff_ffff).default(1).describe('of the first model and of who has which data'),
})

/** What all peers of a network must agree on before the first round. Its digest is the name of the network. */
export const genesisSchema = writtenSchema.transform((genesis) => ({
  ...genesis,
  tolerated: genesis.tolerated ?? mostTolerated(genesis.peers.length, genesis.agreement),
}))

export type Genesis = z.output<typeof writtenSchema> & { readonly tolerated: number }

/**
 * The genesis record: what peers must agree on as one text, the same for equal content, however it is written (keys
 * sorted, peers by id, names of peers left out), and another for anything that makes peers compute or count differently.
 *
 * @param initial digest of the first model, which follows from task and seed
 */
export function recordOfGenesis(genesis: Genesis, initial: Digest): string {
  return canonical({ ...genesis, peers: rosterOf(genesis), initial })
}

/** How many more than so many times as many as lie there must be, for what the agreement promises. */
export function leastOf(agreement: Genesis['agreement']): number {
  return agreement.kind === 'exact' ? 3 : Math.max(3, contractionOf(agreement, 1, 0).least)
}

/** So many liars do n peers tolerate at most: n ≥ 3f + 1, and some methods of averaging need more. */
export function mostTolerated(peers: number, agreement: Genesis['agreement']): number {
  return Math.floor((peers - 1) / leastOf(agreement))
}

/** What a genesis says that may not be meant, in words; nothing that makes it wrong. */
export function warningsOf({ peers, tolerated, agreement }: Genesis): string[] {
  const most = mostTolerated(peers.length, agreement)
  if (tolerated >= most) return []
  return [
    `tolerated is ${tolerated}: ${peers.length} peers could tolerate ${most}, and ${tolerated + 1} that lie can do as they like`,
  ]
}

/** The name of the network: the digest of the genesis record. */
export function digestOfGenesis(genesis: Genesis, initial: Digest): Digest {
  return createHash('sha256').update(recordOfGenesis(genesis, initial)).digest('hex')
}

/** The rule, with the liars that it has to withstand. Throws AggregationError if it cannot be used by so many peers. */
export function ruleOf(genesis: Genesis): RuleSpec {
  const rule = ruleSpec({ ...genesis.aggregation, tolerated: genesis.tolerated })
  const n = genesis.peers.length
  // A round takes in n − f to n updates.
  for (let updates = n - genesis.tolerated; updates <= n; updates++) checkRule(rule, updates)
  if (rules.get(rule.rule)?.context === 'root') {
    const message = `rule "${rule.rule}" needs an update that is trusted, and peers that train one apart do not agree on its bits`
    throw new AggregationError('bad-context', `${message}: choose another of those that hearsay rules lists.`)
  }
  return rule
}

/** What its peers have in common. */
export function charterOf(genesis: Genesis, record: string): Charter {
  const { tolerated, peers } = genesis
  return { record, peers: peers.length, tolerated, rule: ruleOf(genesis), agreement: agreementOf(genesis.agreement) }
}

/** Peer ids in the order of the roster. */
export function rosterOf(genesis: Genesis): string[] {
  return genesis.peers.map(({ id }) => id).sort()
}

/**
 * What two peers can compare to find in which fields their records differ: of each field the first 16 digits of the digest
 * of its content, of those of `agreement` each.
 */
export function digestsOfFields(record: string): Record<string, string> {
  const { agreement, ...rest } = JSON.parse(record) as Record<string, unknown>
  const within = Object.entries((agreement ?? {}) as Record<string, unknown>)
  const fields = [...Object.entries(rest), ...within.map(([name, value]) => [`agreement.${name}`, value] as const)]
  return Object.fromEntries(
    fields.map(([name, value]) => [name, createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16)]),
  )
}
