import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Workspace } from '../machine/workspace.ts'
import { averageOfNearest } from './nearest.ts'

function of(vectors: readonly (readonly number[])[], own: readonly number[], keep: number): number[] {
  const workspace = new Workspace({ rows: vectors.length, length: own.length })
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  return [...averageOfNearest(workspace, [...vectors.keys()], Float32Array.from(own), keep)]
}

describe('the mean of the nearest', () => {
  it('is that of the example', () => {
    expect(of([[1], [5], [6]], [4], 2)).toEqual([5.5])
  })

  it('takes the earlier of two that are equally near', () => {
    expect(of([[0], [3], [5]], [4], 2)).toEqual([4])
    expect(of([[0], [5], [3]], [4], 1)).toEqual([5])
  })

  it('goes by the whole distance, not by one coordinate', () => {
    const vectors = [
      [0, 9],
      [4, 4],
    ]
    expect(of(vectors, [0, 0], 1)).toEqual([4, 4])
  })

  it('is within what is kept, and lies far off change nothing', () => {
    const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(numbers, (honest) => {
        const vectors = honest.map((value) => [value])
        const alone = of(vectors, [honest[0]!], 4)
        expect(of([[1e30], ...vectors, [-1e30]], [honest[0]!], 4)).toEqual(alone)
      }),
    )
  })

  it('cannot keep more than there are', () => {
    expect(() => of([[1], [2]], [1], 3)).toThrow(expect.objectContaining({ code: 'bad-rows' }))
    expect(() => of([[1], [2]], [1], 0)).toThrow(expect.objectContaining({ code: 'bad-rows' }))
  })
})
