import { aggregatePlan, aggregatePlanOfVectors, referenceOfPlan } from './aggregate-plan.ts'
import { aggregatePlanOfRows } from './aggregate-rows.ts'
import type { Workspace } from './machine/workspace.ts'
import type { Context, RuleObjectSpec } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'
import { resolveRule, rules } from './rules.ts'
import type { SparseUpdate } from './sparse.ts'

/**
 * Aggregates the n vectors in `rows`, distinct indices into the workspace, by a rule that tolerates f = `tolerated` of
 * them. Their order is the order of summation: peers that must agree on the bits give the same order, by peer id.
 * Does not change its input. Returns a fresh vector of length d. `context` has what some rules need besides.
 *
 * A row with NaN or ±Inf counts as Byzantine and never reaches the output: it is taken out, and both n and f are one
 * less for it. The requirement of every rule then still holds, and what is left is tolerated as before. More than f
 * such rows are an error, and so is having no other row.
 *
 * With `weights` of the context n and f are weight: a rule counts it as its `weighted` says. Where that is not in full, equal
 * weights of w are none, and f is ⌊`tolerated` / w⌋ rows.
 *
 * Throws AggregationError as `checkRule`, `bad-rows` for an index outside the workspace or given twice, `bad-context`,
 * `bad-weights`, `weights-refused`, `too-many-non-finite`, and `bad-rule` when a rule of one's own gives something else than d finite numbers.
 */
export function aggregate(
  spec: RuleSpec | RuleObjectSpec,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlan(useOf(spec, rows.length, context), workspace, rows)
}

/**
 * `aggregate` of rows of which some may be the same one, as that of liars who all send one vector: the bits are those of
 * copies of it.
 */
export function aggregateRepeated(
  spec: RuleSpec | RuleObjectSpec,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  context: Context = {},
): Float32Array<ArrayBuffer> {
  return aggregatePlan({ ...useOf(spec, rows.length, context), repeated: true }, workspace, rows)
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
 * Aggregates n updates that speak about some rows of a model each, rows of `width` numbers, to one that speaks about every
 * row that any of them does. What a rule does with the rest its `masks` says; where it takes a row among those who speak and
 * they are too few for its requirement, the row stays, which is zero here. Costs what as many dense vectors cost that are as
 * long as the union of the rows. Updates that are not finite are taken out, as by `aggregate`.
 *
 * Throws AggregationError as `aggregate`, `bad-vectors` for an update that is none, and `mask-refused` by a rule that
 * takes whole vectors only.
 */
export function aggregateRows(
  spec: RuleSpec | RuleObjectSpec,
  updates: readonly SparseUpdate[],
  width: number,
  context: Pick<Context, 'draw' | 'weights'> = {},
): SparseUpdate {
  return aggregatePlanOfRows(useOf(spec, updates.length, context), updates, width)
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
  const plan = resolveRule(spec, n, context.weights)
  return { plan, context, isOwn: !rules.ships(plan.rule) }
}
