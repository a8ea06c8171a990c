import { expect, test } from 'vitest'
import { areFinite } from './finite.ts'

const extremes = [3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0]
test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%f is found wherever it is', (bad) => {
  for (let length = 0; length < 10; length++) {
    const values = Float32Array.from({ length: length + 1 }, (_, at) => extremes[at % 4]!).subarray(1)
    expect(areFinite(values)).toBe(true)
    for (let at = 0; at < length; at++) expect(areFinite(values.with(at, bad))).toBe(false)
  }
})
