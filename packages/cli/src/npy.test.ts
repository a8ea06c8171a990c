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
  return { shape, dtype, rows: rows.map((row) => [...row]) }
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

describe('what is refused, with the remedy', () => {
  const values = new Uint8Array(24)
  test.each([
    ['text', Buffer.from('1,2,3\n4,5,6\n'), 'in.npy is not a .npy file: write it with numpy.save("in.npy", x).'],
    ['nothing', new Uint8Array(0), 'in.npy is empty.'],
    ['a header cut off', file(dictionary('(2, 3)'), values).slice(0, 30), 'ends after 30 bytes, within its header'],
    ['version 4', file(dictionary('(2, 3)'), values, 4), 'version 4.0; 1, 2 and 3 are known'],
    ['a huge header', file(dictionary(`(2, 3)${' '.repeat(70_000)}`), values, 2), 'it may have 65536'],
    ['big-endian', file(dictionary('(2, 3)', '>f4'), values), "save x.astype('<f4')"],
    ['integers', file(dictionary('(2, 3)', '<i4'), values), 'values of type <i4'],
    [
      'records',
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", values),
      "save x.astype('<f4')",
    ],
    [
      'Fortran order',
      file("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", values),
      'numpy.ascontiguousarray(x)',
    ],
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
