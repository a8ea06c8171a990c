import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeNpy, NpyError, readNpy } from './npy.ts'

/** A file as NumPy writes it, of any dictionary and values. */
function file(dictionary: string, values: Uint8Array, version = 1): Uint8Array {
  const text = Buffer.from(`${dictionary}\n`, 'latin1')
  const size = Buffer.alloc(version === 1 ? 2 : 4)
  if (version === 1) size.writeUInt16LE(text.length)
  else size.writeUInt32LE(text.length)
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]), size, text, values])
}

const bytesOf = (values: Float32Array | Float64Array): Uint8Array => new Uint8Array(values.buffer)
const dictionary = (shape: string, dtype = '<f4'): string =>
  `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${shape}, }`

async function read(chunks: Iterable<Uint8Array>, sizeBytes?: number) {
  const rows: Float32Array<ArrayBuffer>[] = []
  const { shape, dtype } = await readNpy(chunks, {
    name: 'in.npy',
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    place: ([n = 0, d = 1]) => {
      rows.push(...Array.from({ length: n }, () => new Float32Array(d)))
      return (row) => rows[row]!
    },
  })
  return { shape, dtype: dtype.name, rows: rows.map((row) => [...row]) }
}

test('a file that NumPy 2 wrote: numpy.save of [[1, 2, 3], [4, 5, 6]] as float32', async () => {
  const written = Buffer.from(
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAg' +
      'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAQAAAQEAAAIBAAACgQAAA' +
      'wEA=',
    'base64',
  )
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
  ]
  expect(await read([written])).toEqual({ dtype: '<f4', shape: [2, 3], rows })
  // And ours is the same file, bit by bit.
  const ours = Buffer.concat([
    ...encodeNpy(
      [2, 3],
      rows.map((row) => Float32Array.from(row)),
    ),
  ])
  expect(ours.equals(written)).toBe(true)
})

test.each([1, 2, 3])('version %i, float64, keys in another order', async (version) => {
  const text = "{'shape': (2, 2), 'fortran_order': False, 'descr': '<f8'}"
  const values = bytesOf(Float64Array.of(1, 0.1, -3e300, Number.NaN))
  expect(await read([file(text, values, version)])).toEqual({
    dtype: '<f8',
    shape: [2, 2],
    rows: [
      [1, Math.fround(0.1)],
      [Number.NEGATIVE_INFINITY, Number.NaN],
    ],
  })
})

test('any array comes back, whatever pieces it comes in', async () => {
  const arrays = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 7 }), fc.boolean())
  await fc.assert(
    fc.asyncProperty(arrays, fc.infiniteStream(fc.integer({ min: 1, max: 90 })), async ([n, d, double], sizes) => {
      const values = Float32Array.from({ length: n * d }, (_, i) => Math.fround((i - 3) / 7))
      const bytes = double
        ? file(dictionary(`(${n}, ${d})`, '<f8'), bytesOf(Float64Array.from(values)))
        : Buffer.concat([...encodeNpy([n, d], [values])])
      const pieces: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += pieces.at(-1)!.length) {
        pieces.push(bytes.slice(at, at + sizes.next().value!))
      }
      const { rows, shape } = await read(pieces, bytes.length)
      expect(shape).toEqual([n, d])
      expect(rows.flat()).toEqual([...values])
    }),
  )
})

/** Of the values, `put` one after another. */
function packed(count: number, bytes: number, put: (view: DataView, at: number, index: number) => void): Uint8Array {
  const values = new Uint8Array(count * bytes)
  const view = new DataView(values.buffer)
  for (let index = 0; index < count; index++) put(view, index * bytes, index)
  return values
}

test.each([
  ['>f4', packed(3, 4, (view, at, i) => view.setFloat32(at, i + 0.5))],
  ['>f8', packed(3, 8, (view, at, i) => view.setFloat64(at, i + 0.5))],
  ['<f2', packed(3, 2, (view, at, i) => view.setUint16(at, [0x3800, 0x3e00, 0x4100][i]!, true))],
  ['>f2', packed(3, 2, (view, at, i) => view.setUint16(at, [0x3800, 0x3e00, 0x4100][i]!))],
])('%s gives the numbers that were saved', async (dtype, values) => {
  expect(await read([file(dictionary('(1, 3)', dtype), values)])).toEqual({
    dtype,
    shape: [1, 3],
    rows: [[0.5, 1.5, 2.5]],
  })
})

test.each([
  ['|i1', packed(3, 1, (view, at, i) => view.setInt8(at, 1 - i))],
  ['<i2', packed(3, 2, (view, at, i) => view.setInt16(at, 1 - i, true))],
  ['>i4', packed(3, 4, (view, at, i) => view.setInt32(at, 1 - i))],
  ['<i8', packed(3, 8, (view, at, i) => view.setBigInt64(at, BigInt(1 - i), true))],
])('%s, integers of either sign', async (dtype, values) => {
  expect((await read([file(dictionary('(1, 3)', dtype), values)])).rows).toEqual([[1, 0, -1]])
})

