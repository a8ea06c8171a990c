import { describe, expect, test } from 'vitest'
import { Workspace } from './workspace.ts'

function squaredDistance(a: Float32Array, b: Float32Array): number {
  const sumFrom = (first: number): number => {
    let sum = 0
    for (let column = first; column < a.length; column += 2) {
      const difference = a[column]! - b[column]!
      sum += difference * difference
    }
    return sum
  }
  return sumFrom(0) + sumFrom(1)
}

describe('Workspace', () => {
  test('a row is the same memory as numbers and as little-endian bytes', () => {
    const workspace = new Workspace({ rows: 3, length: 5 })
    workspace.bytes(1).set([0, 0, 0x80, 0x3f], 4)
    expect([...workspace.vector(1)]).toEqual([0, 1, 0, 0, 0])
    expect(workspace.bytes(1)).toHaveLength(20)
    expect([...workspace.vector(0), ...workspace.vector(2)].every((value) => value === 0)).toBe(true)
  })

  test('views stay valid and rows do not overlap, whatever the length', () => {
    for (const length of [0, 1, 15, 16, 17, 64, 1000]) {
      const workspace = new Workspace({ rows: 5, length })
      const views = [0, 1, 2, 3, 4].map((row) => workspace.vector(row).fill(row + 1))
      workspace.mean([4, 0])
      workspace.trimmedMean([0, 1, 2, 3, 4], 1)
      workspace.squaredDistances([0, 1, 2, 3, 4])
      for (const [row, view] of views.entries()) expect([...view]).toEqual(new Array(length).fill(row + 1))
    }
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('isFinite finds %s anywhere', (value) => {
    const workspace = new Workspace({ rows: 2, length: 83 })
    for (let column = 0; column < 83; column++) {
      const vector = workspace.vector(0).fill(-3.4028234663852886e38)
      expect(workspace.isFinite(0)).toBe(true)
      vector[column] = value
      expect(workspace.isFinite(0)).toBe(false)
      expect(workspace.isFinite(1)).toBe(true)
    }
  })

  test('every NaN counts, signalling and negative ones too', () => {
    const workspace = new Workspace({ rows: 1, length: 1 })
    for (const high of [0x7f, 0xff]) {
      workspace.bytes(0).set([1, 0, 0x80, high])
      expect(workspace.isFinite(0)).toBe(false)
    }
  })

  test('combinations that are alike are made once, and all but the trimmed ones are the mean, bit by bit', () => {
    const length = 5000
    const workspace = new Workspace({ rows: 7, length })
    for (let row = 0; row < 7; row++)
      for (let i = 0; i < length; i++) workspace.vector(row)[i] = Math.sin(row * length + i)
    const weightsOf = (...of: number[]) =>
      Float64Array.from({ length: 7 }, (_, row) => (of.includes(row) ? 1 / of.length : 0))
    const some = [weightsOf(0, 1), weightsOf(1, 2), weightsOf(3, 4), weightsOf(5, 6), weightsOf(0, 6)]
    const means = new Workspace({ rows: 7, length })
    for (const places of [
      [0, 1, 0, 2, 2, 3, 4],
      [0, 1, 1, 1, 1, 1, 4],
      [2, 2, 2, 2, 2, 2, 2],
    ]) {
      for (const [row, place] of places.entries())
        means.vector(row).set(workspace.trimmedMean({ rows: [0, 1, 2, 3, 4, 5, 6], weights: [some[place]!] }, 0)!)
      const mixed = { rows: [0, 1, 2, 3, 4, 5, 6], weights: places.map((place) => some[place]!) }
      expect(workspace.trimmedMean(mixed, 2)).toEqual(means.trimmedMean([0, 1, 2, 3, 4, 5, 6], 2))
    }
  })

  test('squaredDistances adds the even columns, the odd columns and then both, bit by bit', () => {
    const magnitudes = [1, 1e-40, 3.4e38, 1e20, 1e-20, 7]
    for (let n = 1; n <= 40; n++) {
      const length = [0, 1, 2, 3, 15, 16, 17, 63, 65, 127, 128, 129, 300][n % 13]!
      const workspace = new Workspace({ rows: n, length })
      // Left over from other rules, which a sum that starts from anything but zero would show.
      workspace.trimmedMean([...Array(n).keys()], 0)
      for (let row = 0; row < n; row++) {
        const vector = workspace.vector(row)
        for (let column = 0; column < length; column++) {
          const fraction = ((row * 7919 + column * 104729) % 1009) / 1009
          vector[column] = fraction * magnitudes[(row + column * 5) % 6]!
        }
      }
      const rows = Array.from({ length: n }, (_, row) => n - 1 - row)
      const expected = rows.flatMap((i) => rows.map((j) => squaredDistance(workspace.vector(i), workspace.vector(j))))
      expect(workspace.squaredDistances(rows)).toEqual(Float64Array.from(expected))
    }
  })

  test('distances and products over a sample of columns, of any size up to all, are those of its columns alone', () => {
    for (const [length, size] of [
      [50_000, 50_000],
      [50_000, 1],
      [5000, 1025],
      [40, 17],
    ] as const) {
      const columns = Uint32Array.from({ length: size }, (_, k) => Math.floor((k * length) / size))
      const [workspace, alone] = [new Workspace({ rows: 5, length }), new Workspace({ rows: 5, length: size })]
      for (let row = 0; row < 5; row++) {
        const vector = workspace.vector(row)
        for (let column = 0; column < length; column++) vector[column] = ((row * 7919 + column * 104729) % 1009) / 1009
        alone.vector(row).set(Array.from(columns, (column) => vector[column]!))
      }
      const rows = [3, 0, 4, 1, 2]
      const expected = rows.flatMap((i) => rows.map((j) => squaredDistance(alone.vector(i), alone.vector(j))))
      const found = workspace.sampledDistances([...rows, 'origin'], columns)!
      const products = workspace.sampledProducts([...rows, 'origin'], columns, 5)!
      const exact = alone.products([...rows, 'origin'], 'origin')!
      for (const [k, value] of expected.entries()) {
        const at = Math.floor(k / 5) * 6 + (k % 5)
        expect(Math.abs(found[at]! - value)).toBeLessThanOrEqual(1e-12 * value)
        expect(Math.abs(products[at]! - exact[at]!)).toBeLessThanOrEqual(1e-12 * exact[at]!)
      }
    }
  })

  test('signs are counted between any two columns', () => {
    const workspace = new Workspace({ rows: 2, length: 100_000 })
    for (const row of [0, 1]) {
      const vector = workspace.vector(row)
      for (let column = 0; column < 100_000; column++) vector[column] = ((column * 31 + row) % 7) - 3
    }
    for (const [first, end] of [
      [0, 100_000],
      [0, 0],
      [65_535, 65_537],
      [3, 70_001],
      [99_999, 100_000],
    ] as const) {
      for (const sign of [1, -1] as const) {
        const expected = [0, 1].map(
          (row) =>
            workspace
              .vector(row)
              .slice(first, end)
              .filter((x) => x * sign > 0).length,
        )
        expect(workspace.countSigned([0, 1], { first, end }, sign)).toEqual(expected)
      }
    }
  })

  test('refuses sizes that are none or too large, and rows that are not there', () => {
    const make = (rows: number, length: number) => () => new Workspace({ rows, length })
    for (const [rows, length] of [
      [0, 1],
      [1.5, 1],
      [1, -1],
      [1, Number.NaN],
    ] as const) {
      expect(make(rows, length)).toThrow(expect.objectContaining({ code: 'bad-workspace' }))
    }
    expect(make(2, 2 ** 30)).toThrow(expect.objectContaining({ code: 'workspace-too-large' }))
    expect(make(2 ** 50, 1)).toThrow(expect.objectContaining({ code: 'workspace-too-large' }))
    const workspace = new Workspace({ rows: 2, length: 3 })
    for (const row of [-1, 2, 0.5, Number.NaN]) {
      expect(() => workspace.vector(row)).toThrow(expect.objectContaining({ code: 'bad-rows' }))
      expect(() => workspace.bytes(row)).toThrow(expect.objectContaining({ code: 'bad-rows' }))
      expect(() => workspace.isFinite(row)).toThrow(expect.objectContaining({ code: 'bad-rows' }))
    }
    expect(() => workspace.mean([0, 1, 0])).toThrow(expect.objectContaining({ code: 'bad-rows' }))
  })
})
