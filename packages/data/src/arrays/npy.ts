/**
 * NumPy's array files of numbers: read as a stream, so that an array goes straight to where it is wanted, and nothing is
 * held twice. The format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { CodedError } from '@hearsay/catalogue'
import { type Dtype, dtypeOf, readableTypes } from './npy-dtype.ts'

/** A file that is not such an array, or not all of it; the message says the remedy. */
export class NpyError extends CodedError<'bad-npy'> {
  override readonly name = 'NpyError'

  constructor(message: string) {
    super('bad-npy', message)
  }
}

export interface NpyHeader {
  readonly dtype: Dtype
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

export interface NpyOptions {
  /** What errors call the file. */
  readonly name: string
  /** Of the whole file, where it is known: a wrong one is an error before anything is placed. */
  readonly sizeBytes?: number
  /**
   * Gets the shape before any value is read, and gives where row i goes: as many numbers as the last dimension says. May
   * throw.
   */
  readonly place: (shape: readonly number[]) => (row: number) => Float32Array
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** Ours are 128 bytes; NumPy itself trusts none above 10,000. */
const mostHeaderBytes = 65_536
const mostDimensions = 32

/**
 * Reads an array of real numbers, in C or Fortran order; values are rounded to float32, those beyond its range to infinity.
 * Throws NpyError for anything else, for missing values, and for what follows the last one.
 */
export async function readNpy(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: NpyOptions) {
  const decoder = new Decoder(options)
  for await (const chunk of chunks) decoder.push(chunk)
  return decoder.end()
}

class Decoder {
  readonly #options: NpyOptions
  /** The start of the file, until the header is whole. */
  #start: Uint8Array<ArrayBufferLike> = new Uint8Array(0)
  #header: NpyHeader | undefined
  #values: Values | undefined

  constructor(options: NpyOptions) {
    this.#options = options
  }

  push(chunk: Uint8Array): void {
    if (this.#values) {
      this.#values.push(chunk)
      return
    }
    const { name, sizeBytes, place } = this.#options
    this.#start = Buffer.concat([this.#start, chunk])
    const headerBytes = headerLength(this.#start, name)
    if (headerBytes === undefined || this.#start.length < headerBytes) return
    this.#header = parseHeader(textOf(this.#start.subarray(0, headerBytes)), name)
    const { shape, dtype } = this.#header
    const count = shape.reduce((product, length) => product * length, 1)
    const expectedBytes = headerBytes + count * dtype.bytes
    if (!Number.isSafeInteger(expectedBytes)) throw new NpyError(`${name}: no file has the shape ${tuple(shape)}.`)
    if (sizeBytes !== undefined && sizeBytes !== expectedBytes) throw wrongSize(name, shape, expectedBytes, sizeBytes)
    this.#values = new Values({ name, header: this.#header, headerBytes, target: place(shape) })
    this.#values.push(this.#start.subarray(headerBytes))
    this.#start = new Uint8Array(0)
  }

  end(): NpyHeader {
    if (!this.#header || !this.#values) {
      headerLength(this.#start, this.#options.name)
      if (this.#start.length === 0) throw new NpyError(`${this.#options.name} is empty.`)
      throw new NpyError(`${this.#options.name} ends after ${this.#start.length} bytes, within its header.`)
    }
    this.#values.end()
    return this.#header
  }
}

/** Bytes of the whole header, the first ones included; undefined while too few are there to tell. */
function headerLength(start: Uint8Array, name: string): number | undefined {
  const known = Math.min(start.length, magic.length)
  if (magic.slice(0, known).some((byte, i) => start[i] !== byte)) {
    throw new NpyError(`${name} is not a .npy file: write it with numpy.save(${JSON.stringify(name)}, x).`)
  }
  if (start.length < 12) return undefined
  const [major = 0, minor = 0] = start.subarray(6)
  if (major < 1 || major > 3) throw new NpyError(`${name} is of .npy version ${major}.${minor}; 1, 2 and 3 are known.`)
  const view = new DataView(start.buffer, start.byteOffset)
  const [size, from] = major === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12]
  if (size > mostHeaderBytes) {
    throw new NpyError(`${name} has a header of ${size} bytes; it may have ${mostHeaderBytes}.`)
  }
  return from + size
}

function textOf(header: Uint8Array): string {
  return Buffer.from(header.subarray(header[6] === 1 ? 10 : 12)).toString('latin1')
}

const entryPattern = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|\[.*\]|True|False|\([\d\s,]*\))\s*(?:,|$)/y

/** The text is a Python dictionary; this knows no more of Python than NumPy writes. */
function parseHeader(text: string, name: string): NpyHeader {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]?.trim()
  const entries = new Map<string, string>()
  entryPattern.lastIndex = 0
  while (inner !== undefined && entryPattern.lastIndex < inner.length) {
    const match = entryPattern.exec(inner)
    if (match === null) break
    entries.set(match[1]!, match[2]!)
    if (entryPattern.lastIndex === inner.length) return checkHeader(entries, name)
  }
  throw new NpyError(`${name} has a header that is not understood: ${JSON.stringify(text.trim().slice(0, 100))}.`)
}

function checkHeader(entries: ReadonlyMap<string, string>, name: string): NpyHeader {
  const described = entries.get('descr')?.replaceAll("'", '')
  const dtype = dtypeOf(described ?? '')
  if (dtype === undefined) {
    throw new NpyError(
      `${name} has values of type ${(described ?? 'none').slice(0, 50)}; ${readableTypes} are known: save x.astype('<f4').`,
    )
  }
  const order = entries.get('fortran_order')
  if (order !== 'True' && order !== 'False') throw new NpyError(`${name} does not say whether it is in Fortran order.`)
  const lengths = entries.get('shape')?.match(/^\(((?:\s*\d{1,16}\s*,)*(?:\s*\d{1,16})?)\s*\)$/)?.[1]
  const shape = lengths
    ?.split(',')
    .filter((length) => length.trim() !== '')
    .map(Number)
  if (
    shape === undefined ||
    shape.length === 0 ||
    shape.length > mostDimensions ||
    !shape.every(Number.isSafeInteger)
  ) {
    throw new NpyError(`${name} has the shape ${entries.get('shape')?.slice(0, 50) ?? 'none'}; it needs dimensions.`)
  }
  return { dtype, fortranOrder: order === 'True', shape }
}

/** Takes values in pieces of any size. */
class Values {
  readonly #name: string
  readonly #header: NpyHeader
  readonly #headerBytes: number
  readonly #target: (row: number) => Float32Array
  readonly #width: number
  readonly #count: number
  /** Values that are placed. */
  #placed = 0
  /** Where rows go, by their number in Fortran order. */
  readonly #rows: Float32Array[] = []
  /** Of a value that is not whole yet. */
  #part: Uint8Array<ArrayBufferLike> = new Uint8Array(0)

