import type { RuleSpec } from '@hearsay/aggregation'
import type { AttackContext } from './attack.ts'
import { trialOf } from './trial.ts'

/**
 * Whether Krum, of the updates of honest peers and f times a vector, chooses this vector. Krum as the rule in use has it, when
 * that is Krum; else by n−f−1 neighbours, which is defined whenever n > 2f. Pre-rules are left aside.
 * Throws AggregationError when Krum is not defined for so many updates.
 */
export function krumChooses(context: AttackContext): (vector: Float32Array) => boolean {
  if (context.f < 1) return () => false
  const trial = trialOf(context, krumOf(context.rule))
  return (vector) => {
    trial.vector.set(vector)
    const chosen = trial.aggregate()
    for (let i = 0; i < chosen.length; i++) if (!Object.is(chosen[i], vector[i])) return false
    return true
  }
}

function krumOf({ rule, tolerated, before: _, ...options }: RuleSpec): RuleSpec {
  return rule === 'krum' ? { ...options, rule, tolerated } : { rule: 'krum', tolerated, neighbours: 'n-f-1' }
}
