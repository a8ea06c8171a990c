import { type OptionDescriptors, optionsOf, unknownMember } from '@hearsay/catalogue'
import type { Adversary } from '../adversary.ts'
import { forgeUpdates } from '../forge-updates.ts'
import { attackKind, attacks } from '../updates/index.ts'
import type { ProtocolAttack } from './attack.ts'
import { protocolAttacks } from './attacks.ts'

/** A behaviour as data, as scenarios name it: an attack on the protocol, or one on updates, with its options. */
export interface Behaviour {
  readonly behaviour: string
  readonly [option: string]: unknown
}

/** The options of an attack on the protocol; an attack on updates may be added to one that sends updates. */
export function optionsOfProtocolAttack({ options, sendsUpdates }: ProtocolAttack): OptionDescriptors {
  if (sendsUpdates === undefined) return options
  const values = ['none', ...attacks.keys()] as const
  const summary = 'the attack on updates, with its defaults, that forms the update that it sends'
  return { ...options, update: { kind: 'choice', summary, values, default: 'none' } }
}

/**
 * The adversary of one liar; `seed` is its own.
 *
 * @throws AttackError `unknown-attack`, `unknown-option`, `bad-option`
 */
export function createAdversary({ behaviour, ...options }: Behaviour, seed: number): Adversary {
  const attack = protocolAttacks.get(behaviour)
  if (attack !== undefined) return createProtocolAdversary(attack, options, seed)
  if (attacks.has(behaviour)) return forgeUpdates(behaviour, options, seed)
  throw unknownMember(attackKind, behaviour, [...attacks.keys(), ...protocolAttacks.keys()])
}

function createProtocolAdversary(
  attack: ProtocolAttack,
  given: Readonly<Record<string, unknown>>,
  seed: number,
): Adversary {
  const described = { name: attack.name, options: optionsOfProtocolAttack(attack) }
  const { update, ...options } = optionsOf(protocolAttacks.kind, described, given)
  const adversary = attack.create(options)
  if (update === undefined || update === 'none') return adversary
  const { alter } = forgeUpdates(String(update), {}, seed)
  return {
    ...adversary,
    alter: (own, view) => (attack.sendsUpdates?.(options, view.round) ? alter!(own, view) : own),
  }
}
