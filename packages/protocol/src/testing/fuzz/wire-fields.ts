/**
 * Protocol buffers as a tree of fields, without knowing what they mean: for changing messages in ways that no decoder
 * expects, and for writing them down again, right or wrong.
 */
export interface Field {
  readonly number: number
  /** 0 varint, 1 eight bytes, 2 bytes, 5 four bytes; others mean nothing. */
  readonly type: number
  /** The value as it is written, without tag and length; a list of fields if it can be read as a message. */
  readonly value: Uint8Array | readonly Field[]
  /** A length that is claimed in place of the right one. */
  readonly claimed?: number
}

/** The fields in the bytes, or undefined if they are no message. */
export function readFields(bytes: Uint8Array, depth = 4): Field[] | undefined {
  const fields: Field[] = []
  let at = 0
  const varint = (): number | undefined => {
    let value = 0
    for (let shift = 1; at < bytes.length && shift < 2 ** 56; shift *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
    return undefined
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag === undefined || tag < 8) return undefined
    const type = tag % 8
    const start = at
    let value: Uint8Array | readonly Field[]
    if (type === 0) {
      if (varint() === undefined) return undefined
      value = bytes.subarray(start, at)
    } else {
      const length = type === 1 ? 8 : type === 5 ? 4 : type === 2 ? varint() : undefined
      if (length === undefined || at + length > bytes.length) return undefined
      const inner = bytes.subarray(at, at + length)
      value = (type === 2 && depth > 0 && length > 1 ? readFields(inner, depth - 1) : undefined) ?? inner
      at += length
    }
    fields.push({ number: Math.floor(tag / 8), type, value })
  }
  return fields
}

export function writeFields(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  for (const { number, type, value, claimed } of fields) {
    const bytes = value instanceof Uint8Array ? value : writeFields(value)
    parts.push(varintOf(number * 8 + type))
    if (type === 2) parts.push(varintOf(claimed ?? bytes.length))
    parts.push(bytes)
  }
  return new Uint8Array(Buffer.concat(parts))
}

export function varintOf(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}
