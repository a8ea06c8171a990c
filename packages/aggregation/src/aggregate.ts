import { aggregatePlan, aggregatePlanOfVectors, referenceOfPlan } from './aggregate-plan.ts'
import type { Workspace } from './machine/workspace.ts'
import type { Context, RuleObjectSpec } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'
import { resolveRule, rules } from './rules.ts'

/**
 * Aggregates the n vectors in `rows`, distinct indices into the workspace, by a rule that tolerates f = `tolerated` of
 * them. Their order is the order of summation: peers that must agree on the bits give the same order, by peer id.
 * Does not change its input. Returns a fresh vector of length d. `context` has what some rules need besides.
 *
 * A row with NaN or ±Inf counts as Byzantine and never reaches the output: it is taken out, and both n and f are one
 * less for it. The requirement of every rule then still holds, and what is left is tolerated as before. More than f
 * such rows are an error, and so is having no other row.
 *
 * Throws AggregationError as `checkRule`, `bad-rows` for an index outside the workspace or given twice, `bad-context`,
 * `too-many-non-finite`, and `bad-rule` when a rule of one's own gives something else than d finite numbers.
 */
export function aggregate(
  spec: RuleSpec | RuleObjectSpec,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlan(useOf(spec, rows.length, context), workspace, rows)
}

/** `aggregate` of plain vectors of one length, copied into a workspace of their own. Also throws `bad-vectors`. */
export function aggregateVectors(
  spec: RuleSpec | RuleObjectSpec,
  vectors: readonly Float32Array[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlanOfVectors(useOf(spec, vectors.length, context), vectors)
}

/**
 * The definition of `aggregateVectors` in plain TypeScript and float64, slowly, with the same errors. For tests: the same
 * bits for rules that go column by column or choose rows; others differ by rounding, since they see vectors here and only
 * the distances and inner products among them there.
 */
export function reference(
  spec: RuleSpec | RuleObjectSpec,
  vectors: readonly Float32Array[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return referenceOfPlan(useOf(spec, vectors.length, context), vectors)
}

function useOf(spec: RuleSpec | RuleObjectSpec, n: number, context: Context) {
  const plan = resolveRule(spec, n)
  return { plan, context, isOwn: !rules.ships(plan.rule) }
}
