// For programs that bundle what they use: rules as objects bring nothing but themselves and the kernels, where names bring all
// rules.
import { aggregatePlan, aggregatePlanOfVectors } from './aggregate-plan.ts'
import { choiceOf, planOf } from './plan.ts'
import type { Context, RuleObjectSpec } from './rule.ts'
import type { Workspace } from './workspace.ts'

export { AggregationError, type AggregationErrorCode } from './error.ts'
export type { BeforeRule, Context, Rule, RuleObjectSpec } from './rule.ts'
export { Workspace } from './workspace.ts'

/** As `aggregate` of the package, of a rule that is given as an object. */
export function aggregate(
  spec: RuleObjectSpec,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlan({ plan: planOf(choiceOf(spec), rows.length), context, isOwn: true }, workspace, rows)
}

/** As `aggregateVectors` of the package, of a rule that is given as an object. */
export function aggregateVectors(
  spec: RuleObjectSpec,
  vectors: readonly Float32Array[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlanOfVectors({ plan: planOf(choiceOf(spec), vectors.length), context, isOwn: true }, vectors)
}
