import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'

/** Saves a model in a folder of its own, as TensorFlow.js does: model.json, and weights.bin beside it. Gives the folder. */
export async function saveModel(tf: Tensorflow, model: LayersModel): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'saved-model-'))
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
      const content = { format: 'layers-model', modelTopology, weightsManifest }
      writeFileSync(join(folder, 'model.json'), JSON.stringify(content))
      writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer))
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  return folder
}
