/** Changes of bytes and of messages, drawn at random. */
import type { Random } from '../exchange.ts'
import { type Field, readFields, varintOf, writeFields } from './wire-fields.ts'

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length - 1)]!
}

export function randomBytes(random: Random, most: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: random(most) }, () => random(255))
}

/** Any bytes made of others by one to four changes. */
export function mutateBytes(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let mutant = new Uint8Array(bytes)
  for (let changes = random(3); changes >= 0; changes--) mutant = changeBytes(mutant, random, others)
  return mutant
}

function changeBytes(
  bytes: Uint8Array<ArrayBuffer>,
  random: Random,
  others: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const at = random(bytes.length)
  const until = Math.min(bytes.length, at + random(64))
  const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts))
  switch (random(6)) {
    case 0:
      bytes[at % Math.max(1, bytes.length)]! ^= 1 << random(7)
      return bytes
    case 1:
      bytes[at % Math.max(1, bytes.length)] = pick(random, [0, 1, 127, 128, 255])
      return bytes
    case 2:
      return joined(bytes.subarray(0, at), bytes.subarray(until))
    case 3:
      return joined(bytes.subarray(0, until), bytes.subarray(at))
    case 4:
      return joined(bytes.subarray(0, at), randomBytes(random, 16), bytes.subarray(at))
    case 5:
      return bytes.slice(0, at)
    default:
      return joined(bytes.subarray(0, at), pick(random, others).subarray(at))
  }
}

/** The message with one field changed somewhere in it, written down as it should be or not. */
export function mutateMessage(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const fields = readFields(bytes)
  return fields === undefined || fields.length === 0
    ? randomBytes(random, 64)
    : writeFields(changeFields(fields, random))
}

const varints = [0, 1, 2, 3, 4, 127, 128, 255, 1023, 1025, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63]
const sizes = [0, 1, 12, 31, 32, 33, 63, 64, 65, 300]

function changeFields(fields: readonly Field[], random: Random): Field[] {
  const at = random(fields.length - 1)
  const field = fields[at]!
  if (!(field.value instanceof Uint8Array) && random(2) > 0)
    return fields.with(at, { ...field, value: changeFields(field.value, random) })
  switch (random(7)) {
    case 0:
      return fields.toSpliced(at, 1)
    case 1:
      return fields.toSpliced(at, 0, ...Array.from({ length: 1 + random(random(9) === 0 ? 200 : 3) }, () => field))
    case 2:
      return fields.toSpliced(random(fields.length), 0, pick(random, fields))
    case 3:
      return fields.with(at, { ...field, number: pick(random, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1000, 2 ** 28]) })
    case 4:
      return fields.with(at, { ...field, type: random(7) })
    case 5:
      return fields.with(at, { ...field, claimed: pick(random, varints) })
    case 6:
      return fields.with(at, { ...field, type: 2, value: randomBytes(random, pick(random, sizes)) })
    default:
      return fields.with(at, { ...field, type: 0, value: varintOf(pick(random, varints)) })
  }
}
