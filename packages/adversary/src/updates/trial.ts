import { aggregateRepeated, checkRule, checkRuleOfWeights, type RuleSpec, Workspace } from '@hearsay/aggregation'
import type { AttackContext } from './attack.ts'

/**
 * What a rule makes of the honest updates and f times a vector, as a function of this vector, which is there once. Throws
 * AggregationError when the rule is not defined for so many updates.
 */
export function trialOf(context: AttackContext, rule: RuleSpec): (vector: Float32Array) => Float32Array {
  const { own, honest, f, weights } = context
  const count = honest.length + f
  if (weights === undefined) checkRule(rule, count)
  else checkRuleOfWeights(rule, weights)
  const workspace = context.workspace ?? copied(context, count, own.length)
  const rows = Array.from({ length: count }, (_, row) => Math.min(row, honest.length))
  return (vector) => {
    if (f > 0) workspace.vector(honest.length).set(vector)
    return aggregateRepeated(rule, workspace, rows, { weights })
  }
}

/** Kernel memory is dear to make: one for all rounds. */
function copied({ memory, honest }: AttackContext, rows: number, length: number): Workspace {
  const kept = memory.get('workspace')
  const fits = kept instanceof Workspace && kept.rows === rows && kept.length === length
  const workspace = fits ? kept : new Workspace({ rows, length })
  memory.set('workspace', workspace)
  for (const [row, vector] of honest.entries()) workspace.vector(row).set(vector)
  return workspace
}
