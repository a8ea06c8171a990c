import { initialParameters } from '../layers/plan.ts'
import { type ModelChoice, planModel } from '../pictures/models.ts'

/** What everybody starts from; see `initialParameters`. */
export function initialModel(model: ModelChoice, seed: number | string): Float32Array {
  return initialParameters(planModel(model), seed)
}
