import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Samples } from '@hearsay/data'
import type { io, LayersModel } from '@tensorflow/tfjs'
import { z } from 'zod'
import { plainTensorflow } from '../engines/plain.ts'
import type { Tensorflow } from '../engines/tensorflow.ts'
import type { SavedModel } from '../task/saved.ts'
import { TrainingError } from '../task/training-error.ts'
import { type BuildModel, prepare } from './network.ts'

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
    .max(1000)
    .optional(),
})

/** Samples, and the model that was read with them, if one is saved: every network of it begins with a copy. */
export interface Learnable extends Samples {
  readonly saved?: BuildModel
  /** Where it is. */
  readonly file?: string
}

/** With the model that is saved beside the data. Throws as `savedModel`. */
export async function withSaved(given: Promise<Samples>, model: SavedModel, base: string): Promise<Learnable> {
  const file = resolve(base, model.tfjs)
  return { ...(await given), file, saved: await savedModel(plainTensorflow(), file, model) }
}

/**
 * Makes copies of a model that `model.save` of TensorFlow.js wrote: model.json, and the files of its weights beside it.
 *
 * @throws TrainingError `bad-model` naming the file, `data-missing` when there is none
 */
async function savedModel(tf: Tensorflow, file: string, { weights = 'saved' }: SavedModel): Promise<BuildModel> {
  const wrong = (problem: string, cause?: unknown) => new TrainingError('bad-model', `${file}: ${problem}`, { cause })
  const saved = savedSchema.safeParse(parsed(await bytesOf(file, mostJsonBytes), wrong))
  if (!saved.success) {
    const [{ path, message }] = saved.error.issues as [z.core.$ZodIssue]
    throw wrong(`${path.join('.')}: ${message}`)
  }
  const { modelTopology, weightsManifest } = saved.data
  if (weights === 'saved' && weightsManifest === undefined)
    throw wrong('has no weights; save the model with them, or say weights: drawn')
  const kept = weights === 'saved' ? await weightsOf(file, weightsManifest!, wrong) : {}
  prepare(tf)
  try {
    if (tf.getBackend() === undefined) tf.setBackend('cpu')
    return copies(tf, await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, ...kept })), weights)
  } catch (error) {
    throw wrong(reasonOf(error), error)
  }
}

type Manifest = NonNullable<z.output<typeof savedSchema>['weightsManifest']>

async function weightsOf(file: string, manifest: Manifest, wrong: (problem: string) => TrainingError) {
  const weightSpecs = manifest.flatMap(({ weights }) => weights) as unknown as io.WeightsManifestEntry[]
  const due = weightSpecs.reduce((sum, { shape }) => sum + 4 * shape.reduce((size, side) => size * side, 1), 0)
  if (due > mostWeightBytes) throw wrong(`its weights have ${due} bytes, more than ${mostWeightBytes}`)
  const parts: Uint8Array[] = []
  for (const path of manifest.flatMap(({ paths }) => paths))
    parts.push(await bytesOf(join(dirname(file), path), due, `; ${basename(file)} says that its weights are in it`))
  const weightData = Buffer.concat(parts)
  if (weightData.length !== due) throw wrong(`its weights have ${due} bytes, the files of them ${weightData.length}`)
  return { weightSpecs, weightData: Uint8Array.from(weightData).buffer }
}

/** Why TensorFlow.js does not load it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  const [, layer] = /^Unknown [\w ]+: (\w+)\./.exec(message) ?? []
  if (layer === undefined) return `cannot be loaded: ${message}`
  return `has ${layer}, which TensorFlow.js does not: give the model by a function of a module, with task.module`
}

type Class = new () => LayersModel

/** Each is another model of the same configuration and weights. */
function copies(tf: Tensorflow, model: LayersModel, weights: SavedModel['weights']): BuildModel {
  const kept = weights === 'saved' && model.getWeights().map((weight) => [weight.dataSync(), weight.shape] as const)
  // Making one changes the configuration.
  const configuration = JSON.stringify(model.getConfig())
  const own = model.constructor as Class & { fromConfig(own: Class, configuration: object): LayersModel }
  model.dispose()
  return () => {
    const copy = own.fromConfig(own, JSON.parse(configuration))
    withoutActivation(tf, copy)
    if (kept) tf.tidy(() => copy.setWeights(kept.map(([values, shape]) => tf.tensor(values, shape))))
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

async function bytesOf(path: string, most: number, why = ''): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) throw new TrainingError('data-missing', `${path}: there is no such file${why}`)
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
