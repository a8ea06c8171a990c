import { attacks, protocolAttacks } from '@hearsay/adversary'
import { beforeRules, rules } from '@hearsay/aggregation'
import { agreements } from '@hearsay/protocol'
import { registries as ofTraining } from '@hearsay/training/schema'
import { trustMethods } from '@hearsay/trust'
import { topologies } from './topology.ts'

/** What a scenario may name, and a file of its extensions may bring: by the name of the list that such a file exports. */
export const allRegistries = {
  rules,
  beforeRules,
  attacks,
  protocolAttacks,
  topologies,
  agreements,
  trustMethods,
  ...ofTraining,
}

// All three are behaviours.
attacks.shareNames(ofTraining.poisons)

/** What `make` makes of all that is known, made anew when a scenario has brought more: nothing is ever taken out. */
export function ofRegistered<T>(make: () => T): () => T {
  let made: { readonly count: number; readonly value: T } | undefined
  return () => {
    const count = Object.values(allRegistries).reduce((sum, { size }) => sum + size, 0)
    if (made?.count !== count) made = { count, value: make() }
    return made.value
  }
}
