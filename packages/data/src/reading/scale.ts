import { z } from 'zod'
import { DataError } from '../format/data-error.ts'
import type { Scaling } from '../format/samples.ts'

const listSchema = z.array(z.number()).min(1)

export const scaleSchema = z.union([
  z.enum(['none', 'unit', 'pixels', 'standard']),
  z.strictObject({
    shift: z.number().describe('what is subtracted first'),
    factor: z.number().describe('what the rest is multiplied by'),
  }),
  z.strictObject({
    mean: listSchema.describe('of each column of numbers, subtracted'),
    deviation: listSchema.describe('of each column of numbers, divided by'),
  }),
])

/**
 * What is done to numbers: `unit` divides by 255; `pixels` does that, then subtracts 0.13 and divides by 0.3, as the task
 * `pictures` does; `standard` subtracts the mean and divides by the standard deviation of the training part; or fixed numbers, so
 * that peers with data of their own do the same.
 */
export type Scale = z.infer<typeof scaleSchema>

export const scaleField = (usual: Scale) =>
  scaleSchema
    .default(usual)
    .describe(
      'what is done to numbers: none, unit (divided by 255), pixels (the same, then less 0.13 and divided by 0.3), standard ' +
        '(less the mean, divided by the deviation of the training part), { shift, factor } (less shift, times factor), or lists ' +
        '{ mean, deviation }, a number for each',
    )

/**
 * Scales inputs in place; all arithmetic is in float64 on values that are float32, so that it does not matter which file they
 * come from. A column that is always the same is divided by 1.
 *
 * @param train,test rows of `width` numbers
 * @param columns those that are scaled; all when left out
 * @returns of `standard` and lists, what was done to each of the `width` numbers
 * @throws DataError `bad-option` when lists have another length, or numbers become infinite
 */
export function scaleInputs(
  scale: Scale,
  parts: { readonly train: Float32Array; readonly test: Float32Array },
  width: number,
  columns: readonly number[] = Array.from({ length: width }, (_, column) => column),
): Scaling | undefined {
  const scaling = scaled(scale, parts, width, columns)
  if (!areFinite(parts.train) || !areFinite(parts.test))
    throw new DataError('bad-option', 'data: scale makes numbers that are too large; correct it.')
  return scaling
}

function scaled(
  scale: Scale,
  parts: { readonly train: Float32Array; readonly test: Float32Array },
  width: number,
  columns: readonly number[],
): Scaling | undefined {
  if (scale === 'none') return undefined
  if (scale === 'standard') return standardise(parts, width, columns, momentsOf(parts.train, width, columns))
  if (typeof scale === 'object' && 'mean' in scale) {
    const { mean, deviation } = scale
    if (mean.length !== columns.length || deviation.length !== columns.length || deviation.some((each) => each <= 0)) {
      const due = `a mean and a deviation above 0 for each of ${columns.length} columns of numbers`
      throw new DataError('bad-option', `data: scale must have ${due}, as hearsay data check tells them.`)
    }
    return standardise(parts, width, columns, scale)
  }
  const change = functionOf(scale)
  for (const values of [parts.train, parts.test])
    visit(values, width, columns, (at) => {
      values[at] = change(values[at]!)
    })
  return undefined
}

function areFinite(values: Float32Array): boolean {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return false
  return true
}

/** Every value of the columns, row by row: where it is, and the index of its column. */
function visit(
  values: Float32Array,
  width: number,
  columns: readonly number[],
  see: (at: number, index: number) => void,
): void {
  for (let row = 0; row < values.length; row += width)
    for (let index = 0; index < columns.length; index++) see(row + columns[index]!, index)
}

/** The scale that does the same to other data: `standard` becomes its numbers. */
export function agreedScale(
  scale: Scale,
  scaling: Scaling | undefined,
  columns: readonly number[] = [...(scaling?.mean.keys() ?? [])],
): Scale {
  if (scaling === undefined) return scale
  return {
    mean: columns.map((column) => scaling.mean[column]!),
    deviation: columns.map((column) => scaling.deviation[column]!),
  }
}

function functionOf(scale: 'unit' | 'pixels' | { shift: number; factor: number }): (value: number) => number {
  if (scale === 'unit') return (value) => value / 255
  if (scale === 'pixels') return (value) => (value / 255 - 0.13) / 0.3
  const { shift, factor } = scale
  return (value) => (value - shift) * factor
}

interface Moments {
  readonly mean: ArrayLike<number>
  readonly deviation: ArrayLike<number>
}

function momentsOf(train: Float32Array, width: number, columns: readonly number[]): Moments {
  const count = Math.max(1, train.length / width)
  const mean = new Float64Array(columns.length)
  const deviation = new Float64Array(columns.length)
  const varies = new Uint8Array(columns.length)
  visit(train, width, columns, (at, index) => {
    mean[index]! += train[at]!
    if (train[at] !== train[columns[index]!]) varies[index] = 1
  })
  // Of a column that is always the same, rounding would make a deviation that is not 0.
  for (const index of mean.keys())
    mean[index] = varies[index] === 1 ? mean[index]! / count : (train[columns[index]!] ?? 0)
  visit(train, width, columns, (at, index) => {
    deviation[index]! += (train[at]! - mean[index]!) ** 2
  })
  for (const index of deviation.keys()) deviation[index] = Math.sqrt(deviation[index]! / count) || 1
  return { mean, deviation }
}

function standardise(
  { train, test }: { readonly train: Float32Array; readonly test: Float32Array },
  width: number,
  columns: readonly number[],
  { mean, deviation }: Moments,
): Scaling {
  for (const values of [train, test])
    visit(values, width, columns, (at, index) => {
      values[at] = (values[at]! - mean[index]!) / deviation[index]!
    })
  const scaling = { mean: new Float64Array(width), deviation: new Float64Array(width).fill(1) }
  for (const [index, column] of columns.entries()) {
    scaling.mean[column] = mean[index]!
    scaling.deviation[column] = deviation[index]!
  }
  return scaling
}
