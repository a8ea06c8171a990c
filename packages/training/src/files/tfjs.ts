/**
 * A model of layers as TensorFlow.js keeps one (`tf.loadLayersModel`): `model.json`, and `weights.bin` beside it. TensorFlow.js
 * writes it itself; logits come out, without softmax.
 */
import { createRequire } from 'node:module'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { type LayerPlan, strideOf } from '../layers/plan.ts'
import type { Topology } from '../task/architecture.ts'
import type { LayerSpec } from '../task/layers.ts'
import type { NamedModel } from './model-file.ts'

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
  let files = new Map<string, Uint8Array>()
  try {
    tf.tidy(() =>
      model.setWeights(
        plans.flatMap(({ weights }) =>
          weights.map(({ shape, offset, length }) => tf.tensor(parameters.subarray(offset, offset + length), shape)),
        ),
      ),
    )
    await model.save({
      save: async ({ modelTopology, weightSpecs = [], weightData }) => {
        files = filesOf(modelTopology, weightSpecs, new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)))
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
      },
    })
  } finally {
    model.dispose()
  }
  return files
}

/** The same of a model of TensorFlow.js, as it was made. Layers of a user's own are named, and have to be registered where it is loaded. */
export function encodeTopology(
  { model, weights }: Topology,
  { tensors, parameters }: NamedModel,
): Map<string, Uint8Array> {
  const specs = tensors.map(({ shape }, index) => ({ name: weights[index], shape, dtype: 'float32' }))
  return filesOf(model, specs, new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength))
}

function filesOf(modelTopology: unknown, weights: readonly object[], numbers: Uint8Array): Map<string, Uint8Array> {
  const weightsManifest = [{ paths: ['weights.bin'], weights }]
  const text = JSON.stringify({ format: 'layers-model', generatedBy: 'hearsay', modelTopology, weightsManifest })
  return new Map([
    ['model.json', Buffer.from(text)],
    ['weights.bin', numbers],
  ])
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
