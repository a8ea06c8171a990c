import {
  AggregationError,
  type OptionDescriptors,
  type RuleOptions,
  resolveOptions,
  suggestion,
} from '@hearsay/aggregation'
import type { Adversary } from './adversary.ts'
import { forgeUpdates } from './forge-updates.ts'
import type { ProtocolAttack } from './protocol/attack.ts'
import { protocolAttacks } from './protocol/attacks.ts'
import { AttackError, type AttackErrorCode, attacks } from './updates/index.ts'

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
  return { ...options, update: { kind: 'choice', summary, values: values as [string, ...string[]], default: 'none' } }
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
  const names = [...attacks.keys(), ...protocolAttacks.keys()]
  const hint = suggestion(behaviour, names) || `; the behaviours are ${names.join(', ')}.`
  throw new AttackError('unknown-attack', `Unknown behaviour "${behaviour.slice(0, 50)}"${hint}`)
}

function createProtocolAdversary(
  attack: ProtocolAttack,
  given: Readonly<Record<string, unknown>>,
  seed: number,
): Adversary {
  const { update, ...options } = resolved(attack, given)
  const adversary = attack.create(options)
  if (update === undefined || update === 'none') return adversary
  const { alter } = forgeUpdates(String(update), {}, seed)
  return {
    ...adversary,
    alter: (own, view) => (attack.sendsUpdates?.(options, view.round) ? alter!(own, view) : own),
  }
}

function resolved(attack: ProtocolAttack, given: Readonly<Record<string, unknown>>): RuleOptions {
  try {
    return resolveOptions(`Behaviour "${attack.name}"`, optionsOfProtocolAttack(attack), given)
  } catch (error) {
    if (!(error instanceof AggregationError)) throw error
    throw new AttackError(error.code as AttackErrorCode, error.message, { cause: error })
  }
}
