import type { SymbolicTensor, Tensor } from '@tensorflow/tfjs'
import type { BuildModel } from '../autodiff/network.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'

/** Small models of each kind that has to train on every engine, for two classes. */
export const tracedModels: Readonly<Record<string, { readonly shape: readonly number[]; readonly build: BuildModel }>> =
  {
    lstm: {
      shape: [3, 3],
      build: ({ layers, sequential }) =>
        sequential({
          layers: [layers.lstm({ units: 6, inputShape: [3, 3] }), layers.dense({ units: 2 })],
        }),
    },
    'two-way gru': {
      shape: [3, 3],
      build: ({ layers, sequential }) => {
        const layer = layers.gru({ units: 3, dropout: 0.2 })
        const both = layers.bidirectional({ layer, mergeMode: 'concat', inputShape: [3, 3] } as never)
        return sequential({ layers: [both, layers.dense({ units: 2 })] })
      },
    },
    'batch normalisation': {
      shape: [6, 6, 2],
      build: ({ layers, sequential }) =>
        sequential({
          layers: [
            layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [6, 6, 2] }),
            layers.batchNormalization({ momentum: 0.8 }),
            layers.activation({ activation: 'relu' }),
            layers.averagePooling2d({ poolSize: 2 }),
            layers.flatten(),
            layers.dropout({ rate: 0.2 }),
            layers.dense({ units: 2 }),
          ],
        }),
    },
    'depthwise convolutions': {
      shape: [6, 6, 2],
      build: ({ layers, regularizers, sequential }) =>
        sequential({
          layers: [
            layers.separableConv2d({ filters: 4, kernelSize: 3, activation: 'elu', inputShape: [6, 6, 2] }),
            layers.depthwiseConv2d({ kernelSize: 2, strides: 2 }),
            layers.flatten(),
            layers.dense({ units: 2, kernelRegularizer: regularizers.l2({ l2: 0.01 }) }),
          ],
        }),
    },
    embedding: {
      shape: [4],
      build: ({ layers, sequential }) =>
        sequential({
          layers: [
            layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 4 }),
            layers.conv1d({ filters: 4, kernelSize: 2, activation: 'tanh' }),
            layers.flatten(),
            layers.dense({ units: 2 }),
          ],
        }),
    },
    transformer: { shape: [4], build: transformer },
  }

/** One block: attention of two heads and a feed-forward part, each with what goes around it, and normalised. */
function transformer(tf: Tensorflow) {
  const { layers } = tf
  const attention = attentionOf(tf, 2)
  const input = tf.input({ shape: [4] })
  const added = (to: SymbolicTensor, by: SymbolicTensor) =>
    layers.layerNormalization().apply(layers.add().apply([to, by])) as SymbolicTensor
  const first = layers.embedding({ inputDim: 9, outputDim: 8 }).apply(input) as SymbolicTensor
  const attended = added(first, attention.apply(first) as SymbolicTensor)
  const wide = layers.dense({ units: 12, activation: 'relu' }).apply(attended)
  const last = added(attended, layers.dense({ units: 8 }).apply(wide) as SymbolicTensor)
  const outputs = layers.dense({ units: 2 }).apply(layers.globalAveragePooling1d().apply(last)) as SymbolicTensor
  return tf.model({ inputs: input, outputs })
}

/** A layer of one's own: softmax(QKᵀ / √d) V for each head (Vaswani et al. 2017). */
function attentionOf(tf: Tensorflow, heads: number) {
  class Attention extends tf.layers.Layer {
    static readonly className = 'Attention'
    #weights: { read(): Tensor }[] = []

    override build(shape: number[]): void {
      const width = shape[2]!
      this.#weights = ['query', 'key', 'value', 'out'].map((name) =>
        this.addWeight(name, [width, width], 'float32', tf.initializers.glorotUniform({})),
      )
      this.built = true
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const input = Array.isArray(inputs) ? inputs[0]! : inputs
        const [batch, length, width] = input.shape as [number, number, number]
        const [query, key, value, out] = this.#weights.map((weight) => weight.read())
        const rows = tf.reshape(input, [-1, width])
        const split = (weights: Tensor): Tensor =>
          tf.transpose(tf.reshape(tf.matMul(rows, weights), [batch, length, heads, width / heads]), [0, 2, 1, 3])
        const scores = tf.mul(tf.matMul(split(query!), split(key!), false, true), 1 / Math.sqrt(width / heads))
        const mixed = tf.transpose(tf.matMul(tf.softmax(scores), split(value!)), [0, 2, 1, 3])
        return tf.reshape(tf.matMul(tf.reshape(mixed, [-1, width]), out!), [batch, length, width])
      })
    }
  }
  return new Attention()
}
