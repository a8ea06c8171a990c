import { optionsOfProtocolAttack, protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import type { Member } from '@hearsay/catalogue'
import { memberSchemas } from '@hearsay/catalogue/schema'
import { type PoisonSpec, poisons } from '@hearsay/training/schema'
import { z } from 'zod'
import { ofRegistered } from './registries.ts'

const count = z.int().min(0).max(10_000).describe('how many peers behave so')

/** The behaviours in their order: attacks on updates, poisoned data, attacks on the protocol. */
function behaviours(): readonly Member[] {
  const onProtocol = [...protocolAttacks.values()].map((attack) => ({
    ...attack,
    options: optionsOfProtocolAttack(attack),
  }))
  return [...attacks.values(), ...poisons.values(), ...onProtocol]
}

/** Peers of which nobody lies, or all lie in the same way, with the options of that behaviour. */
export type AdversaryGroup = LyingGroup | { readonly count: number; readonly behaviour?: 'none' | undefined }
/** Groups that lie: of at least one peer. */
export interface LyingGroup {
  readonly count: number
  readonly behaviour: string
  readonly [option: string]: unknown
}

/** What a liar may do. Each behaviour has its own parameters; a parameter of another one is an error. */
const adversaryGroupSchema = ofRegistered(
  () =>
    z
      .discriminatedUnion('behaviour', [
        z
          .strictObject({ count, behaviour: z.literal('none').optional().describe('nobody lies') })
          .describe('no liars; `count` is 0'),
        ...memberSchemas(behaviours(), 'behaviour', () => ({ leading: { count } })),
      ])
      .describe('peers that lie, and how') as unknown as z.ZodType<AdversaryGroup, AdversaryGroup>,
)

export const adversariesSchema = ofRegistered(() =>
  z
    .union([adversaryGroupSchema(), z.array(adversaryGroupSchema()).min(1).max(100)])
    .describe('peers that lie: one group, or a list of groups that collude'),
)

type WithAdversaries = { readonly adversaries: AdversaryGroup | readonly AdversaryGroup[] }

function groupsOf(parameters: WithAdversaries): readonly AdversaryGroup[] {
  const { adversaries } = parameters
  return Array.isArray(adversaries) ? adversaries : [adversaries as AdversaryGroup]
}

/** The groups of at least one liar, in the order of the file. */
export function lyingGroups(parameters: WithAdversaries): LyingGroup[] {
  return groupsOf(parameters).filter(
    (group): group is LyingGroup => group.count > 0 && group.behaviour !== undefined && group.behaviour !== 'none',
  )
}

/** How many peers lie. */
export function maliciousCount(parameters: WithAdversaries): number {
  return groupsOf(parameters).reduce((sum, group) => sum + group.count, 0)
}

/** How many peers, the first, divide the training data among them. */
export function holdersOf(
  parameters: WithAdversaries & { readonly peers: number; readonly dataAmong?: 'all' | 'honest' | undefined },
): number {
  return parameters.dataAmong === 'honest' ? parameters.peers - maliciousCount(parameters) : parameters.peers
}

/** What those who lie weigh together: so many as they are, unless the scenario gives weights. */
export function maliciousWeight(
  parameters: WithAdversaries & { readonly weights?: readonly number[] | undefined },
): number {
  const count = maliciousCount(parameters)
  const { weights } = parameters
  return weights && count > 0 ? weights.slice(-count).reduce((sum, weight) => sum + weight, 0) : count
}

/** Which part liars are of all peers, or of the weight of all. */
export function liarShare(
  parameters: WithAdversaries & { readonly peers: number; readonly weights?: readonly number[] | undefined },
  of: 'heads' | 'weight',
): number {
  const { peers, weights } = parameters
  if (of === 'heads' || weights === undefined) return maliciousCount(parameters) / peers
  return maliciousWeight(parameters) / weights.reduce((sum, weight) => sum + weight, 0)
}

/**
 * Who lies, and how: the last peers of the roster, group after group. Indices 0 … peers − 1; a peer that is not in
 * the map is honest.
 */
export function maliciousPeers(parameters: WithAdversaries & { readonly peers: number }): Map<number, LyingGroup> {
  const malicious = new Map<number, LyingGroup>()
  let index = parameters.peers - maliciousCount(parameters)
  for (const group of lyingGroups(parameters)) {
    for (let member = 0; member < group.count; member++) malicious.set(index++, group)
  }
  return malicious
}

/** How the data of such liars are poisoned; undefined when they lie in another way. */
export function poisonOf({ count: _, behaviour, ...options }: LyingGroup): PoisonSpec | undefined {
  return poisons.has(behaviour) ? { kind: behaviour, ...options } : undefined
}

/** `sign-flip`, `sign-flip (scale 10)`: what is not the default is told. */
export function describeBehaviour(group: LyingGroup): string {
  const { count: _, behaviour, ...options } = group
  const plain: Readonly<Record<string, unknown>> = { ...adversaryGroupSchema().parse({ count: 0, behaviour }) }
  const set = Object.entries(options).filter(([key, value]) => value !== undefined && value !== plain[key])
  const described = set.map(([key, value]) => `${key} ${String(value)}`).join(', ')
  return described === '' ? behaviour : `${behaviour} (${described})`
}
