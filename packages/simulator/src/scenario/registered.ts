import { protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { rules } from '@hearsay/aggregation'
import { tasks } from '@hearsay/training/schema'
import { ownTopologies } from './own-topologies.ts'

/**
 * What `make` makes of the rules, attacks, topologies and tasks that are known, made anew when a scenario has brought more: none is
 * ever taken out.
 */
export function ofRegistered<T>(make: () => T): () => T {
  let made: { readonly count: number; readonly value: T } | undefined
  return () => {
    const count = rules.size + attacks.size + protocolAttacks.size + ownTopologies.size + tasks.size
    if (made?.count !== count) made = { count, value: make() }
    return made.value
  }
}
