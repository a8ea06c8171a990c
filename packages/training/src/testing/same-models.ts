import type { BuildModel } from '../autodiff/network.ts'
import type { ModelSpec } from '../task/layers.ts'

/** What a list of layers says, by the layers of TensorFlow.js. */
export function builtOf({ inputShape, layers }: Omit<ModelSpec, 'name'>): BuildModel {
  return (tf) => {
    const model = tf.sequential()
    for (const [index, layer] of layers.entries()) {
      const shape = index === 0 ? { inputShape } : {}
      if (layer.kind === 'flatten') model.add(tf.layers.flatten(shape))
      else if (layer.kind === 'max-pool') {
        const { size, stride = size, padding } = layer
        model.add(tf.layers.maxPooling2d({ poolSize: size, strides: stride, padding, ...shape }))
      } else {
        const activation = layer.activation === 'none' ? 'linear' : layer.activation
        if (layer.kind === 'dense') model.add(tf.layers.dense({ units: layer.units, activation, ...shape }))
        else {
          const { filters, size: kernelSize, stride: strides, padding } = layer
          model.add(tf.layers.conv2d({ filters, kernelSize, strides, padding, activation, ...shape }))
        }
      }
    }
    return model
  }
}
