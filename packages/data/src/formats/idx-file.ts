import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { fileSize, piecesOf } from '../reading/files.ts'
import type { Numbers } from '../reading/pairs.ts'

/**
 * IDX is the format of MNIST: two zero bytes, a byte for the type, one for the number of dimensions, their lengths as big-endian
 * 32-bit integers, then the values, big-endian (LeCun et al.).
 */

type Getter = (view: DataView, at: number) => number
type Values = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

interface Type {
  readonly bytes: number
  make(length: number): Values
  readonly get: Getter
}

const types: ReadonlyMap<number, Type> = new Map<number, Type>([
  [0x08, { bytes: 1, make: (n) => new Uint8Array(n), get: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, make: (n) => new Int8Array(n), get: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, make: (n) => new Int16Array(n), get: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, make: (n) => new Int32Array(n), get: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, make: (n) => new Float32Array(n), get: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, make: (n) => new Float64Array(n), get: (view, at) => view.getFloat64(at) }],
])

const mostDimensions = 8
/** Where a gzip bomb ends. */
export const mostBytes = 2 ** 31

/** Reads an IDX file, decompressed where its name ends in .gz. Throws DataError. */
export async function readIdx(file: string, context: DataContext): Promise<Numbers> {
  await fileSize(file)
  const pieces: Buffer[] = []
  let received = 0
  let expected: number | undefined
  for await (const piece of piecesOf(file, context)) {
    pieces.push(piece)
    received += piece.length
    expected ??= received >= 4 ? sizeOf(Buffer.concat(pieces), file) : undefined
    if (received > (expected ?? mostBytes)) break
  }
  const content = Buffer.concat(pieces)
  const { type, shape, headerBytes } = headerOf(content, file)
  if (content.length !== expected) {
    const found = `${content.length}${content.length > expected! ? ' bytes or more' : ' bytes'}`
    throw badData(file, `${found}, but its header [${shape}] asks for ${expected}; get the file again`)
  }
  const bytes = content.subarray(headerBytes)
  if (type.bytes === 1 && type.get === types.get(0x08)!.get) return { file, shape, values: new Uint8Array(bytes) }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = type.make(bytes.length / type.bytes)
  for (let index = 0; index < values.length; index++) values[index] = type.get(view, index * type.bytes)
  return { file, shape, values }
}

/** Bytes of the whole file, as its header says; undefined while the header is not whole. */
function sizeOf(start: Buffer, file: string): number | undefined {
  if (start.length < 4 + 4 * start[3]!) return undefined
  const { type, shape, headerBytes } = headerOf(start, file)
  const size = headerBytes + shape.reduce((product, length) => product * length, type.bytes)
  if (size <= mostBytes) return size
  throw badData(file, `its header [${shape}] asks for ${size} bytes, at most ${mostBytes} are read; divide the file`)
}

function headerOf(start: Buffer, file: string): { type: Type; shape: number[]; headerBytes: number } {
  const type = start[0] === 0 && start[1] === 0 ? types.get(start[2]!) : undefined
  const rank = start[3] ?? 0
  if (start.length === 0) throw badData(file, 'it is empty; get the file again')
  if (start.length >= 4 && (type === undefined || rank < 1 || rank > mostDimensions)) {
    const magic = `0x${start.readUInt32BE(0).toString(16).padStart(8, '0')}`
    throw badData(
      file,
      `it starts with ${magic}, so that it is no IDX file; name one, such as train-images-idx3-ubyte.gz`,
    )
  }
  const headerBytes = 4 + 4 * rank
  if (type === undefined || start.length < headerBytes)
    throw badData(file, `${start.length} bytes are too short for a header; get the file again`)
  return { type, shape: Array.from({ length: rank }, (_, axis) => start.readUInt32BE(4 + 4 * axis)), headerBytes }
}
