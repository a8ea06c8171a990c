import { createHash } from 'node:crypto'
import { AggregationError, type RowShape, type RuleSpec, rules } from '@hearsay/aggregation'
import { type OptionDescriptors, type Options, unknownMember } from '@hearsay/catalogue'
import { memberSchemas } from '@hearsay/catalogue/schema'
import {
  Charter,
  canonical,
  checkedRule,
  checkRuleOfTrust,
  FoundedCharter,
  mostPeers,
  type Terms,
  tooManyPeers,
} from '@hearsay/peer'
import {
  type AgreementSpec,
  agreementOf,
  agreements,
  type Digest,
  fewestUpdates,
  genesisOptions,
  idleSettings,
  mostTolerated,
  type NamedAgreement,
} from '@hearsay/protocol'
import { TrustError, trustMethods } from '@hearsay/trust'
import { z } from 'zod'
import { faultOfExchange, genesisExchangeSchema } from './genesis-exchange.ts'
import { peerIdSchema } from './peer-id.ts'
import { trustFields, trustTermsOf, type WrittenTrust } from './trust-terms.ts'

/** It is shown to others. */
const nameSchema = z
  .string()
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must be without control characters')

const peerSchema = z
  .strictObject({
    id: peerIdSchema.describe('libp2p peer id, which holds the public key'),
    name: nameSchema.optional().describe('for people'),
    weight: z.int().min(1).max(1_000_000).optional().describe('how much its voice counts; 1 when left out'),
  })
  .describe('one peer')

/** An agreement by name, with the options that its place may give it. Made anew for those that extensions bring. */
export function agreementSchema(place: (agreement: NamedAgreement) => OptionDescriptors) {
  const members = [...agreements.values()].map((agreement) => ({ ...agreement, options: place(agreement) }))
  const schemas = memberSchemas(members, 'kind', ({ name }) => ({ usual: name === 'exact' }))
  return z.discriminatedUnion('kind', schemas, { error: unknownAgreement }) as unknown as z.ZodType<
    AgreementSpec,
    Partial<AgreementSpec>
  >
}

/** What a genesis may say of the agreement of this name. Throws CodedError `unknown-agreement`. */
export function agreementOptions(kind: string): OptionDescriptors {
  return genesisOptions(agreements.find(kind))
}

/** The name that was meant, or all there are. */
function unknownAgreement({ input }: { readonly input?: unknown }): string | undefined {
  const { kind } = (input ?? {}) as Partial<AgreementSpec>
  if (typeof kind !== 'string' || agreements.has(kind)) return undefined
  return unknownMember(agreements.kind, kind, [...agreements.keys()]).message
}

/** Files of an operator's own, code and models. `home` puts their digests in, so that they are part of the record. */
export const extensionsSchema = z
  .array(
    z.preprocess(
      (value) => (typeof value === 'string' ? { file: value } : value),
      z.strictObject({
        file: z
          .string()
          .max(256)
          .regex(
            /^\.\/(?!.*(^|\/)\.\.(\/|$))[^\\]+$/,
            'must be a path from the folder of the genesis, such as ./my-task.ts',
          )
          .describe('TypeScript file, or model.json of TensorFlow.js, beside the genesis or below'),
        sha256: z
          .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'))
          .optional()
          .describe('digest of it and of each file that it imports by a path; when left out, of those that are there'),
      }),
    ),
  )
  .min(1)
  .max(64)
  .optional()
export type GenesisExtension = NonNullable<z.output<typeof extensionsSchema>>[number]

/** What training makes of a task and of how a peer learns. Who has none takes both as they are written. */
export interface LearningSchemas {
  readonly task: z.ZodType
  readonly learning: z.ZodType
  /** The task that a module brings in place of one that names the module; a text when it is not clear which. */
  readonly withModule?: (task: unknown) => string | { readonly task: unknown }
}

/** Kept as it is written, which is what is recorded; what `schema` finds wrong in it is told in its place. */
const checkedBy = (schema: z.ZodType | undefined) =>
  z.record(z.string(), z.json()).check(({ value, issues }) => {
    for (const { path, message } of schema?.safeParse(value).error?.issues ?? [])
      issues.push({ code: 'custom', input: value, path: [...path], message })
  })

const trustSchema = () =>
  z.discriminatedUnion(
    'method',
    memberSchemas(trustMethods.values(), 'method', ({ name }) => ({
      usual: name === 'lipschitrust',
      following: trustFields,
    })),
  ) as unknown as z.ZodType<WrittenTrust, Partial<WrittenTrust>>

