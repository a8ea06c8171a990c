import type { AttackContext } from './attack.ts'
import { trialOf } from './trial.ts'
import { squaredDistance } from './vectors.ts'

/**
 * ‖F(H ∪ f·b) − μ‖² as a function of b: how far f liars that all send b move the rule in use, pre-rules included, from the
 * honest mean. Throws AggregationError when the rule is not defined for so many updates.
 */
export function harmOf(context: AttackContext, mean: Float64Array): (vector: Float32Array) => number {
  const trial = trialOf(context, context.rule)
  return (vector) => squaredDistance(trial(vector), mean)
}
