/**
 * Event files of TensorFlow, as TensorBoard reads them: records, each of which is
 *
 *   length of the data, 8 bytes · masked CRC-32C of these 8 · data · masked CRC-32C of the data
 *
 * (all little-endian; masked is the CRC turned right by 15 bits, plus 0xa282ead8), and of which the data are an `Event` in protobuf:
 * wall_time 1 (double), step 2 (int64), file_version 3 (string), summary 5. A `Summary` has values (1), each with tag 1,
 * simple_value 2 (float), image 4 (height 1, width 2, colourspace 3, PNG 4) and metadata 9 (plugin_data 1: plugin_name 1,
 * content 2). Hyperparameters are of the plugin `hparams`, see its plugin_data.proto.
 *
 * Sources: tensorflow/core/lib/io/record_writer, tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto,
 * tensorboard/plugins/hparams/plugin_data.proto and api.proto.
 */

export interface Scalar {
  readonly tag: string
  readonly value: number
}

export interface Picture {
  readonly tag: string
  readonly png: Uint8Array
}

/** When, in seconds since 1970, and of which step. */
export interface When {
  readonly seconds: number
  readonly step: number
}

/** The first record of a file. */
export function versionRecord(seconds: number): Uint8Array {
  return record(event({ seconds, step: 0 }, text(3, 'brain.Event:2')))
}

export function scalarsRecord(when: When, scalars: readonly Scalar[]): Uint8Array {
  return summaryRecord(
    when,
    scalars.map(({ tag, value }) => [text(1, tag), float(2, value)]),
  )
}

/** Of PNGs with four channels. */
export function picturesRecord(when: When, pictures: readonly Picture[]): Uint8Array {
  const values = pictures.map(({ tag, png }) => {
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
    // After the signature, and the length and name of its first chunk.
    const [width, height] = [view.getUint32(16), view.getUint32(20)]
    return [text(1, tag), bytes(4, Buffer.concat([whole(1, height), whole(2, width), whole(3, 4), bytes(4, png)]))]
  })
  return summaryRecord(when, values)
}

export type Hyperparameters = Readonly<Record<string, number | string | boolean>>

/** What the columns of the table of hyperparameters are: for the folder of all runs. */
export function experimentRecord(seconds: number, of: Hyperparameters, metrics: readonly string[]): Uint8Array {
  const types = { string: 1, boolean: 2, number: 3 } as const
  const infos = Object.entries(of).map(([name, value]) =>
    bytes(4, Buffer.concat([text(1, name), whole(4, types[typeof value as keyof typeof types])])),
  )
  const measured = metrics.map((tag) => bytes(5, bytes(1, text(2, tag))))
  const experiment = Buffer.concat([double(3, seconds), ...infos, ...measured])
  return pluginRecord(seconds, '_hparams_/experiment', bytes(2, experiment))
}

/** With which hyperparameters a run began. */
export function sessionStartRecord(seconds: number, of: Hyperparameters, group: string): Uint8Array {
  const entries = Object.entries(of).map(([name, value]) =>
    bytes(1, Buffer.concat([text(1, name), bytes(2, plainValue(value))])),
  )
  const start = Buffer.concat([...entries, text(4, group), double(5, seconds)])
  return pluginRecord(seconds, '_hparams_/session_start_info', bytes(3, start))
}

export function sessionEndRecord(seconds: number): Uint8Array {
  const success = 1
  return pluginRecord(
    seconds,
    '_hparams_/session_end_info',
    bytes(4, Buffer.concat([whole(1, success), double(2, seconds)])),
  )
}

function pluginRecord(seconds: number, tag: string, content: Uint8Array): Uint8Array {
  const plugin = Buffer.concat([text(1, 'hparams'), bytes(2, content)])
  return summaryRecord({ seconds, step: 0 }, [[text(1, tag), bytes(9, bytes(1, plugin))]])
}

function summaryRecord(when: When, values: readonly (readonly Uint8Array[])[]): Uint8Array {
  return record(event(when, bytes(5, Buffer.concat(values.map((fields) => bytes(1, Buffer.concat(fields)))))))
}

function event({ seconds, step }: When, what: Uint8Array): Uint8Array {
  return Buffer.concat([double(1, seconds), whole(2, step), what])
}

/** Of `google.protobuf.Value`. */
function plainValue(value: number | string | boolean): Uint8Array {
  if (typeof value === 'number') return double(2, value)
  return typeof value === 'string' ? text(3, value) : whole(4, Number(value))
}

/** The data as a record. */
export function record(data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(data.length), 0)
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8)
  const tail = Buffer.alloc(4)
  tail.writeUInt32LE(maskedCrc(data), 0)
  return Buffer.concat([head, data, tail])
}

export function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** Castagnoli's polynomial, reflected. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc
})

export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const [varint, fixed64, lengthDelimited, fixed32] = [0, 1, 2, 5] as const

function key(field: number, type: number): Uint8Array {
  return varintOf(8 * field + type)
}

/** Of a whole number from 0. */
function varintOf(value: number): Uint8Array {
  const out: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) out.push((left % 128) + 128)
  return Uint8Array.from([...out, left])
}

const whole = (field: number, value: number): Uint8Array => Buffer.concat([key(field, varint), varintOf(value)])
const text = (field: number, value: string): Uint8Array => bytes(field, new TextEncoder().encode(value))

function bytes(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([key(field, lengthDelimited), varintOf(value.length), value])
}

function double(field: number, value: number): Uint8Array {
  const out = Buffer.alloc(8)
  out.writeDoubleLE(value)
  return Buffer.concat([key(field, fixed64), out])
}

function float(field: number, value: number): Uint8Array {
  const out = Buffer.alloc(4)
  out.writeFloatLE(value)
  return Buffer.concat([key(field, fixed32), out])
}
