import { aggregateRepeated, checkRule, checkRuleOfWeights, type RuleSpec, Workspace } from '@hearsay/aggregation'
import type { AttackContext } from './attack.ts'

/** A rule, the honest updates and a vector that f liars would send, which is there once. */
export interface Trial {
  readonly workspace: Workspace<ArrayBufferLike>
  /** Where the vector is to be put, of length d. */
  readonly vector: Float32Array<ArrayBufferLike>
  /** What the rule makes of them. */
  aggregate(): Float32Array
}

/** Throws AggregationError when the rule is not defined for so many updates. */
export function trialOf(context: AttackContext, rule: RuleSpec): Trial {
  const { own, honest, f, weights } = context
  const count = honest.length + f
  if (weights === undefined) checkRule(rule, count)
  else checkRuleOfWeights(rule, weights)
  const workspace = context.workspace ?? copied(context, count, own.length)
  const rows = Array.from({ length: count }, (_, row) => Math.min(row, honest.length))
  const vector = f > 0 ? workspace.vector(honest.length) : new Float32Array(own.length)
  return { workspace, vector, aggregate: () => aggregateRepeated(rule, workspace, rows, { weights }) }
}

/** Kernel memory is dear to make: one for all rounds. */
function copied({ memory, honest, threads }: AttackContext, rows: number, length: number): Workspace<ArrayBufferLike> {
  const kept = memory.get('workspace')
  const fits = kept instanceof Workspace && kept.rows === rows && kept.length === length
  const make = () => new Workspace<SharedArrayBuffer>({ rows, length, workers: threads!(length) })
  const workspace = fits ? kept : threads ? make() : new Workspace({ rows, length })
  memory.set('workspace', workspace)
  for (const [row, vector] of honest.entries()) workspace.vector(row).set(vector)
  return workspace
}
