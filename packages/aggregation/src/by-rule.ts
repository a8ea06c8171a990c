// For programs that bundle what they use: rules as objects bring nothing but themselves and the kernels, where names bring all
// rules.
import { aggregatePlan, aggregatePlanOfVectors } from './aggregate-plan.ts'
import type { Workspace } from './machine/workspace.ts'
import { choiceOf, planOf } from './rule/plan.ts'
import type { Context, RuleObjectSpec } from './rule/rule.ts'

export { AggregationError, type AggregationErrorCode } from './machine/error.ts'
export { Workspace } from './machine/workspace.ts'
export type { BeforeRule, Context, Rule, RuleObjectSpec } from './rule/rule.ts'

/** As `aggregate` of the package, of a rule that is given as an object. */
export function aggregate(
  spec: RuleObjectSpec,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlan(
    { plan: planOf(choiceOf(spec), rows.length, context.weights), context, isOwn: true },
    workspace,
    rows,
  )
}

/** As `aggregateVectors` of the package, of a rule that is given as an object. */
export function aggregateVectors(
  spec: RuleObjectSpec,
  vectors: readonly Float32Array[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlanOfVectors(
    { plan: planOf(choiceOf(spec), vectors.length, context.weights), context, isOwn: true },
    vectors,
  )
}
