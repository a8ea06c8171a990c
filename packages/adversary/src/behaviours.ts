import { suggestion } from '@hearsay/aggregation'
import type { Adversary } from './adversary.ts'
import { forgeUpdates } from './forge-updates.ts'
import { equivocate } from './protocol/equivocate.ts'
import { silent } from './protocol/silent.ts'
import { splitBrain } from './protocol/split-brain.ts'
import { AttackError, attacks } from './updates/index.ts'

/** A behaviour as data, as scenarios name it: an attack on the protocol, or one on updates with its options. */
export interface Behaviour {
  readonly behaviour: string
  readonly [option: string]: unknown
}

/** Attacks on the protocol by name. */
const protocolAttacks: ReadonlyMap<string, () => Adversary> = new Map([
  ['silent', silent],
  ['equivocate', equivocate],
  ['split-brain', splitBrain],
])

/**
 * The adversary of one liar; `seed` is its own.
 *
 * @throws AttackError `unknown-attack`, `unknown-option`, `bad-option`
 */
export function createAdversary({ behaviour, ...options }: Behaviour, seed: number): Adversary {
  const create = protocolAttacks.get(behaviour)
  if (create !== undefined) return create()
  if (attacks.has(behaviour)) return forgeUpdates(behaviour, options, seed)
  const names = [...attacks.keys(), ...protocolAttacks.keys()]
  const hint = suggestion(behaviour, names) || `; the behaviours are ${names.join(', ')}.`
  throw new AttackError('unknown-attack', `Unknown behaviour "${behaviour.slice(0, 50)}"${hint}`)
}
