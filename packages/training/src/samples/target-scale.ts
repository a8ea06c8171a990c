import type { Samples } from '@hearsay/data'
import { TrainingError } from '../task/training-error.ts'
import type { TargetScale } from './schema.ts'

/** What numbers that are learnt are less, and then divided by, of each column. */
export interface Moments {
  readonly mean: ArrayLike<number>
  readonly deviation: ArrayLike<number>
}

/** Of samples; undefined when they are learnt as they are. Throws TrainingError `bad-task` for lists of another length. */
export function momentsOf({ train, outputs }: Samples, scale: TargetScale = 'standard'): Moments | undefined {
  if (train.targets.kind !== 'numbers' || scale === 'none') return undefined
  const width = outputs.length
  if (scale === 'standard') return measured(train.targets.values, width)
  if (scale.mean.length === width && scale.deviation.length === width) return scale
  const found = `${scale.mean.length} and ${scale.deviation.length}`
  throw new TrainingError('bad-task', `task.targetScale: mean and deviation need ${width} numbers each, not ${found}`)
}

function measured(values: Float32Array, width: number): Moments {
  const count = values.length / width
  const mean = new Float64Array(width)
  const deviation = new Float64Array(width)
  for (let index = 0; index < values.length; index++) mean[index % width]! += values[index]! / count
  for (let index = 0; index < values.length; index++)
    deviation[index % width]! += (values[index]! - mean[index % width]!) ** 2 / count
  // A column that is always the same is divided by 1.
  return { mean, deviation: deviation.map((square) => Math.sqrt(square) || 1) }
}

export function scaled(values: Float32Array, { mean, deviation }: Moments): Float32Array {
  const width = mean.length
  return values.map((value, index) => (value - mean[index % width]!) / deviation[index % width]!)
}

/** Outputs of a model in the unit of the data. */
export function unscaled(outputs: Float32Array, { mean, deviation }: Moments): Float32Array {
  const width = mean.length
  return outputs.map((output, index) => output * deviation[index % width]! + mean[index % width]!)
}
