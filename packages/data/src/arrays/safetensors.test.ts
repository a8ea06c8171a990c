import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DataError } from '../format/data-error.ts'
import { decodeSafetensors, encodeSafetensors, type NamedArray } from './safetensors.ts'

const arrays: NamedArray[] = [
  { name: 'layers.0.kernel', shape: [2, 3], values: Float32Array.of(1, -2, 3, 0.5, -0, 1e-30) },
  { name: 'layers.0.bias', shape: [3], values: Float32Array.of(7, 8, 9) },
  { name: 'scale', shape: [], values: Float32Array.of(4) },
]

function bytesOf(given: readonly NamedArray[], metadata?: Record<string, string>): Buffer {
  return Buffer.concat([...encodeSafetensors(given, metadata)])
}

/** A file with this header and these bytes after it. */
function fileOf(header: unknown, body = new Uint8Array(0)): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, body])
}

test('what is written is read again, and its numbers begin at a multiple of 8 bytes', () => {
  const bytes = bytesOf(arrays, { made: 'by a test' })
  expect(decodeSafetensors(bytes, 'm')).toEqual({ arrays, metadata: { made: 'by a test' } })
  expect(Number(bytes.readBigUInt64LE(0)) % 8).toBe(0)
})

test('other types are rounded to float32', () => {
  const entry = (dtype: string, shape: number[], from: number, to: number) => ({
    dtype,
    shape,
    data_offsets: [from, to],
  })
  const body = Buffer.concat([
    Buffer.from(Float64Array.of(0.1).buffer),
    Buffer.from([0x00, 0x3c, 0x00, 0xc0]),
    Buffer.from([0x80, 0x3f, 0x40, 0xc0]),
    Buffer.from([255, 1]),
  ])
  const header = {
    a: entry('F64', [1], 0, 8),
    b: entry('F16', [2], 8, 12),
    c: entry('BF16', [2], 12, 16),
    d: entry('I8', [2], 16, 18),
  }
  const read = decodeSafetensors(fileOf(header, body), 'm').arrays.map(({ values }) => [...values])
  expect(read).toEqual([[Math.fround(0.1)], [1, -2], [1, -3], [-1, 1]])
})

const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }
const four = new Uint8Array(4)
test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(0), 'too short'],
  ['a header longer than the file', Buffer.from('ffffffffffffff7f7b7d', 'hex'), 'its header is said to have'],
  ['no JSON', fileOf('{"a"'), 'no JSON object'],
  ['no UTF-8', Buffer.concat([fileOf('ab').subarray(0, 8), Buffer.from([0xff, 0xfe])]), 'no JSON object'],
  ['a list', fileOf([1]), 'no JSON object'],
  ['metadata that are no texts', fileOf({ __metadata__: { a: 1 } }), 'metadata are no texts'],
  ['an unknown type', fileOf({ a: { ...one, dtype: 'F8_E4M3' } }, four), 'the type "F8_E4M3"'],
  [
    'a shape of 2^60 numbers',
    fileOf({ a: { ...one, shape: [2 ** 30, 2 ** 30] } }, four),
    'its shape [1073741824,1073741824] needs',
  ],
  ['a negative side', fileOf({ a: { ...one, shape: [-1] } }, four), 'not described right'],
  ['an array beyond the end', fileOf({ a: { ...one, data_offsets: [0, 8] } }, four), 'not where it should be'],
  ['a hole', fileOf({ a: { ...one, data_offsets: [4, 8] } }, new Uint8Array(8)), 'not where it should be'],
  ['two arrays in one place', fileOf({ a: one, b: one }, four), 'not where it should be'],
  ['more than the arrays', fileOf({ a: one }, new Uint8Array(6)), '2 bytes follow'],
])('%s is refused', (_, bytes, problem) => {
  expect(() => decodeSafetensors(bytes, 'm.safetensors')).toThrow(problem)
  expect(() => decodeSafetensors(bytes, 'm.safetensors')).toThrow(/^m\.safetensors: .*save it again/)
})

test('any bytes, and a file with any byte changed, are read or refused', () => {
  const good = bytesOf(arrays, { a: 'b' })
  const changed = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
    const bytes = Buffer.from(good)
    bytes[at]! ^= by
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), changed), (bytes) => {
      try {
        decodeSafetensors(bytes, 'm')
      } catch (error) {
        expect(error).toBeInstanceOf(DataError)
      }
    }),
    { numRuns: 500 },
  )
})

const python = spawnSync('python3', ['-c', 'import numpy, safetensors.numpy']).status === 0

test.skipIf(!python)('Python reads them, where it has numpy and safetensors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearsay-safetensors-'))
  try {
    const file = join(folder, 'm.safetensors')
    writeFileSync(file, bytesOf(arrays, { a: 'b' }))
    const program = [
      'import sys, json, safetensors.numpy',
      'arrays = safetensors.numpy.load_file(sys.argv[1])',
      'print(json.dumps({name: [list(a.shape), a.dtype.name, a.reshape(-1).tolist()] for name, a in arrays.items()}))',
    ]
    const { stdout, stderr } = spawnSync('python3', ['-c', program.join('\n'), file], { encoding: 'utf8' })
    expect(stderr).toBe('')
    const due = arrays.map(({ name, shape, values }) => [name, [shape, 'float32', [...values]]])
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(due))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
