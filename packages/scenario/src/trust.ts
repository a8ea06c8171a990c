import { memberSchemas } from '@hearsay/catalogue/schema'
import { mostTolerated } from '@hearsay/protocol'
import {
  greatestWeight,
  sybilVouches,
  TrustError,
  type TrustSpec,
  trustMethods,
  trustOf,
  type Vouch,
  Vouches,
  vouchFaults,
  wholeWeights,
} from '@hearsay/trust'
import { z } from 'zod'
import { adversariesSchema, maliciousCount } from './adversaries.ts'
import type { Finding } from './finding.ts'
import { ofRegistered } from './registries.ts'
import type { Tree } from './tree.ts'
import type { TrustSection } from './trust-section.ts'
import { faultsOfVouching, standingAtFirst } from './vouching.ts'

const peer = z.int().min(0).max(9_999)

const round = z.int().min(1).max(1_000_000)
const peersSchema = z.array(peer).min(1).max(10_000)

const fields = {
  preTrusted: z.array(peer).min(1).max(10_000).describe('peers that are trusted to begin with, from 0'),
  vouches: z
    .array(
      z.union([
        z.tuple([peer, peer]),
        z.tuple([peer, peer, z.number()]),
        z.strictObject({ from: peer, to: peer, weight: z.number().min(0).max(1).optional(), round }),
      ]),
    )
    .max(100_000)
    .default([])
    .describe(
      'who vouches for whom, each [from, to] or [from, to, weight]; with `every` also { from, to, weight, round }, from a round on, ' +
        'weight 0 taking it back',
    ),
  every: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      'in every so manieth round vouches are heard, and weights follow them two rounds later; for ever as before round 1 when left out',
    ),
  roster: z
    .array(
      z.strictObject({
        round,
        join: peersSchema.describe('peers for whom those in `by` vouch from this round on').optional(),
        by: peersSchema.optional(),
        leave: peersSchema.describe('peers that say farewell').optional(),
      }),
    )
    .max(1000)
    .default([])
    .describe('who joins and leaves in which round'),
  bought: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('how many vouches liars have bought, the first of each honest peer, then the second of each, …'),
  boughtIn: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('with `every`, from which round on liars have these; before round 1 when left out'),
  floor: z
    .int()
    .min(1)
    .max(greatestWeight)
    .default(1)
    .describe('what a peer that is trusted to begin with weighs at least'),
  scale: z
    .int()
    .min(1)
    .max(greatestWeight)
    .optional()
    .describe('what trust is multiplied by before it is rounded down; a number of the method when left out'),
}

export const trustSchema = ofRegistered(
  () =>
    z
      .discriminatedUnion(
        'method',
        memberSchemas(trustMethods.values(), 'method', ({ name }) => ({
          usual: name === 'lipschitrust',
          following: fields,
        })),
      )
      .describe(
        'weights of peers by who vouches for whom, in place of `weights`. Liars all vouch for each other, and for whom they ' +
          'have bought from',
      ) as unknown as z.ZodType<TrustSection, TrustSection>,
)

/**
 * The parameters of a cell with the weights that trust gives, and with as many liars tolerated as these allow unless it says how
 * many. What is wrong with a field alone is left to the schema of all.
 */
export function withTrust(tree: Tree): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  if (tree.trust === undefined) return { tree, findings: [] }
  const trust = trustSchema().safeParse(tree.trust)
  const adversaries = adversariesSchema().safeParse(tree.adversaries ?? { count: 0 })
  const peers = z.int().min(1).max(10_000).safeParse(tree.peers)
  const unknown = { tree: { ...tree, tolerated: tree.tolerated ?? 0 }, findings: [] }
  if (!trust.success || !adversaries.success || !peers.success) return unknown
  const liars = maliciousCount({ adversaries: adversaries.data })
  if (liars >= peers.data) return unknown
  const faults = faultsOfVouching(trust.data, peers.data)
  if (faults.length > 0) return { tree, findings: faults }
  const { weights, findings } = weightsBy(trust.data, peers.data, liars)
  if (findings.length > 0) return { tree, findings }
  if (tree.weights !== undefined && JSON.stringify(tree.weights) !== JSON.stringify(weights))
    return { tree, findings: [{ path: ['weights'], message: 'trust gives the weights: leave weights out, or trust' }] }
  const most = mostTolerated(weights.reduce((sum, weight) => sum + weight, 0))
  if (trust.data.every !== undefined && (tree.tolerated ?? most) !== most) {
    const message = `with trust.every it is always the most that weights allow, ${most} at first: leave it out`
    return { tree, findings: [{ path: ['tolerated'], message }] }
  }
  return { tree: { ...tree, weights, tolerated: tree.tolerated ?? most }, findings: [] }
}

/** The method of a section, and its options. */
export function methodOf(section: TrustSection): TrustSpec {
  const { preTrusted, vouches, every, roster, bought, boughtIn, floor, scale, ...spec } = section
  return spec
}

/** Who has no trust weighs 1: every peer of a scenario is in its roster; or waits, where weights follow vouches. */
function weightsBy(
  section: TrustSection,
  peers: number,
  liars: number,
): { readonly weights: readonly number[]; readonly findings: readonly Finding[] } {
  const { preTrusted, vouches, bought, scale, floor, every } = section
  const said = vouches.flatMap((vouch): Vouch[] => {
    if ('from' in vouch) return []
    const [from, to, weight] = vouch
    return [{ from, to, weight }]
  })
  const wrong = (path: PropertyKey[], message: string) => ({
    weights: [],
    findings: [{ path: ['trust', ...path], message }],
  })
  const [fault] = vouchFaults(peers, said)
  if (fault !== undefined) return wrong(['vouches', fault.index], fault.message)
  const stranger = preTrusted.findIndex((index) => index >= peers)
  if (stranger >= 0)
    return wrong(['preTrusted', stranger], `there are peers 0 to ${peers - 1}, found ${preTrusted[stranger]}`)
  try {
    const honest = peers - liars
    if (every !== undefined) {
      const standing = standingAtFirst(section, honest, liars)
      const given = new Map(
        standing.map((turn) => [turn.from * peers + turn.to, { ...turn, weight: turn.weight / 100 }]),
      )
      const { trust, scale: usual } = trustOf(methodOf(section), Vouches.of(peers, [...given.values()]), preTrusted)
      return { weights: wholeWeights(trust, { scale: scale ?? usual, floor, preTrusted }), findings: [] }
    }
    const theirs = sybilVouches({ honest, sybils: liars, bought, back: true })
    const pairs = new Set(said.map(({ from, to }) => from * peers + to))
    const more = theirs.filter(({ from, to }) => !pairs.has(from * peers + to))
    const found = trustOf(methodOf(section), Vouches.of(peers, [...said, ...more]), preTrusted)
    const weights = wholeWeights(found.trust, { scale: scale ?? found.scale, floor, preTrusted })
    return { weights: weights.map((weight) => Math.max(1, weight)), findings: [] }
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    return wrong([], error.message)
  }
}
