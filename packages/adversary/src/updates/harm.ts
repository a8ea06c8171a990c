import { aggregate, checkRule, Workspace } from '@hearsay/aggregation'
import type { AttackContext } from './attack.ts'
import { squaredDistance } from './vectors.ts'

/**
 * ‖F(H ∪ f·b) − μ‖² as a function of b: how far f liars that all send b move the rule in use, pre-rules included, from the
 * honest mean. Infinite b are no harm. Throws AggregationError when the rule is not defined for so many updates.
 */
export function harmOf(context: AttackContext, mean: Float64Array): (vector: Float32Array) => number {
  const { honest, f, rule } = context
  const count = honest.length + f
  checkRule(rule, count)
  const workspace = workspaceOf(context, count, mean.length)
  for (const [row, vector] of honest.entries()) workspace.vector(row).set(vector)
  const rows = Array.from({ length: count }, (_, row) => row)
  return (vector) => {
    for (let row = honest.length; row < count; row++) workspace.vector(row).set(vector)
    return squaredDistance(aggregate(rule, workspace, rows), mean)
  }
}

/** Kernel memory is dear to make: one for all rounds. */
function workspaceOf({ memory }: AttackContext, rows: number, length: number): Workspace {
  const kept = memory.get('workspace')
  if (kept instanceof Workspace && kept.rows === rows && kept.length === length) return kept
  const workspace = new Workspace({ rows, length })
  memory.set('workspace', workspace)
  return workspace
}
