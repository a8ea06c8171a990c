import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFrame, FrameReader, mostHeaderBytes } from './frames.ts'

const reader = (most = 100) =>
  new FrameReader((given) => {
    const header = given as { floats: number }
    if (header.floats > most) throw new Error('too many')
    return { header, floats: header.floats }
  })

test('a frame comes out as it went in, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.float({ noNaN: true }), { maxLength: 100 }),
      fc.array(fc.nat(600), { maxLength: 20 }),
      (given, numbers, cuts) => {
        const { floats: _, ...header } = JSON.parse(JSON.stringify(given))
        const bytes = Buffer.concat(encodeFrame(header, Float32Array.from(numbers)))
        const places = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
        const reading = reader()
        let from = 0
        for (const [at, to] of places.entries()) {
          const frame = reading.push(bytes.subarray(from, to))
          from = to
          if (at < places.length - 1 && to < bytes.length) expect(frame).toBeUndefined()
          else if (frame !== undefined)
            expect(frame).toEqual({ header: { ...header, floats: numbers.length }, floats: Float32Array.from(numbers) })
        }
        expect(from).toBe(bytes.length)
      },
    ),
  )
})

test('whatever comes, nothing is kept beyond what was announced, and nothing announced beyond the bounds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        expect(reader().push(Buffer.from(bytes))?.floats.length ?? 0).toBeLessThanOrEqual(100)
      } catch (error) {
        expect((error as Error).message).toMatch(/^(no frame|a header that is no JSON|more than one answer|too many)/)
      }
    }),
  )
})

test('a header has a bound both ways', () => {
  const long = { text: 'x'.repeat(mostHeaderBytes) }
  expect(() => encodeFrame(long, new Float32Array())).toThrow('a header of 1048598 bytes, more than 1048576')
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32LE(mostHeaderBytes + 1)
  expect(() => reader().push(prefix)).toThrow('its header would have 1048577 bytes, not 1 to 1048576')
})