const writtenSchema = (schemas?: LearningSchemas) =>
  z.strictObject({
    name: nameSchema.min(1).describe('of the network; two networks with the same peers and rules differ in it'),
    tolerated: z
      .int()
      .min(0)
      .optional()
      .describe('f, how many of the peers may lie, by weight; n ≥ 3f + 1; as many as that allows when left out'),
    peers: z.array(peerSchema).min(1).max(10_000).describe('the roster: all peers, in any order'),
    trust: trustSchema()
      .optional()
      .describe('weights that follow vouches while the network runs, in place of those of `peers`; exact agreement'),
    task: checkedBy(schemas?.task).prefault({}).describe('what is learnt, as in a scenario'),
    learning: checkedBy(schemas?.learning).prefault({}).describe('how a peer learns, as in a scenario'),
    aggregation: z
      .object({ rule: z.string(), tolerated: z.int().min(0).optional() })
      .catchall(z.json())
      .default({ rule: 'trimmed-mean' })
      .describe(
        'the aggregation rule, as in a scenario; `tolerated` is its own f, where that is not the one of the agreement',
      ),
    agreement: agreementSchema(genesisOptions).prefault({}),
    exchange: genesisExchangeSchema,
    extensions: extensionsSchema.describe('files that export tasks, rules, … of your own, as in a scenario'),
    rounds: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .describe('the last round, after which peers end; without it there is always a next one'),
    seed: z.int().min(0).max(0xffff_ffff).default(1).describe('of the first model and of who has which data'),
  })

/** What all peers of a network must agree on before the first round. Its digest is the name of the network. */
export const genesisSchema = (schemas?: LearningSchemas) =>
  writtenSchema(schemas)
    .transform((genesis) => ({ ...genesis, tolerated: genesis.tolerated ?? mostIn(genesis) }))
    .check(({ value, issues }) => {
      for (const { path, message } of problemsOf(value)) issues.push({ code: 'custom', input: value, path, message })
    })

type Written = z.output<ReturnType<typeof writtenSchema>>
export type GenesisInput = z.input<ReturnType<typeof writtenSchema>>
export type Genesis = Written & { readonly tolerated: number }

interface Problem {
  readonly path: PropertyKey[]
  readonly message: string
}

/** What no field alone can tell. */
function problemsOf(genesis: Genesis): Problem[] {
  const { peers, tolerated } = genesis
  const { kind, ...settings } = genesis.agreement
  const { weighs, faults, baseline } = agreements.find(kind)
  const problem = (path: PropertyKey[], message: string): Problem[] => [{ path, message }]
  if (baseline)
    return problem(
      ['agreement', 'kind'],
      `${kind} protects nobody, and is there for scenarios to compare with: take exact`,
    )
  const ids = peers.map(({ id }) => id)
  const twice = ids.findIndex((id, at) => ids.indexOf(id) < at)
  if (twice >= 0) return problem(['peers', twice, 'id'], `${ids[twice]} stands there twice`)
  if (!weighs && weightsOf(genesis) !== undefined)
    return problem(['agreement', 'kind'], `${kind} counts peers: leave their weights out, or take exact`)
  const trustFault = faultOfTrust(genesis)
  if (trustFault !== undefined) return [trustFault]
  const most = mostIn(genesis)
  if (tolerated > most) {
    const who = whoOf(genesis)
    const needed = `(n ≥ ${leastOf(genesis)}f + 1)`
    return problem(['tolerated'], `${who} tolerate at most ${most} liars, not ${tolerated} ${needed}`)
  }
  const [fault] = faults?.(settings as Options, peers.length, tolerated) ?? []
  if (fault?.setting !== undefined) return problem(['agreement', fault.setting], fault.message)
  if (fault !== undefined) return problem(['tolerated'], fault.message)
  try {
    const lossy = faultOfExchange(genesis, ruleOf(genesis))
    if (lossy !== undefined) return [lossy]
    const carried = mostPeers(canonical(ruleOf(genesis)), {
      vouches: genesis.trust !== undefined,
      pauses: genesis.agreement.pauses !== undefined,
      ordering: agreementOf(genesis.agreement).ordering,
    })
    return peers.length <= carried ? [] : problem(['peers'], `there are ${peers.length}, and ${tooManyPeers(carried)}`)
  } catch (error) {
    if (!(error instanceof AggregationError)) throw error
    return problem(['aggregation'], error.message)
  }
}

/** What is wrong with weights that follow vouches. */
function faultOfTrust(genesis: Genesis): Problem | undefined {
  const { trust, agreement, peers, tolerated } = genesis
  if (trust === undefined) return undefined
  if (agreement.kind !== 'exact')
    return {
      path: ['agreement', 'kind'],
      message: `vouches are certified, and ${agreement.kind} certifies nothing: take exact`,
    }
  const heavy = peers.findIndex(({ weight }) => weight !== undefined)
  if (heavy >= 0) return { path: ['peers', heavy, 'weight'], message: 'trust gives the weights: leave it out' }
  try {
    trustTermsOf(trust, rosterOf(genesis))
    checkRuleOfTrust(charterOf(genesis).at(1).rule)
  } catch (error) {
    if (error instanceof AggregationError)
      return {
        path: ['aggregation'],
        message: `${error.message} Vouches may give any weights: choose a rule that counts them.`,
      }
    if (!(error instanceof RangeError || error instanceof TrustError)) throw error
    return { path: ['trust'], message: error.message }
  }
  const most = mostIn(genesis)
  if (tolerated === most) return undefined
  return {
    path: ['tolerated'],
    message: `with trust it is always the most that weights allow, ${most} at first: leave it out`,
  }
}