  constructor(options: {
    readonly name: string
    readonly header: NpyHeader
    readonly headerBytes: number
    readonly target: (row: number) => Float32Array
  }) {
    const { shape } = options.header
    this.#name = options.name
    this.#header = options.header
    this.#headerBytes = options.headerBytes
    this.#target = options.target
    this.#width = shape.at(-1)!
    this.#count = shape.reduce((product, length) => product * length, 1)
  }

  push(chunk: Uint8Array): void {
    const { dtype, fortranOrder, shape } = this.#header
    const bytes = this.#part.length > 0 ? Buffer.concat([this.#part, chunk]) : chunk
    const whole = Math.floor(bytes.length / dtype.bytes)
    if (this.#placed + bytes.length / dtype.bytes > this.#count) throw this.#wrongSize(bytes.length)
    const values = bytes.subarray(0, whole * dtype.bytes)
    if (fortranOrder && shape.length > 1) this.#placeColumns(values, whole)
    else this.#placeRows(values, whole)
    // A copy: a stream may use its memory again.
    this.#part = Uint8Array.from(bytes.subarray(whole * dtype.bytes))
  }

  end(): void {
    if (this.#placed < this.#count) throw this.#wrongSize(this.#part.length)
  }

  /** In C order, in which the last index changes fastest. */
  #placeRows(bytes: Uint8Array, count: number): void {
    const { dtype } = this.#header
    for (let from = 0; from < count; ) {
      const column = this.#placed % this.#width
      const values = Math.min(count - from, this.#width - column)
      const row = this.#target(Math.floor(this.#placed / this.#width)).subarray(column, column + values)
      dtype.read(bytes.subarray(from * dtype.bytes, (from + values) * dtype.bytes), row)
      this.#placed += values
      from += values
    }
  }

  /** In Fortran order, in which the first index changes fastest: each value goes to another row than the one before. */
  #placeColumns(bytes: Uint8Array, count: number): void {
    const { dtype, shape } = this.#header
    const values = new Float32Array(count)
    dtype.read(bytes, values)
    const leading = shape.slice(0, -1)
    const rows = this.#count / this.#width
    for (const value of values) {
      const row = this.#placed % rows
      this.#rows[row] ??= this.#target(leading.length === 1 ? row : rowInC(row, leading))
      this.#rows[row]![Math.floor(this.#placed / rows)] = value
      this.#placed++
    }
  }

  /** `beyond`: bytes after those that are placed. */
  #wrongSize(beyond: number): NpyError {
    const size = (values: number): number => this.#headerBytes + values * this.#header.dtype.bytes
    return wrongSize(this.#name, this.#header.shape, size(this.#count), size(this.#placed) + beyond)
  }
}

/** The number in C order of what has this number in Fortran order. */
function rowInC(number: number, shape: readonly number[]): number {
  let left = number
  let row = 0
  let stride = shape.reduce((product, length) => product * length, 1)
  for (const length of shape) {
    stride /= length
    row += (left % length) * stride
    left = Math.floor(left / length)
  }
  return row
}

function wrongSize(name: string, shape: readonly number[], expectedBytes: number, foundBytes: number): NpyError {
  const found = foundBytes < expectedBytes ? `ends after ${foundBytes}` : `has at least ${foundBytes}`
  return new NpyError(
    `${name} ${found} bytes, where its shape ${tuple(shape)} needs exactly ${expectedBytes}: it was cut off or ` +
      'written over; save it again.',
  )
}

/** A shape as Python writes it. */
export function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/** The file of a float32 array, version 1.0, as `numpy.save` writes it; `rows` one after another. */
export function* encodeNpy(shape: readonly number[], rows: Iterable<Float32Array>): Generator<Uint8Array> {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple(shape)}, }`
  // The values begin at a multiple of 64 bytes.
  const size = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10
  const start = Buffer.alloc(10)
  start.set([...magic, 1, 0])
  start.writeUInt16LE(size, 8)
  yield Buffer.concat([start, Buffer.from(`${dictionary.padEnd(size - 1)}\n`, 'latin1')])
  for (const row of rows) yield new Uint8Array(row.buffer, row.byteOffset, row.byteLength)
}
