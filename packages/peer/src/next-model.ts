import { aggregate, type RuleSpec, type Workspace } from '@hearsay/aggregation'

/**
 * The model of a round, as every peer computes it and anybody may check: the one before and, on top, the aggregate of
 * the updates in `rows` of the workspace, in the order of their authors. Fresh; changes nothing. Throws AggregationError.
 */
export function nextModel(
  rule: RuleSpec,
  workspace: Workspace,
  rows: readonly number[],
  model: Float32Array,
): Float32Array<ArrayBuffer> {
  const next = aggregate(rule, workspace, rows)
  for (let i = 0; i < next.length; i++) next[i]! += model[i]!
  return next
}