/** In words, by weight where it is not their number. */
function whoOf(genesis: Written): string {
  const [total, { length }] = [weightOf(genesis), genesis.peers]
  return total === length ? `${total} peers` : `peers that weigh ${total}`
}

function weightOf(genesis: Written): number {
  return (weightsOf(genesis) ?? genesis.peers.map(() => 1)).reduce((sum, weight) => sum + weight, 0)
}

/** How many more than so many times as many as lie there must be, for what the agreement promises. */
function leastOf({ agreement: { kind, ...settings } }: Written): number {
  return agreements.find(kind).least?.(settings as Options) ?? 3
}

/** So many liars, by weight, do its peers tolerate at most: n ≥ 3f + 1, and some agreements need more. */
function mostIn(genesis: Written): number {
  return mostTolerated(weightOf(genesis), leastOf(genesis))
}

/**
 * The genesis record: what peers must agree on as one text, the same for equal content, however it is written (keys
 * sorted, peers by id, names of peers left out, weights where each is 1, and the kind of agreement where it is exact), and another
 * for anything that makes peers compute or count differently.
 *
 * @param initial digest of the first model, which follows from task and seed
 * @param rows what its parameters are, if the task says so
 */
export function recordOfGenesis(genesis: Genesis, initial: Digest, rows?: RowShape): string {
  const { kind, ...settings } = genesis.agreement
  const agreement = kind === 'exact' ? settings : genesis.agreement
  const weights = genesis.trust === undefined ? weightsOf(genesis) : undefined
  const trust = genesis.trust && sortedTrust(genesis.trust)
  return canonical({ ...genesis, agreement, peers: rosterOf(genesis), weights, trust, initial, rows })
}

/** In one order, whatever the order that they are written in. */
export function sortedTrust({ preTrusted, vouches, ...trust }: WrittenTrust): WrittenTrust {
  const key = ([from, to]: WrittenTrust['vouches'][number]): string => `${from} ${to}`
  return {
    ...trust,
    preTrusted: [...new Set(preTrusted)].sort(),
    vouches: vouches.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
  } as WrittenTrust
}

/** What a genesis says that may not be meant, in words, of learning by who knows it; nothing that makes it wrong. */
export function warningsOf(genesis: Genesis, ofLearning?: (learning: unknown) => string | undefined): string[] {
  const { tolerated } = genesis
  const most = mostIn(genesis)
  const idle = [...[ofLearning?.(genesis.learning) ?? []].flat(), ...idleSettings(genesis.agreement, true)]
  if (tolerated >= most) return idle
  return [
    ...idle,
    `tolerated is ${tolerated}: ${whoOf(genesis)} could tolerate ${most}, and ${tolerated + 1} that lie can do as they like`,
  ]
}

/** The rule, with the liars that it has to withstand. Throws AggregationError if it cannot be used by so many peers. */
export function ruleOf(genesis: Genesis): RuleSpec {
  const { rule: chosen, quorums } = charterOf(genesis).at(1)
  const { total, tolerated, weights } = quorums
  const rule = checkedRule(chosen, weights, fewestUpdates(genesis.agreement, total, tolerated))
  if (rules.get(rule.rule)?.context === 'root') {
    const message = `rule "${rule.rule}" needs an update that is trusted, and peers that train one apart do not agree on its bits`
    throw new AggregationError('bad-context', `${message}: choose another of those that hearsay rules lists.`)
  }
  return rule
}

/** What its peers have in common, before the first model is known. */
export function charterOf(genesis: Genesis): Charter {
  return new Charter(termsOf(genesis))
}

/** `initial` and `rows` as for `recordOfGenesis`. */
export function foundedCharterOf(genesis: Genesis, initial: Digest, rows?: RowShape): FoundedCharter {
  return new FoundedCharter({ ...termsOf(genesis), rows, record: recordOfGenesis(genesis, initial, rows) })
}

function termsOf(genesis: Genesis): Terms {
  const { tolerated, aggregation, task, learning } = genesis
  const [ids, weights, agreement] = [rosterOf(genesis), weightsOf(genesis), agreementOf(genesis.agreement)]
  const trust = genesis.trust && trustTermsOf(genesis.trust, ids)
  return { ids, weights, tolerated, aggregation, agreement, trust, task, learning }
}

/** Peer ids in the order of the roster. */
export function rosterOf({ peers }: Pick<Genesis, 'peers'>): string[] {
  return peers.map(({ id }) => id).sort()
}

/** Of the peers in the order of the roster, in round 1; undefined when each weighs 1. */
function weightsOf({ peers, trust }: Written): readonly number[] | undefined {
  if (trust !== undefined) {
    try {
      const terms = trustTermsOf(trust, rosterOf({ peers }))
      return terms.weigh(terms.vouches)
    } catch (error) {
      // It is told by whoever checks the genesis.
      if (!(error instanceof RangeError || error instanceof TrustError)) throw error
      return undefined
    }
  }
  const weights = peers.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ weight = 1 }) => weight)
  return weights.every((weight) => weight === 1) ? undefined : weights
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
