/** A model in a file of safetensors: its tensors by name, and what is known about it among the metadata, as JSON. */
import { readFileSync, statSync } from 'node:fs'
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '@hearsay/data'
import type { NamedTensor } from '../task/task.ts'
import { TrainingError } from '../task/training-error.ts'
import { type About, aboutSchema } from './about.ts'

/** Parameters of length d, and where in them which tensor lies. */
export interface NamedModel {
  readonly tensors: readonly NamedTensor[]
  readonly parameters: Float32Array
}

export interface ModelFile extends NamedModel {
  /** Undefined when no Hearsay wrote it. */
  readonly about: About | undefined
}

/** More than any model that peers can send. */
const mostBytes = 1_000_000_000
const metadataKey = 'hearsay'

/** Its tensors one by one, each a view of the parameters. */
export function arraysOf({ tensors, parameters }: NamedModel): NamedArray[] {
  return tensors.map(({ name, shape, offset }) => {
    const length = shape.reduce((product, side) => product * side, 1)
    return { name, shape, values: parameters.subarray(offset, offset + length) }
  })
}

/** The pieces of the file. */
export function encodeModel(model: NamedModel, about?: About): Iterable<Uint8Array> {
  return encodeSafetensors(arraysOf(model), about && { [metadataKey]: JSON.stringify(about) })
}

/** Throws TrainingError `data-missing`; DataError `bad-data` when it is no file of safetensors, or one of another version. */
export function readModel(file: string): ModelFile {
  const { arrays, metadata } = decodeSafetensors(contentOf(file), file)
  const told = metadata[metadataKey]
  const about = told === undefined ? undefined : aboutSchema.safeParse(parsed(told))
  if (about?.success === false)
    throw new TrainingError('bad-data', `${file}: what it says of its model cannot be read; export it again`)
  const parameters = new Float32Array(arrays.reduce((sum, { values }) => sum + values.length, 0))
  let offset = 0
  const tensors = arrays.map(({ name, shape, values }) => {
    parameters.set(values, offset)
    const tensor = { name, shape, offset }
    offset += values.length
    return tensor
  })
  return { tensors, parameters, about: about?.data }
}

/**
 * The parameters of a model, in its own order, from a file that has its tensors by name, whatever wrote it.
 *
 * @throws as `readModel`, and TrainingError `bad-model` when a tensor is missing, of another shape, too many or not finite
 */
export function startFrom(file: string, tensors: readonly NamedTensor[]): Float32Array {
  const { arrays } = decodeSafetensors(contentOf(file), file)
  const wrong = (what: string): never => {
    throw new TrainingError('bad-model', `${file}: ${what}; the model has ${tensors.map(tell).join(', ')}`)
  }
  const found = new Map(arrays.map((array) => [array.name, array]))
  const extra = arrays.find(({ name }) => !tensors.some((tensor) => tensor.name === name))
  if (extra !== undefined) wrong(`the tensor ${JSON.stringify(extra.name)} is none of the model`)
  const last = tensors.at(-1)!
  const parameters = new Float32Array(last.offset + last.shape.reduce((product, side) => product * side, 1))
  for (const tensor of tensors) {
    const array = found.get(tensor.name) ?? wrong(`the tensor ${tensor.name} is missing`)
    if (String(array.shape) !== String(tensor.shape)) wrong(`the tensor ${tell(array)} has another shape`)
    if (!array.values.every(Number.isFinite)) wrong(`the tensor ${tensor.name} has numbers that are not finite`)
    parameters.set(array.values, tensor.offset)
  }
  return parameters
}

function tell({ name, shape }: Pick<NamedTensor, 'name' | 'shape'>): string {
  return `${name} [${shape.join(', ')}]`
}

function contentOf(file: string): Uint8Array {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new TrainingError('data-missing', `${file}: there is no such file; name a file of safetensors`)
  if (!stat.isFile() || stat.size > mostBytes)
    throw new TrainingError('bad-data', `${file}: no file of at most ${mostBytes / 1e6} MB; name a file of safetensors`)
  return readFileSync(file)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
