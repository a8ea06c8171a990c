import { badData } from '../format/data-error.ts'
import type { Inputs, Like } from '../format/inputs.ts'
import { type Numbers, taken } from './pairs.ts'
import { type Scale, scaleInputs, scaleSchema } from './scale.ts'

/** What is done to numbers. Throws DataError when it would follow from the data, and nothing tells those. */
export function scaleOf({ data }: Like, place: string): Scale {
  const scale = scaleSchema.safeParse(data.scale ?? 'none')
  if (scale.success && scale.data !== 'standard') return scale.data
  throw badData(place, 'nothing tells by which numbers those were scaled that the model learnt from; export it again')
}

/** Samples of an array, along its first dimension; one alone may come without that. Throws DataError. */
export function inputsOf(array: Numbers, like: Like): Inputs {
  const { file, shape } = array
  const alone = sides(shape) === sides(like.shape)
  if (!alone && (shape.length === 0 || sides(shape.slice(1)) !== sides(like.shape))) {
    const due = `the model takes samples of [${like.shape}]`
    throw badData(file, `an array of [${shape}], and ${due}; save it as [n, ${like.shape.join(', ')}]`)
  }
  const count = alone ? 1 : shape[0]!
  if (count === 0) throw badData(file, 'it has no samples; save some')
  const rows = Int32Array.from({ length: count }, (_, row) => row)
  const width = like.shape.reduce((size, side) => size * side, 1)
  return scaledInputs(taken(array, rows, width), like, { file, called: 'row', names: [...rows].map((row) => row + 1) })
}

/** Inputs of such samples, scaled in place. Throws DataError. */
export function scaledInputs(
  values: Float32Array,
  like: Like,
  { file, called, names }: Pick<Inputs, 'called' | 'names'> & { readonly file: string },
): Inputs {
  const width = like.shape.reduce((size, side) => size * side, 1)
  scaleInputs(scaleOf(like, file), { train: values, test: new Float32Array(0) }, width)
  return { values, count: names.length, called, names }
}

/** A side of 1, such as the one channel of a grey picture, may be there or not. */
function sides(shape: readonly number[]): string {
  return String(shape.filter((side) => side !== 1))
}
