// Kernels against plain TypeScript with the same order of arithmetic: the same bits.
import { expect, test } from 'vitest'
import { rowAmid } from './fast-distances.ts'
import { fastLength, Workspace } from './workspace.ts'

const magnitudes = [1, 1e-3, 7, 1e4, 0.3]

function filled(rows: number, length: number): { workspace: Workspace; vectors: Float32Array[] } {
  const workspace = new Workspace({ rows, length })
  let state = rows * 31 + length
  const vectors = Array.from({ length: rows }, (_, row) => {
    const vector = workspace.vector(row)
    for (let column = 0; column < length; column++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      vector[column] = (state / 2 ** 31) * magnitudes[(row + column) % 5]!
    }
    return vector
  })
  return { workspace, vectors }
}

/** Products in float32, four sums in float32 for 128 columns, then float64 as the kernel has it; 2^15 columns at a time. */
function blockedProduct(a: Float32Array, b: Float32Array, ofBlock: (lanes: readonly number[]) => number[]): number {
  let total = 0
  for (let chunk = 0; chunk < a.length; chunk += 2 ** 15) {
    const sums = [0, 0]
    for (let block = chunk; block < Math.min(a.length, chunk + 2 ** 15); block += 128) {
      const lanes: [number, number, number, number] = [0, 0, 0, 0]
      for (let column = block; column < Math.min(a.length, block + 128); column++) {
        const lane = (column % 4) as 0 | 1 | 2 | 3
        lanes[lane] = Math.fround(lanes[lane] + Math.fround(a[column]! * b[column]!))
      }
      for (const [half, sum] of ofBlock(lanes).entries()) sums[half] = sums[half]! + sum
    }
    total += sums[0]! + sums[1]!
  }
  return total
}

const ofPair = ([a, b, c, d]: readonly number[]) => [a! + c!, b! + d!]
const ofOne = (lanes: readonly number[]) => [ofPair(lanes)[0]! + ofPair(lanes)[1]!]

test.each([
  [2, fastLength],
  [5, fastLength + 3],
  [9, 10_001],
  [13, 2 ** 16 + 77],
])('distances of %i long vectors of length %i, and of the zero vector', (n, length) => {
  const { workspace, vectors } = filled(n, length)
  const reference = vectors[rowAmid(vectors)]!
  const centred = vectors.map((vector) => vector.map((value, column) => value - reference[column]!))
  const norms = vectors.map((vector) => blockedProduct(vector, vector, ofOne))
  const own = centred.map((vector) => blockedProduct(vector, vector, ofOne))
  const expected = centred.flatMap((a, i) => [
    ...centred.map((b, j) => (i === j ? 0 : own[i]! + own[j]! - 2 * blockedProduct(a, b, ofPair))),
    norms[i]!,
  ])
  expect(workspace.squaredDistances([...vectors.keys(), 'origin'])).toEqual(
    Float64Array.from([...expected, ...norms, 0]),
  )
})

test('inner products about a row: even columns, odd columns, then both', () => {
  for (const [n, length] of [
    [3, 7],
    [6, 200],
    [9, 131],
  ] as const) {
    const { workspace, vectors } = filled(n, length)
    const products = workspace.products([...vectors.keys(), 'origin'], 1)!
    const points = [...vectors, new Float32Array(length)]
    for (const [i, a] of points.entries()) {
      for (const [j, b] of points.entries()) {
        const sums: [number, number] = [0, 0]
        for (let column = 0; column < length; column++) {
          const r = vectors[1]![column]!
          sums[(column % 2) as 0 | 1] += (a[column]! - r) * (b[column]! - r)
        }
        if (i !== j) expect(products[i * points.length + j]! + 0).toBe(sums[0] + sums[1])
      }
    }
  }
})

test('one inner product: four interleaved sums of even and of odd columns', () => {
  const { workspace, vectors } = filled(3, 203)
  const product = (a: Float32Array, b: Float32Array, r: Float32Array): number => {
    const sums = new Float64Array(8)
    for (let column = 0; column < 203; column++)
      sums[column % 8] = sums[column % 8]! + (a[column]! - r[column]!) * (b[column]! - r[column]!)
    const half = (odd: number) => sums[odd]! + sums[2 + odd]! + (sums[4 + odd]! + sums[6 + odd]!)
    return half(0) + half(1)
  }
  const [a, b, r] = vectors as [Float32Array, Float32Array, Float32Array]
  const zero = new Float32Array(203)
  expect(workspace.productsOf([0], 2, 1)[0]).toBe(product(a, b, r))
  expect(workspace.productsOf([0], 'origin', 1)[0]).toBe(product(a, b, zero))
  expect([...workspace.productsOf([0, 1], 2)]).toEqual([product(a, a, r), product(b, b, r)])
  expect([...workspace.productsOf([0, 1], 'origin')]).toEqual([product(a, a, zero), product(b, b, zero)])
})

test('weighted sums: float64 from +0 in the order of the rows', () => {
  const { workspace, vectors } = filled(5, 333)
  workspace.setExtra(new Float32Array(333).fill(2))
  const weights = [0.5, -1, 3, 0.1]
  const output = workspace.weightedSum([4, 0, 2, 'extra'], weights, 3)!
  for (const [column, value] of output.entries()) {
    let sum = 0
    for (const [k, vector] of [vectors[4]!, vectors[0]!, vectors[2]!].entries()) sum += weights[k]! * vector[column]!
    expect(value).toBe(Math.fround((sum + 0.1 * 2) / 3))
  }
})

test('combinations: float32 from +0 in the order of the terms, in blocks of any length', () => {
  for (const length of [1, 33, 512, 513, 1100]) {
    const { workspace, vectors } = filled(5, length)
    const third = Float64Array.of(0, 1 / 3, 0, 1 / 3, 1 / 3)
    const uneven = Float64Array.of(0.25, 0, 0.1, -2, 0)
    // The trimmed mean of one is that one, and of none of its terms zero.
    const [mean, sum, none] = [third, uneven, new Float64Array(5)].map(
      (weights) => workspace.trimmedMean({ rows: [0, 1, 2, 3, 4], weights: [weights] }, 0)!,
    )
    for (let column = 0; column < length; column++) {
      let [a, b] = [0, 0]
      for (const row of [1, 3, 4]) a = Math.fround(a + vectors[row]![column]!)
      for (const row of [0, 2, 3]) b = Math.fround(b + Math.fround(Math.fround(uneven[row]!) * vectors[row]![column]!))
      expect(mean![column]).toBe(Math.fround(a / 3))
      expect(sum![column]).toBe(b)
      expect(none![column]).toBe(0)
    }
  }
})

test('combinations that overflow in float32 are made in float64', () => {
  const workspace = new Workspace({ rows: 3, length: 600 })
  for (const row of [0, 1, 2]) workspace.vector(row).fill(3.4028234663852886e38)
  const combinations = { rows: [0, 1, 2], weights: [new Float64Array(3).fill(1 / 3)] }
  expect(workspace.trimmedMean(combinations, 0)).toEqual(workspace.vector(0))
  workspace.vector(1)[599] = Number.NaN
  expect(workspace.trimmedMean(combinations, 0)).toBeUndefined()
})
