import type { Samples } from '@hearsay/data'
import type { Tensor } from '@tensorflow/tfjs'
import type { Engine } from '../engines/engine.ts'
import { backward, forward } from '../layers/passes.ts'
import { type LayerPlan, sizeOf } from '../layers/plan.ts'
import { outputMeasures } from '../measures/judge.ts'
import { descend, sampleOrder } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { Trainer, TrainerOptions } from '../task/task.ts'
import { labelsOf } from './labels.ts'
import { planFor } from './model.ts'
import type { SamplesSpec } from './schema.ts'
import { lossOf } from './targets.ts'

// Large enough to make dispatch cheap, small enough that a convolution's values stay near the processor.
const evaluationBatch = 250

/**
 * Local training on samples. As with pictures, a call depends on nothing but its arguments: batches come from a stream named after
 * peer and round, and momentum starts from zero in every round.
 */
export function createTrainer({
  engine,
  spec,
  learning,
  data,
  shares,
  seed,
}: TrainerOptions<SamplesSpec, Samples>): Trainer {
  const plans = planFor(spec, fitOf(data, spec))
  const labels = labelsOf(spec, data, seed)
  const { loss, options } = labels
  const size = sizeOf(data.shape)
  const outputs = (model: Float32Array, inputs: Float32Array): Float32Array =>
    labels.told(outputsOf(engine, plans, model, { inputs, count: inputs.length / size }))
  return {
    outputs,
    train(peer, round, model, poison) {
      const lesson = labels.of(peer, round, poison)
      const { batchSize } = learning
      const localSteps = learning.localSteps * lesson.steps
      const order = sampleOrder(shares[peer]!, localSteps * batchSize, stream(seed, 'batches', peer, round))
      return descend(model, { ...learning, localSteps, rate: rateAt(learning, round) }, (weights, step, gradient) => {
        const { inputs, targets } = lesson.batch(order.subarray(step * batchSize, (step + 1) * batchSize))
        const batch = { inputs, count: batchSize }
        return gradientOf(engine, plans, { weights, gradient }, batch, (given) => loss.of(given, targets, options))
      })
    },
    evaluate: (model, given) => labels.judge((inputs) => outputs(model, inputs), outputMeasures[loss.targets], given),
  }
}

/** What a model of such data has to fit. */
export function fitOf(
  { shape, outputs }: Pick<Samples, 'shape' | 'outputs'>,
  spec: Pick<SamplesSpec, 'loss' | 'data'>,
) {
  return { shape, outputs: lossOf(spec).member.twoClasses ? 1 : outputs.length }
}

interface Batch {
  readonly inputs: Float32Array
  readonly count: number
}

/** Writes the gradient of the loss of a batch by each weight into `gradient`; gives the loss. */
export function gradientOf(
  engine: Engine,
  plans: LayerPlan[],
  { weights, gradient }: { weights: Float32Array; gradient: Float32Array },
  batch: Batch,
  lossAt: (outputs: Float32Array) => { readonly loss: number; readonly gradient: Float32Array },
): number {
  const { tf } = engine
  let loss = 0
  tf.tidy(() => {
    const pass = forward(engine, plans, weights, tensorOf(engine, plans, batch))
    const outputs = pass.values.at(-1)!
    const found = lossAt(outputs.dataSync() as Float32Array)
    loss = found.loss
    if (Number.isFinite(loss)) backward(engine, plans, pass, tf.tensor(found.gradient, outputs.shape), gradient)
  })
  return loss
}

/** Of all samples of a part. */
function outputsOf(engine: Engine, plans: LayerPlan[], model: Float32Array, { inputs, count }: Batch): Float32Array {
  const size = inputs.length / count
  const width = plans.at(-1)!.outputShape[0]!
  const outputs = new Float32Array(count * width)
  for (let start = 0; start < count; start += evaluationBatch) {
    const end = Math.min(count, start + evaluationBatch)
    const batch = { inputs: inputs.subarray(start * size, end * size), count: end - start }
    engine.tf.tidy(() => {
      const { values } = forward(engine, plans, model, tensorOf(engine, plans, batch))
      outputs.set(values.at(-1)!.dataSync() as Float32Array, start * width)
    })
  }
  return outputs
}

function tensorOf({ tf }: Engine, plans: LayerPlan[], { inputs, count }: Batch): Tensor {
  return tf.tensor(inputs, [count, ...plans[0]!.inputShape])
}
