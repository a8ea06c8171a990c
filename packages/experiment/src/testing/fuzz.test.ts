import { kinds } from '@hearsay/protocol/testing/fuzz/corpus'
import { allocationLimit, fuzz } from '@hearsay/protocol/testing/fuzz/fuzz'
import { readFields, writeFields } from '@hearsay/protocol/testing/fuzz/wire-fields'
import { expect, it } from 'vitest'
import { fuzzCorpora } from './fuzz-corpus.ts'

it('hostile bytes never make a decoder throw, take what is out of range, or allocate beyond its bound', () => {
  const { taken, mostOfLimit, measured } = fuzz({ corpora: fuzzCorpora(), inputs: 15_000, seed: 2, measureEvery: 50 })
  expect(measured).toBeGreaterThan(100)
  expect(mostOfLimit).toBeLessThanOrEqual(1)
  expect(allocationLimit(0)).toBeLessThan(2 ** 20)
  for (const kind of kinds) expect(taken[kind].inputs).toBeGreaterThan(200)
  // Those that liars sign reach all checks that come after the signature.
  expect(taken.envelope.taken).toBeGreaterThan(100)
})

it('messages are read as fields, and written as they were', () => {
  const bytes = Uint8Array.of(0x08, 0x96, 0x01, 0x12, 0x04, 0x0a, 0x02, 1, 2, 0x1d, 1, 2, 3, 4)
  const fields = readFields(bytes)
  expect(fields).toHaveLength(3)
  expect(Array.isArray(fields?.[1]?.value)).toBe(true)
  expect(writeFields(fields!)).toEqual(bytes)
  expect(readFields(Uint8Array.of(0x12, 0x05, 1))).toBeUndefined()
})
