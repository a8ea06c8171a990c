/**
 * Named arrays in one file: a length (8 bytes, little-endian), a header of JSON, and the numbers one array after another. The
 * format: github.com/huggingface/safetensors, README, "Format".
 */
import { z } from 'zod'
import { DataError } from '../format/data-error.ts'
import { dtypeOf } from './npy-dtype.ts'

/** An array of real numbers, row by row. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export interface Safetensors {
  /** In the order of the file's numbers. */
  readonly arrays: readonly NamedArray[]
  readonly metadata: Readonly<Record<string, string>>
}

/** As the format's own library bounds it. */
const mostHeaderBytes = 100_000_000
const metadataName = '__metadata__'
/** Types of the format by those of NumPy. BF16, which NumPy lacks, is the upper half of a float32. */
const types: Readonly<Record<string, string>> = {
  ...{ F64: '<f8', F32: '<f4', F16: '<f2', I64: '<i8', I32: '<i4', I16: '<i2', I8: '|i1' },
  ...{ U64: '<u8', U32: '<u4', U16: '<u2', U8: '|u1', BOOL: '|b1' },
}

const size = z.int().min(0)
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(size).max(32),
  data_offsets: z.tuple([size, size]),
})
const headerSchema = z.record(z.string(), z.unknown())
const metadataSchema = z.record(z.string(), z.string())

/** The pieces of a file of float32, to be written one after another. Names are unique. */
export function* encodeSafetensors(
  arrays: readonly NamedArray[],
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  let offset = 0
  const entries = arrays.map(({ name, shape, values }) => {
    const begin = offset
    offset += values.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [begin, offset] }] as const
  })
  const header = Buffer.from(JSON.stringify({ [metadataName]: metadata, ...Object.fromEntries(entries) }))
  // The numbers begin at a multiple of 8 bytes.
  const start = Buffer.alloc(8 + Math.ceil(header.length / 8) * 8, ' ')
  start.writeBigUInt64LE(BigInt(start.length - 8))
  start.set(header, 8)
  yield start
  for (const { values } of arrays) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/**
 * Reads a whole file; values are rounded to float32. Nothing of it is believed: arrays must lie one after another and fill it.
 *
 * @param name what errors call it
 * @throws DataError `bad-data`
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const fault = (problem: string): never => {
    throw new DataError('bad-data', `${name}: ${problem}; save it again, as safetensors`)
  }
  if (bytes.length < 8) fault('too short for a file of safetensors')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > Math.min(mostHeaderBytes, bytes.length - 8)) fault(`its header is said to have ${length} bytes`)
  const { [metadataName]: about = {}, ...entries } = headerOf(bytes.subarray(8, 8 + length), fault)
  const metadata = metadataSchema.safeParse(about)
  if (!metadata.success) return fault('its metadata are no texts')
  const body = bytes.subarray(8 + length)
  const found = Object.entries(entries).map(([key, entry]) => {
    const parsed = entrySchema.safeParse(entry)
    return parsed.success ? { key, ...parsed.data } : fault(`the array ${JSON.stringify(key)} is not described right`)
  })
  let end = 0
  const arrays = found
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1])
    .map(({ key, dtype, shape, data_offsets: [from, to] }) => {
      if (from !== end || to < from || to > body.length)
        fault(`the array ${JSON.stringify(key)} is not where it should be`)
      end = to
      return {
        name: key,
        shape,
        values: valuesOf(body.subarray(from, to), dtype, shape, (what) =>
          fault(`the array ${JSON.stringify(key)} ${what}`),
        ),
      }
    })
  if (end !== body.length) fault(`${body.length - end} bytes follow its last array`)
  return { arrays, metadata: metadata.data }
}

function headerOf(bytes: Uint8Array, fault: (problem: string) => never): Record<string, unknown> {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return fault('its header is no JSON object')
  }
}

function valuesOf(
  bytes: Uint8Array,
  dtype: string,
  shape: readonly number[],
  fault: (what: string) => never,
): Float32Array {
  const count = shape.reduce((product, side) => product * side, 1)
  const type = dtype === 'BF16' ? undefined : dtypeOf(types[dtype] ?? '')
  if (dtype !== 'BF16' && type === undefined)
    fault(`has the type ${JSON.stringify(dtype.slice(0, 20))}, which is none of real numbers`)
  const each = type?.bytes ?? 2
  if (bytes.length !== count * each) fault(`has ${bytes.length} bytes, and its shape [${shape}] needs ${count * each}`)
  const values = new Float32Array(count)
  if (type !== undefined) type.read(bytes, values)
  else upperHalves(bytes, values)
  return values
}

function upperHalves(bytes: Uint8Array, into: Float32Array): void {
  const bits = new Uint32Array(into.buffer)
  for (let index = 0; index < bits.length; index++)
    bits[index] = ((bytes[2 * index]! | (bytes[2 * index + 1]! << 8)) << 16) >>> 0
}
