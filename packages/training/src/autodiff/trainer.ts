import type { Samples } from '@hearsay/data'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { evaluationBatch } from '../layers/batches.ts'
import { sizeOf } from '../layers/plan.ts'
import type { Loss } from '../losses/loss.ts'
import type { OutputMeasure } from '../measures/output-measure.ts'
import { labelsOf } from '../samples/labels.ts'
import type { SamplesSpec } from '../samples/schema.ts'
import { sampleOrder } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { BatchTargets } from '../task/samples-poison.ts'
import type { Trainer, TrainerOptions } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import { descendTraced, type Step } from './descend.ts'
import { inputShapeOf } from './fitted.ts'
import { type Network, outputsOf, setParameters } from './network.ts'
import { tracedLoss } from './traced-loss.ts'

/** A loss of a user's own: of a batch the mean. Targets are int32 [batch] of classes, else float32 [batch, columns]. */
export type OwnLoss = (tf: Tensorflow, outputs: Tensor, targets: Tensor) => Scalar

export interface Traced {
  /** The trainer's own, which it disposes of when it is closed. */
  readonly network: Network
  readonly loss?: OwnLoss | undefined
  readonly measures: readonly OutputMeasure[]
  /** Backdoors are measured too: poisons of samples may be of this task. */
  readonly backdoors?: true
}

/** Local training of any model of TensorFlow.js on samples, of which each call depends on nothing but its arguments. */
export function createTracedTrainer(
  { engine: { tf }, spec, learning, data, shares, seed }: TrainerOptions<SamplesSpec, Samples>,
  { network, loss: ownLoss, measures, backdoors }: Traced,
): Trainer {
  const labels = labelsOf(spec, data, seed)
  const { loss, options, width } = labels
  const size = sizeOf(data.shape)
  const shape = inputShapeOf(network.model, data.shape)
  const lossOfOutputs = (due: BatchTargets): Step['loss'] => {
    if (ownLoss === undefined) return (outputs) => tracedLoss(tf, outputs, (values) => loss.of(values, due, options))
    return (outputs) => ownLoss(tf, outputs, targetTensor(tf, loss, due, width))
  }
  const outputs = (model: Float32Array, inputs: Float32Array): Float32Array => {
    const given = outputsOfAll(tf, network, model, { inputs, count: inputs.length / size, shape })
    return labels.told(given, loss.twoClasses && ownLoss === undefined)
  }
  return {
    outputs,
    train(peer, round, model, poison) {
      const lesson = labels.of(peer, round, poison)
      if (lesson.broken)
        throw new TrainingError(
          'bad-task',
          `${poison?.kind}: only neurons of a model that is a list of layers can break`,
        )
      const { batchSize } = learning
      const localSteps = learning.localSteps * lesson.steps
      const order = sampleOrder(shares[peer]!, localSteps * batchSize, stream(seed, 'batches', peer, round))
      return descendTraced(tf, network, {
        model,
        learning: { ...learning, localSteps, rate: rateAt(learning, round) },
        random: stream(seed, 'drawn by layers', peer, round),
        step(index) {
          const { inputs, targets } = lesson.batch(order.subarray(index * batchSize, (index + 1) * batchSize))
          return { inputs: tf.tensor(inputs, [batchSize, ...shape]), loss: lossOfOutputs(targets) }
        },
      })
    },
    evaluate(model, given) {
      const judged = labels.judge((inputs) => outputs(model, inputs), measures, backdoors && given)
      // A task with backdoors has broken hardware too, but not of such a model.
      return backdoors ? { ...judged, overBound: null } : judged
    },
    close: () => void network.model.dispose(),
  }
}

function targetTensor(tf: Tensorflow, { targets }: Loss, due: BatchTargets, width: number): Tensor {
  return targets === 'classes'
    ? tf.tensor(due, [due.length], 'int32')
    : tf.tensor(Float32Array.from(due), [due.length / width, width])
}

/** Of all samples, row by row. */
function outputsOfAll(
  tf: Tensorflow,
  network: Network,
  model: Float32Array,
  { inputs, count, shape }: { inputs: Float32Array; count: number; shape: readonly number[] },
): Float32Array {
  setParameters(tf, network, model)
  const size = sizeOf(shape)
  const parts: Float32Array[] = []
  for (let start = 0; start < count; start += evaluationBatch) {
    const end = Math.min(count, start + evaluationBatch)
    tf.tidy(() => {
      const batch = tf.tensor(inputs.subarray(start * size, end * size), [end - start, ...shape])
      parts.push(outputsOf(network, batch).dataSync() as Float32Array)
    })
  }
  return Float32Array.from(parts.flatMap((part) => [...part]))
}
