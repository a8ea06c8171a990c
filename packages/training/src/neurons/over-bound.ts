/**
 * By how much outputs of broken hardware are off, over what bounds it: of the neurons and synapses that failed, with C what is sent
 * from what is right on these inputs, by the absolute bound. It is of the failures that there are, and so no greater than that of the
 * worst as many.
 *
 * What fails is off by at most C from what is right (stuck), or from what is computed of what came (off): nothing is taken off
 * for those that failed, so both are covered.
 */
import type { Tensor } from '@tensorflow/tfjs'
import type { Engine } from '../engines/engine.ts'
import { type Batch, evaluationBatch } from '../layers/batches.ts'
import type { Faults, LayerFaults } from '../layers/faults.ts'
import { forward } from '../layers/passes.ts'
import type { LayerPlan } from '../layers/plan.ts'
import { byNeuron, influencesOf } from './absolute-bound.ts'
import { activations } from './activations.ts'
import { networkOf } from './network-of.ts'

/** Of float32: of the greatest output, by how much two ways to compute it differ. */
const rounding = 1e-5

/** @returns error over bound, of the output where that is the greatest; 0 when a model is of no use, or nothing is off */
export function overBoundOf(
  engine: Engine,
  plans: LayerPlan[],
  model: Float32Array,
  faults: Faults,
  { inputs, count }: Batch,
): number {
  if (!model.every(Number.isFinite)) return 0
  const size = inputs.length / count
  const [width] = plans.at(-1)!.outputShape as [number]
  const errors = new Float64Array(width)
  const greatest = plans.map(() => 0)
  let most = 0
  for (let start = 0; start < count; start += evaluationBatch) {
    const end = Math.min(count, start + evaluationBatch)
    const part = inputs.subarray(start * size, end * size)
    const found = runBoth(engine, plans, model, faults, { inputs: part, count: end - start })
    for (const [at, right] of found.right.entries()) {
      const error = Math.abs(found.wrong[at]! - right)
      errors[at % width] = Math.max(errors[at % width]!, error)
      most = Math.max(most, Math.abs(right), Math.abs(found.wrong[at]!))
    }
    for (const [at, value] of found.greatest.entries()) greatest[at] = Math.max(greatest[at]!, value)
  }
  const bound = boundOfFailed(plans, model, faults, greatest)
  return errors.reduce((worst, error, output) => {
    const beyond = error - rounding * most
    return beyond <= 0 ? worst : Math.max(worst, beyond / bound[output]!)
  }, 0)
}

/** Outputs of both, and of each layer the greatest number that comes into it when nothing fails, and behind the last what it gives. */
function runBoth(engine: Engine, plans: LayerPlan[], model: Float32Array, faults: Faults, batch: Batch) {
  const { tf } = engine
  const shape = [batch.count, ...plans[0]!.inputShape]
  let [right, wrong]: Float32Array[] = []
  let greatest: number[] = []
  tf.tidy(() => {
    const inputs: Tensor = tf.tensor(batch.inputs, shape)
    const { values } = forward(engine, plans, model, inputs)
    right = values.at(-1)!.dataSync() as Float32Array
    greatest = values.map((value) => tf.max(tf.abs(value)).dataSync()[0]!)
    wrong = forward(engine, plans, model, inputs, faults).values.at(-1)!.dataSync() as Float32Array
  })
  return { right: right!, wrong: wrong!, greatest }
}

/** Of each output; `greatest` as `runBoth` gives it. */
function boundOfFailed(plans: readonly LayerPlan[], model: Float32Array, faults: Faults, greatest: readonly number[]) {
  const network = networkOf(plans, model)
  // Flattening is no layer of the network.
  const placeOf = (plan: number): number => plans.slice(0, plan).filter(({ spec }) => spec.kind !== 'flatten').length
  const influences = influencesOf(network)
  const bound = new Float64Array(influences[0]!.length)
  for (const fault of faults) {
    const layer = placeOf(fault.layer)
    const offs = fault.neurons
      ? offOfNeurons(fault.neurons, greatest[fault.layer + 1]!)
      : offOfSums(fault.synapses!, plans[fault.layer]!, model, greatest[fault.layer]!).map(
          (each) => each * activations[network[layer]!.activation].lipschitz,
        )
    for (const [output, row] of influences[layer]!.entries())
      for (const [neuron, reach] of byNeuron(network[layer]!, row).entries()) bound[output]! += reach * offs[neuron]!
  }
  return bound
}

/** C of each neuron, 0 of those that work. */
function offOfNeurons({ works, sends }: NonNullable<LayerFaults['neurons']>, greatest: number): Float64Array {
  return Float64Array.from(works, (each, at) => Math.abs(sends[at]!) + (each === 0 ? greatest : 0))
}

/** By how much the sum of each neuron is off at most, by all synapses into it that failed. */
function offOfSums(
  { works, shifts }: NonNullable<LayerFaults['synapses']>,
  { weights: [kernel] }: LayerPlan,
  model: Float32Array,
  greatest: number,
): Float64Array {
  const offs = Float64Array.from(shifts, Math.abs)
  for (const [at, each] of works.entries())
    if (each === 0) offs[at % offs.length]! += Math.abs(model[kernel!.offset + at]!) * greatest
  return offs
}

/** What evaluations ask of each peer whose hardware is broken: of what it predicts, and of each step that it takes from there. */
export interface Watched {
  readonly faults: Faults
  /** Trains from the model, and gives to `see` each model and batch on the way. */
  train(see: (weights: Float32Array, batch: Batch) => void): void
}

/** The worst of all of them. */
export function worstOverBound(
  engine: Engine,
  plans: LayerPlan[],
  model: Float32Array,
  test: Batch,
  watched: readonly Watched[],
): number {
  let worst = 0
  for (const { faults, train } of watched) {
    const see = (weights: Float32Array, batch: Batch): void => {
      worst = Math.max(worst, overBoundOf(engine, plans, weights, faults, batch))
    }
    see(model, test)
    train(see)
  }
  return worst
}
