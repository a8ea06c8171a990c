import type { Tensor } from '@tensorflow/tfjs'
import type { Engine } from '../engines/engine.ts'
import { addCrashVariance, type Crashes } from './crash-variance.ts'
import type { Faults } from './faults.ts'
import { backward, forward } from './passes.ts'
import type { LayerPlan } from './plan.ts'

/** Large enough to make dispatch cheap, small enough that a convolution's values stay near the processor. */
export const evaluationBatch = 250

/** Samples, one after the other. */
export interface Batch {
  readonly inputs: Float32Array
  readonly count: number
}

interface Descent {
  readonly weights: Float32Array
  readonly gradient: Float32Array
  /** What is broken meanwhile. */
  readonly faults?: Faults | undefined
  /** Also by how much crashes would move outputs, see `addCrashVariance`. */
  readonly crashes?: Crashes | undefined
}

/** Writes the gradient of the loss of a batch by each weight into `gradient`; gives the loss. */
export function gradientOf(
  engine: Engine,
  plans: LayerPlan[],
  { weights, gradient, faults, crashes }: Descent,
  batch: Batch,
  lossAt: (outputs: Float32Array) => { readonly loss: number; readonly gradient: Float32Array },
): number {
  const { tf } = engine
  let loss = 0
  tf.tidy(() => {
    const pass = forward(engine, plans, weights, tensorOf(engine, plans, batch), faults)
    const outputs = pass.values.at(-1)!
    const found = lossAt(outputs.dataSync() as Float32Array)
    loss = found.loss
    if (!Number.isFinite(loss)) return
    backward(engine, plans, pass, tf.tensor(found.gradient, outputs.shape), gradient)
    if (crashes) addCrashVariance(engine, plans, pass, crashes, gradient)
  })
  return loss
}

/** The outputs of a model for all samples, row by row. */
export function outputsOf(
  engine: Engine,
  plans: LayerPlan[],
  model: Float32Array,
  { inputs, count }: Batch,
  faults?: Faults,
): Float32Array {
  const size = inputs.length / count
  const width = plans.at(-1)!.outputShape[0]!
  const outputs = new Float32Array(count * width)
  for (let start = 0; start < count; start += evaluationBatch) {
    const end = Math.min(count, start + evaluationBatch)
    const batch = { inputs: inputs.subarray(start * size, end * size), count: end - start }
    engine.tf.tidy(() => {
      const { values } = forward(engine, plans, model, tensorOf(engine, plans, batch), faults)
      outputs.set(values.at(-1)!.dataSync() as Float32Array, start * width)
    })
  }
  return outputs
}

function tensorOf({ tf }: Engine, plans: LayerPlan[], { inputs, count }: Batch): Tensor {
  return tf.tensor(inputs, [count, ...plans[0]!.inputShape])
}
