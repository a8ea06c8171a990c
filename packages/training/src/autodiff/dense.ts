import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'

/** What a dense layer of TensorFlow.js 4.22 has. */
interface Dense {
  call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor | Tensor[]
  readonly kernel: { read(): Tensor2D }
  readonly bias: { read(): Tensor } | null
  readonly activation: { apply(sums: Tensor): Tensor } | null
}

/**
 * While they are trained, dense layers compute product, bias and activation one by one: as the one operation that
 * TensorFlow.js makes of them they are differentiated by way of six more.
 */
export function unfuseDense(tf: Tensorflow): void {
  const { prototype } = tf.layers.dense({ units: 1 }).constructor as unknown as { prototype: Dense }
  const fused = prototype.call
  prototype.call = function (inputs, kwargs) {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs
    if (input.rank !== 2 || kwargs.training !== true) return fused.call(this, inputs, kwargs)
    return tf.tidy(() => {
      const product = tf.matMul(input as Tensor2D, this.kernel.read())
      const sums = this.bias === null ? product : tf.add(product, this.bias.read())
      return this.activation === null ? sums : this.activation.apply(sums)
    })
  }
}
