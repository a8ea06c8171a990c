import type { Samples } from '@hearsay/data'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { sizeOf } from '../layers/plan.ts'
import type { Loss } from '../losses/loss.ts'
import { judge, ofTwoClasses } from '../measures/judge.ts'
import type { OutputMeasure } from '../measures/output-measure.ts'
import { rowsOf } from '../samples/limit.ts'
import type { SamplesSpec } from '../samples/schema.ts'
import { momentsOf, scaled, unscaled } from '../samples/target-scale.ts'
import { lossOf, targetsOf } from '../samples/targets.ts'
import { sampleOrder } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { Trainer, TrainerOptions } from '../task/task.ts'
import { descendTraced, type Step } from './descend.ts'
import { type Network, outputsOf, setParameters } from './network.ts'
import { tracedLoss } from './traced-loss.ts'

/** A loss of a user's own: of a batch the mean. Targets are int32 [batch] of classes, else float32 [batch, columns]. */
export type OwnLoss = (tf: Tensorflow, outputs: Tensor, targets: Tensor) => Scalar

export interface Traced {
  /** The trainer's own, which it disposes of when it is closed. */
  readonly network: Network
  readonly loss?: OwnLoss | undefined
  readonly measures: readonly OutputMeasure[]
}

// As of samples that are learnt by layers that are written out.
const EVALUATION_BATCH = 250

/** Local training of any model of TensorFlow.js on samples, of which each call depends on nothing but its arguments. */
export function createTracedTrainer(
  { engine: { tf }, spec, learning, data, shares, seed }: TrainerOptions<SamplesSpec, Samples>,
  { network, loss: ownLoss, measures }: Traced,
): Trainer {
  const { member: loss, options } = lossOf(spec)
  const moments = momentsOf(data, spec.targetScale)
  const given = targetsOf(data.train)
  const targets = moments === undefined ? given : scaled(given as Float32Array, moments)
  const [size, width] = [sizeOf(data.shape), given.length / data.train.count]
  const lossAt = (rows: Int32Array): Step['loss'] => {
    const due = rowsOf(targets, rows, width)
    if (ownLoss === undefined) return (outputs) => tracedLoss(tf, outputs, (values) => loss.of(values, due, options))
    return (outputs) => ownLoss(tf, outputs, targetTensor(tf, loss, due, width))
  }
  return {
    train(peer, round, model) {
      const { localSteps, batchSize } = learning
      const order = sampleOrder(shares[peer]!, localSteps * batchSize, stream(seed, 'batches', peer, round))
      return descendTraced(tf, network, {
        model,
        learning: { ...learning, rate: rateAt(learning, round) },
        random: stream(seed, 'drawn by layers', peer, round),
        step(index) {
          const rows = order.subarray(index * batchSize, (index + 1) * batchSize)
          const inputs = tf.tensor(rowsOf(data.train.inputs, rows, size), [batchSize, ...data.shape])
          return { inputs, loss: lossAt(rows) }
        },
      })
    },
    evaluate(model) {
      const outputs = outputsOfAll(tf, network, model, data)
      const logits = loss.twoClasses && ownLoss === undefined ? ofTwoClasses(outputs) : outputs
      const judged = moments === undefined ? logits : unscaled(logits, moments)
      return judge(measures, judged, targetsOf(data.test), data.outputs.length)
    },
    close: () => void network.model.dispose(),
  }
}

function targetTensor(tf: Tensorflow, { targets }: Loss, due: ReturnType<typeof targetsOf>, width: number): Tensor {
  return targets === 'classes'
    ? tf.tensor(due, [due.length], 'int32')
    : tf.tensor(Float32Array.from(due), [due.length / width, width])
}

/** Of all test samples, row by row. */
function outputsOfAll(tf: Tensorflow, network: Network, model: Float32Array, { test, shape }: Samples): Float32Array {
  setParameters(tf, network, model)
  const size = sizeOf(shape)
  const parts: Float32Array[] = []
  for (let start = 0; start < test.count; start += EVALUATION_BATCH) {
    const end = Math.min(test.count, start + EVALUATION_BATCH)
    tf.tidy(() => {
      const inputs = tf.tensor(test.inputs.subarray(start * size, end * size), [end - start, ...shape])
      parts.push(outputsOf(network, inputs).dataSync() as Float32Array)
    })
  }
  return Float32Array.from(parts.flatMap((part) => [...part]))
}
