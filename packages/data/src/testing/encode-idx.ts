/** The bytes of an IDX file of values that are big-endian already; `type` is 0x08 for bytes. */
export function encodeIdx(shape: readonly number[], values: Uint8Array, type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.set([0, 0, type, shape.length])
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, values])
}
