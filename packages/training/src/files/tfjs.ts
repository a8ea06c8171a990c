/**
 * A model of layers as TensorFlow.js keeps one (`tf.loadLayersModel`): `model.json`, and `weights.bin` beside it. TensorFlow.js
 * writes it itself; logits come out, without softmax.
 */
import { createRequire } from 'node:module'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { type LayerPlan, strideOf } from '../layers/plan.ts'
import type { LayerSpec } from '../task/layers.ts'

// TensorFlow.js is CommonJS whose re-exports an ES import does not see.
const require = createRequire(import.meta.url)

/** The files by name. */
export async function encodeTfjs(
  plans: readonly LayerPlan[],
  parameters: Float32Array,
): Promise<Map<string, Uint8Array>> {
  const tf: Tensorflow = require('@tensorflow/tfjs')
  // Or it tells on standard error of a faster one.
  tf.enableProdMode()
  await tf.setBackend('cpu')
  const model = tf.sequential({ layers: plans.map((plan, index) => layerOf(tf, plan, index)) })
  const files = new Map<string, Uint8Array>()
  try {
    tf.tidy(() =>
      model.setWeights(
        plans.flatMap(({ weights }) =>
          weights.map(({ shape, offset, length }) => tf.tensor(parameters.subarray(offset, offset + length), shape)),
        ),
      ),
    )
    await model.save({
      save: async ({ modelTopology, format, generatedBy, convertedBy, weightSpecs, weightData }) => {
        const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))
        const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
        files.set(
          'model.json',
          Buffer.from(JSON.stringify({ format, generatedBy, convertedBy, modelTopology, weightsManifest })),
        )
        files.set('weights.bin', weights)
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
      },
    })
  } finally {
    model.dispose()
  }
  return files
}

function layerOf(tf: Tensorflow, { spec, inputShape }: LayerPlan, index: number) {
  const common = { name: `layers.${index}`, ...(index === 0 && { inputShape }) }
  switch (spec.kind) {
    case 'flatten':
      return tf.layers.flatten(common)
    case 'dense':
      return tf.layers.dense({ ...common, units: spec.units, activation: activationOf(spec) })
    case 'conv2d':
      return tf.layers.conv2d({
        ...common,
        filters: spec.filters,
        kernelSize: spec.size,
        strides: strideOf(spec),
        padding: spec.padding,
        activation: activationOf(spec),
      })
    case 'max-pool':
      return tf.layers.maxPooling2d({ ...common, poolSize: spec.size, strides: strideOf(spec), padding: spec.padding })
  }
}

function activationOf({ activation }: Extract<LayerSpec, { activation: string }>) {
  return activation === 'none' ? 'linear' : activation
}
