import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from './tensorflow.ts'

/**
 * Gradients that TensorFlow.js 4.22 traces in a slow way, of the same values, for the engine that is loaded:
 * - of relu by `step`, which tfjs-node makes of five operations; the sign of the output is the slope too;
 * - of a sum by reshaping what has the shape already;
 * - on wasm of a matrix product by transposed products, for which it has only a slow kernel (5.1 against 0.5 ms for
 *   784 × 32 × 128); what is transposed first is not.
 */
export function registerGradients(tf: Tensorflow, transposeFirst: boolean): void {
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (passed, [output]) => ({ x: () => tf.mul(passed as Tensor, tf.sign(output!)) }),
  })
  tf.registerGradient({
    kernelName: 'Add',
    inputsToSave: ['a', 'b'],
    gradFunc: (passed, [a, b]) => ({
      a: () => summed(tf, passed as Tensor, a!),
      b: () => summed(tf, passed as Tensor, b!),
    }),
  })
  if (!transposeFirst) return
  tf.registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (passed, [a, b], attributes) => productGradients(tf, passed as Tensor, [a!, b!], attributes),
  })
}

/** What is passed to a sum, to one that was broadcast in it. */
function summed(tf: Tensorflow, passed: Tensor, { shape }: Tensor): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, passed.shape)
  // Not the same tensor: TensorFlow.js disposes of a gradient once it has added another to it.
  const sum = axes.length === 0 ? tf.clone(passed) : tf.sum(passed, axes)
  return tf.util.arraysEqual(sum.shape, shape) ? sum : tf.reshape(sum, shape)
}

/** Of A · B by A: dy · Bᵀ, by B: Aᵀ · dy; where A or B is given transposed, the transpose of that. */
function productGradients(tf: Tensorflow, passed: Tensor, [a, b]: [Tensor, Tensor], attributes: NamedAttrMap) {
  const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean }
  const turned = (tensor: Tensor): Tensor => {
    const axes = tensor.shape.map((_, axis) => axis)
    return tf.transpose(tensor, [...axes.slice(0, -2), ...axes.slice(-2).reverse()])
  }
  const [left, right] = [transposeA ? a : turned(a), transposeB ? b : turned(b)]
  return {
    a: () => (transposeA ? tf.matMul(turned(right), turned(passed)) : tf.matMul(passed, right)),
    b: () => (transposeB ? tf.matMul(turned(passed), turned(left)) : tf.matMul(left, passed)),
  }
}
