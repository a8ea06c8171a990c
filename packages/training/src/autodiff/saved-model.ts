import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { io, LayersModel } from '@tensorflow/tfjs'
import { z } from 'zod'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { TrainingError } from '../task/training-error.ts'

const mostJsonBytes = 16 * 1024 * 1024
const mostWeightBytes = 400 * 1024 * 1024

/** What TensorFlow.js writes into model.json, as far as it is used. */
const savedSchema = z.object({
  format: z
    .literal('layers-model', 'is no layers-model; only what model.save writes of layers can be trained')
    .optional(),
  modelTopology: z.looseObject({}),
  weightsManifest: z
    .array(
      z.object({
        paths: z.array(z.string().regex(/^[\w][\w.-]*$/, 'is no file beside model.json')).max(10_000),
        weights: z
          .array(
            z.object({
              name: z.string().max(1000),
              shape: z.array(z.int().min(0).max(100_000_000)).max(8),
              dtype: z.literal('float32', 'is not float32'),
              quantization: z.undefined('is quantised; save it whole').optional(),
            }),
          )
          .max(10_000),
      }),
    )
    .max(1000),
})

/**
 * Makes copies of a model that `model.save` of TensorFlow.js wrote: model.json, and the files of its weights beside it.
 *
 * @throws TrainingError `bad-model` naming the file, `data-missing` when there is none
 */
export async function savedModel(tf: Tensorflow, file: string): Promise<() => LayersModel> {
  const wrong = (problem: string, cause?: unknown) => new TrainingError('bad-model', `${file}: ${problem}`, { cause })
  const saved = savedSchema.safeParse(parsed(await bytesOf(file, mostJsonBytes), wrong))
  if (!saved.success) {
    const [{ path, message }] = saved.error.issues as [z.core.$ZodIssue]
    throw wrong(`${path.join('.')}: ${message}`)
  }
  const { modelTopology, weightsManifest } = saved.data
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights) as unknown as io.WeightsManifestEntry[]
  const due = weightSpecs.reduce((sum, { shape }) => sum + 4 * shape.reduce((size, side) => size * side, 1), 0)
  if (due > mostWeightBytes) throw wrong(`its weights have ${due} bytes, more than ${mostWeightBytes}`)
  const parts: Uint8Array[] = []
  for (const path of weightsManifest.flatMap(({ paths }) => paths))
    parts.push(await bytesOf(join(dirname(file), path), due))
  const weightData = Buffer.concat(parts)
  if (weightData.length !== due) throw wrong(`its weights have ${due} bytes, the files of them ${weightData.length}`)
  try {
    if (tf.getBackend() === undefined) tf.setBackend('cpu')
    const artifacts = { modelTopology, weightSpecs, weightData: Uint8Array.from(weightData).buffer }
    return copies(tf, await tf.loadLayersModel(tf.io.fromMemory(artifacts)))
  } catch (error) {
    throw wrong(`cannot be loaded: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, error)
  }
}

type Class = new () => LayersModel

/** Each is another model of the same configuration and weights. */
function copies(tf: Tensorflow, model: LayersModel): () => LayersModel {
  const weights = model.getWeights().map((weight) => [weight.dataSync(), weight.shape] as const)
  // Making one changes the configuration.
  const configuration = JSON.stringify(model.getConfig())
  const own = model.constructor as Class & { fromConfig(own: Class, configuration: object): LayersModel }
  model.dispose()
  return () => {
    const copy = own.fromConfig(own, JSON.parse(configuration))
    withoutActivation(tf, copy)
    tf.tidy(() => copy.setWeights(weights.map(([values, shape]) => tf.tensor(values, shape))))
    return copy
  }
}

/** Models are saved with a softmax or sigmoid at their end, which losses have in themselves. */
function withoutActivation(tf: Tensorflow, { outputs }: LayersModel): void {
  const last = outputs[0]!.sourceLayer as { activation?: { getClassName(): string } }
  if (!['softmax', 'sigmoid'].includes(last.activation?.getClassName() ?? '')) return
  const { activation } = tf.layers.dense({ units: 1, activation: 'linear' }) as unknown as Required<typeof last>
  last.activation = activation
}

async function bytesOf(path: string, most: number): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) throw new TrainingError('data-missing', `${path}: there is no such file`)
  if (found.size > most) throw new TrainingError('bad-model', `${path}: has ${found.size} bytes, more than ${most}`)
  return readFile(path)
}

function parsed(bytes: Uint8Array, wrong: (problem: string) => TrainingError): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw wrong('is no JSON')
  }
}
