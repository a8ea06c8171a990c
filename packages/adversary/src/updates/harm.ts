import type { AttackContext } from './attack.ts'
import { mostHarmful } from './line-search.ts'
import { trialOf } from './trial.ts'

/**
 * ‖F(H ∪ f·b) − μ‖² as a function of b: how far f liars that all send b move the rule in use, pre-rules included, from the
 * honest mean. Throws AggregationError when the rule is not defined for so many updates.
 */
function harmOf(context: AttackContext, mean: Float64Array): (vector: Float32Array) => number {
  const trial = trialOf(context, context.rule)
  return (vector) => distanceFrom(trial(vector), mean)
}

/** As `squaredDistance`: here it is asked again and again, always of these two kinds, which engines make fast. */
function distanceFrom(vector: Float32Array, mean: Float64Array): number {
  let sum = 0
  for (let i = 0; i < mean.length; i++) sum += (vector[i]! - mean[i]!) ** 2
  return sum
}

/**
 * Of the vectors that factors stand for, the worst for the rule in use that a line search from `starts` finds. `vectorOf` puts
 * the vector of a factor in the memory that it is given, or in its own.
 */
export function worstVector(
  context: AttackContext,
  mean: Float64Array,
  vectorOf: (factor: number, into?: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>,
  { starts, evaluations }: { readonly starts: readonly number[]; readonly evaluations: number },
): Float32Array<ArrayBuffer> {
  const harm = harmOf(context, mean)
  const tried = new Float32Array(mean.length)
  return vectorOf(mostHarmful(starts, evaluations, (factor) => harm(vectorOf(factor, tried))))
}
