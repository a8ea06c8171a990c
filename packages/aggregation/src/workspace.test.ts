import { describe, expect, test } from 'vitest'
import { Workspace } from './workspace.ts'

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
