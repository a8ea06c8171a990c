/** The types of values that NumPy writes as numbers, as its files name them: byte order, kind, bytes. */

export interface Dtype {
  /** As the file names it. */
  readonly name: string
  /** Of one value. */
  readonly bytes: number
  /** Decodes as many values as `into` has, rounded to float32. */
  read(from: Uint8Array, into: Float32Array): void
}

/** In words, for errors. */
export const readableTypes = 'real numbers (float16 to float64, integers, truth values)'

type Getter = (view: DataView, at: number, little: boolean) => number

const getters: Readonly<Record<string, Getter>> = {
  f2: (view, at, little) => halfOf(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  b1: (view, at) => Number(view.getUint8(at) !== 0),
}

/** The type that a header describes; undefined when it is none of real numbers. */
export function dtypeOf(described: string): Dtype | undefined {
  const [, order, kind] = /^([<>=|]?)([a-z]\d)$/.exec(described) ?? []
  const get = kind !== undefined && Object.hasOwn(getters, kind) ? getters[kind] : undefined
  if (kind === undefined || get === undefined) return undefined
  const bytes = Number(kind[1])
  // What names no order has no need of one, or is of the machine that wrote it, which hardly ever is another than ours.
  const little = order !== '>'
  const read = (from: Uint8Array, into: Float32Array): void => {
    const view = new DataView(from.buffer, from.byteOffset, from.byteLength)
    for (let index = 0; index < into.length; index++) into[index] = get(view, index * bytes, little)
  }
  return { name: described, bytes, read: kind === 'f4' && little ? copy : read }
}

/** The bytes are those of a Float32Array already. */
function copy(from: Uint8Array, into: Float32Array): void {
  new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(from)
}

/** IEEE 754 binary16, from its bits. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
