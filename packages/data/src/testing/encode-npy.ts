import { encodeNpy } from '../arrays/npy.ts'

/** The bytes of a .npy file of any type: values as they are in memory, which is little-endian. */
export function encodeNpyOf(
  descr: string,
  shape: readonly number[],
  values: NodeJS.TypedArray,
  fortranOrder = false,
): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${shape.map((length) => `${length},`).join(' ')}), }\n`
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0])
  head.writeUInt16LE(text.length, 8)
  return Buffer.concat([
    head,
    Buffer.from(text, 'latin1'),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ])
}

/** As `numpy.save` writes float32. */
export function encodeFloats(shape: readonly number[], values: readonly number[]): Buffer {
  return Buffer.concat([...encodeNpy(shape, [Float32Array.from(values)])])
}
