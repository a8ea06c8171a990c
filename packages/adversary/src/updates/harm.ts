import { type Line, LineTrials } from '@hearsay/aggregation'
import type { AttackContext } from './attack.ts'
import { mostHarmful } from './line-search.ts'
import { trialOf } from './trial.ts'

/** Vectors a + c s for factors c, as float32, in the memory that is given, or in their own. */
export interface OnLine extends Line {
  at<B extends ArrayBufferLike = ArrayBuffer>(factor: number, into?: Float32Array<B>): Float32Array<B>
}

/**
 * ‖F(H ∪ f·b) − μ‖² as a function of the factor of b: how far f liars that all send b move the rule in use, pre-rules included,
 * from the honest mean. Throws AggregationError when the rule is not defined for so many updates.
 */
function harmOf(context: AttackContext, mean: Float64Array, line: OnLine): (factor: number) => number {
  const { rule, honest, f, weights } = context
  const { workspace, vector, aggregate } = trialOf(context, rule)
  const put = (factor: number): void => void line.at(factor, vector)
  const among = { rule, workspace, still: honest.length, copies: f, weights }
  const trials = LineTrials.of({ ...among, line, put, target: mean })
  return (factor) => {
    if (trials?.reaches(factor)) return trials.squaredDistance(factor)
    put(factor)
    return distanceFrom(aggregate(), mean)
  }
}

/** As `squaredDistance`: here it is asked again and again, always of these two kinds, which engines make fast. */
function distanceFrom(vector: Float32Array, mean: Float64Array): number {
  let sum = 0
  for (let i = 0; i < mean.length; i++) sum += (vector[i]! - mean[i]!) ** 2
  return sum
}

/** Of the vectors of a line, the worst for the rule in use that a line search from `starts` finds. */
export function worstVector(
  context: AttackContext,
  mean: Float64Array,
  line: OnLine,
  { starts, evaluations }: { readonly starts: readonly number[]; readonly evaluations: number },
): Float32Array<ArrayBuffer> {
  return line.at(mostHarmful(starts, evaluations, harmOf(context, mean, line)))
}
