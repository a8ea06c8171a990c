import { aggregate, type RuleSpec, type Workspace } from '@hearsay/aggregation'
import { type Digest, fromHex, sha256 } from '@hearsay/protocol'

/**
 * The model of a round, as every peer computes it and anybody may check: the one before and, on top, the aggregate of
 * the updates in `rows` of the workspace, in the order of their authors, whose `digests` they are. Rules that draw at
 * random draw by these, which nobody knows before all updates are given: only who comes last could try some of its own.
 * Fresh; changes nothing. Throws AggregationError.
 */
export function nextModel(
  rule: RuleSpec,
  workspace: Workspace,
  rows: readonly number[],
  model: Float32Array,
  digests: readonly Digest[],
): Float32Array<ArrayBuffer> {
  const draw = Buffer.from(sha256(...digests.map(fromHex))).readUInt32LE()
  const next = aggregate(rule, workspace, rows, { draw })
  for (let i = 0; i < next.length; i++) next[i]! += model[i]!
  return next
}