test.each([
  ['|u1', packed(3, 1, (view, at, i) => view.setUint8(at, 253 + i)), [253, 254, 255]],
  ['>u2', packed(3, 2, (view, at, i) => view.setUint16(at, 65_533 + i)), [65_533, 65_534, 65_535]],
  ['<u4', packed(3, 4, (view, at) => view.setUint32(at, 2 ** 31, true)), [2 ** 31, 2 ** 31, 2 ** 31]],
  ['>u8', packed(3, 8, (view, at) => view.setBigUint64(at, 2n ** 63n)), [2 ** 63, 2 ** 63, 2 ** 63]],
  ['|b1', packed(3, 1, (view, at, i) => view.setUint8(at, i)), [0, 1, 1]],
])('%s', async (dtype, values, row) => {
  expect((await read([file(dictionary('(1, 3)', dtype), values)])).rows).toEqual([row])
})

test('every float16 is what its bits say: infinite, not a number, or subnormal too', async () => {
  const bits = [0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000]
  const values = packed(bits.length, 2, (view, at, i) => view.setUint16(at, bits[i]!, true))
  expect((await read([file(dictionary('(1, 8)', '<f2'), values)])).rows).toEqual([
    [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65_504, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0],
  ])
})

test('Fortran order, in pieces of any size', async () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom('<f4', '>f8'))
  await fc.assert(
    fc.asyncProperty(shapes, fc.integer({ min: 1, max: 70 }), async ([n, d, dtype], size) => {
      const values = packed(n * d, dtype === '<f4' ? 4 : 8, (view, at, index) => {
        const value = (index % n) * 100 + Math.floor(index / n)
        if (dtype === '<f4') view.setFloat32(at, value, true)
        else view.setFloat64(at, value)
      })
      const bytes = file(`{'descr': '${dtype}', 'fortran_order': True, 'shape': (${n}, ${d}), }`, values)
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      )
      const rows = Array.from({ length: n }, (_, row) => Array.from({ length: d }, (_, column) => row * 100 + column))
      expect((await read(pieces, bytes.length)).rows).toEqual(rows)
    }),
  )
})

describe('what is refused, with the remedy', () => {
  const values = new Uint8Array(24)
  test.each([
    ['text', Buffer.from('1,2,3\n4,5,6\n'), 'in.npy is not a .npy file: write it with numpy.save("in.npy", x).'],
    ['nothing', new Uint8Array(0), 'in.npy is empty.'],
    ['a header cut off', file(dictionary('(2, 3)'), values).slice(0, 30), 'ends after 30 bytes, within its header'],
    ['version 4', file(dictionary('(2, 3)'), values, 4), 'version 4.0; 1, 2 and 3 are known'],
    ['a huge header', file(dictionary(`(2, 3)${' '.repeat(70_000)}`), values, 2), 'it may have 65536'],
    ['complex numbers', file(dictionary('(1, 3)', '<c8'), values), 'values of type <c8; real numbers (float16 to'],
    ['objects', file(dictionary('(2, 3)', '|O'), values), "save x.astype('<f4')"],
    ['long doubles', file(dictionary('(2, 3)', '<f16'), values), 'values of type <f16'],
    ['texts', file(dictionary('(2, 3)', '<U1'), values), 'values of type <U1'],
    ['dates', file(dictionary('(3,)', '<M8[s]'), values), 'values of type <M8[s]'],
    [
      'records',
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", values),
      "save x.astype('<f4')",
    ],
    ['no order', file("{'descr': '<f4', 'shape': (2, 3), }", values), 'does not say whether it is in Fortran order'],
    ['no shape', file("{'descr': '<f4', 'fortran_order': False, }", values), 'the shape none'],
    ['a number', file(dictionary('()'), values), 'the shape (); it needs dimensions'],
    ['a shape beyond numbers', file(dictionary('(9999999999999, 9999999999999)'), values), 'no file has the shape'],
    ['a program', file("{'descr': __import__('os'), }", values), 'a header that is not understood'],
    ['values missing', file(dictionary('(2, 4)'), values), 'needs exactly'],
    ['half a value missing', file(dictionary('(2, 3)'), values.slice(0, 22)), 'ends after'],
    ['values beyond', file(dictionary('(1, 5)'), values), 'has at least'],
    ['a byte beyond', file(dictionary('(2, 3)'), new Uint8Array(25)), 'has at least'],
  ])('%s', async (_, bytes, message) => {
    for (const chunks of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
      const refused = await read(chunks).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(NpyError)
      expect((refused as NpyError).message).toContain(message)
    }
  })

  test('a size that does not fit, before anything is placed', async () => {
    const bytes = file(dictionary('(2, 3)'), values)
    await expect(
      readNpy([bytes], { name: 'in.npy', sizeBytes: bytes.length - 1, place: () => expect.fail('placed') }),
    ).rejects.toThrow(`ends after ${bytes.length - 1} bytes, where its shape (2, 3) needs exactly ${bytes.length}`)
  })

  test('whatever bytes it gets, it gives an array of that size or an NpyError', async () => {
    const good = file(dictionary('(2, 3)'), values)
    const damaged = fc
      .array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 })
      .map((changes) => {
        const bytes = good.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes
      })
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const outcome = await read([bytes], bytes.length).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(NpyError)
        else expect((outcome as { rows: number[][] }).rows.flat().length).toBeLessThanOrEqual(bytes.length / 4)
      }),
      { numRuns: 500 },
    )
  })
})
