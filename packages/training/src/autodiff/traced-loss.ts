import type { Scalar, Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'

/**
 * A loss that is computed in JavaScript, as one operation that TensorFlow.js can differentiate.
 *
 * @param of gives the loss of outputs, row by row, and its gradient by each of them
 */
export function tracedLoss(
  tf: Tensorflow,
  outputs: Tensor,
  of: (values: Float32Array) => { readonly loss: number; readonly gradient: Float32Array },
): Scalar {
  const operation = tf.customGrad((given) => {
    const { loss, gradient } = of((given as Tensor).dataSync() as Float32Array)
    // What is minimised is this loss, or it and others, and not a multiple of it: what is passed is 1.
    return { value: tf.scalar(loss), gradFunc: () => tf.tensor(gradient, (given as Tensor).shape) }
  })
  return operation(outputs) as Scalar
}
