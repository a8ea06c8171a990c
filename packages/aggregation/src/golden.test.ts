import { describe, expect, test } from 'vitest'
import { aggregateVectors, reference } from './aggregate.ts'
import type { Context } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'

const vectorsOf = (...vectors: number[][]) => vectors.map((vector) => Float32Array.from(vector))

/** Both ways of computing a rule give these numbers. */
function expectBoth(spec: RuleSpec, vectors: Float32Array[], expected: number[], context: Context = {}) {
  for (const run of [aggregateVectors, reference]) {
    const output = run(spec, vectors, context)
    expect(output).toHaveLength(expected.length)
    for (const [column, value] of expected.entries()) expect(output[column]).toBeCloseTo(value, 6)
  }
}

describe('golden values (ByzFL conventions)', () => {
  const vectors = vectorsOf([1, 2, 3], [4, 5, 6], [7, 8, 9])
  const byzfl = { start: 'zero', smoothing: 0.1, tolerance: 0, iterations: 3 }

  test.each<[RuleSpec, number[]]>([
    [{ rule: 'geometric-median', tolerated: 1, ...byzfl }, [3.78788764, 4.78788764, 5.78788764]],
    [{ rule: 'krum', tolerated: 1, neighbours: 'n-f-1' }, [1, 2, 3]],
    [{ rule: 'multi-krum', tolerated: 1, neighbours: 'n-f-1' }, [2.5, 3.5, 4.5]],
    [{ rule: 'mda', tolerated: 1 }, [2.5, 3.5, 4.5]],
    [{ rule: 'mva', tolerated: 1 }, [2.5, 3.5, 4.5]],
    [{ rule: 'meamed', tolerated: 1 }, [2.5, 3.5, 4.5]],
    [{ rule: 'phocas', tolerated: 1 }, [2.5, 3.5, 4.5]],
    [{ rule: 'mean', tolerated: 1 }, [4, 5, 6]],
    [{ rule: 'median', tolerated: 1 }, [4, 5, 6]],
    [{ rule: 'trimmed-mean', tolerated: 1 }, [4, 5, 6]],
    [{ rule: 'cge', tolerated: 1 }, [2.5, 3.5, 4.5]],
    [{ rule: 'centered-clipping', tolerated: 1 }, [4, 5, 6]],
    // Of pre-rules, the mean of the rows: 2.5, 2.5, 5.5 and 1, 4, 4.41004009 in the first column.
    [{ rule: 'mean', tolerated: 1, before: ['nnm'] }, [10.5 / 3, 13.5 / 3, 16.5 / 3]],
    [
      { rule: 'mean', tolerated: 1, before: ['arc'] },
      [(5 + 4.41004009) / 3, (7 + 5.04004582) / 3, (9 + 5.67005155) / 3],
    ],
  ])('%o', (spec, expected) => {
    expectBoth(spec, vectors, expected)
  })

  test('the third row of nnm and arc', () => {
    // What the mean has besides the first two rows.
    const third = (name: 'nnm' | 'arc') => {
      const rows = aggregateVectors({ rule: 'mean', tolerated: 1, before: [name] }, vectors)
      const first = name === 'nnm' ? [2.5, 3.5, 4.5] : [1, 2, 3]
      const second = name === 'nnm' ? [2.5, 3.5, 4.5] : [4, 5, 6]
      return rows.map((value, column) => 3 * value - first[column]! - second[column]!)
    }
    for (const [column, value] of [5.5, 6.5, 7.5].entries()) expect(third('nnm')[column]).toBeCloseTo(value, 5)
    for (const [column, value] of [4.41004009, 5.04004582, 5.67005155].entries()) {
      expect(third('arc')[column]).toBeCloseTo(value, 5)
    }
  })
})

describe('worked examples of the docstrings', () => {
  const column = (...values: number[]) => vectorsOf(...values.map((value) => [value]))

  test.each<[RuleSpec, Float32Array[], number[], Context?]>([
    [{ rule: 'quadratic-median', tolerated: 1 }, column(-10, 5, 10), [1]],
    [{ rule: 'clipped-mean', tolerated: 1 }, column(1, 2, 6, 9, 50), [1.95]],
    [{ rule: 'sum', tolerated: 1 }, vectorsOf([1, 2], [4, 5], [7, 11]), [12, 18]],
    [{ rule: 'phocas', tolerated: 1 }, column(0, 1, 5, 100), [2]],
    [{ rule: 'bulyan', tolerated: 0 }, column(0, 1, 3, 7), [0.5]],
    [{ rule: 'mda', tolerated: 1 }, column(1, 4, 7), [2.5]],
    [{ rule: 'mva', tolerated: 1 }, column(0, 3, 4), [3.5]],
    [{ rule: 'smea', tolerated: 1 }, column(0, 3, 4), [3.5]],
    [{ rule: 'caf', tolerated: 1 }, column(0, 1, 11), [40 / 73]],
    [{ rule: 'centered-clipping', tolerated: 1, radius: 2 }, column(1, 10, -1), [2 / 3]],
    [{ rule: 'cge', tolerated: 1 }, column(3, -1, -100, 4), [2]],
    [{ rule: 'dnc', tolerated: 1 }, column(0, 1, 11), [0.5]],
    [{ rule: 'signguard', tolerated: 2 }, column(1, 2, -2, 100, 1), [4 / 3]],
    [{ rule: 'fltrust', tolerated: 1 }, vectorsOf([3, 0], [-5, 0], [0, 4]), [2, 0], { root: Float32Array.of(2, 0) }],
    [{ rule: 'mean', tolerated: 0, before: [{ clipping: { norm: 5 } }] }, vectorsOf([6, 8], [1, 2]), [2, 3]],
    [{ rule: 'median', tolerated: 0, before: [{ clipping: { norm: 5 } }] }, vectorsOf([6, 8], [1, 2]), [2, 3]],
  ])('%o', (spec, vectors, expected, context) => {
    expectBoth(spec, vectors, expected, context)
  })

  test('centered-clipping goes on from the previous output', () => {
    const previous = Float32Array.of(10, 0)
    const spec: RuleSpec = { rule: 'centered-clipping', tolerated: 1, radius: 1, iterations: 2 }
    // 1/3 and 2/3 of the first step are along one axis; the second step starts at (10, 1/3).
    expectBoth(spec, vectorsOf([10, 0], [10, 5], [10, 0]), [10, 1 / 3 + (1 - 2 / 3) / 3], { previous })
  })

  test('what comes before is applied in order', () => {
    const vectors = vectorsOf([6, 8], [0, 5], [3, 4])
    expectBoth({ rule: 'mean', tolerated: 1, before: [{ clipping: { norm: 5 } }, 'nnm'] }, vectors, [
      (3 + 1.5 + 3) / 3,
      (4 + 4.5 + 4) / 3,
    ])
  })
})

test('a context is needed and checked', () => {
  const vectors = vectorsOf([1, 2], [3, 4], [5, 6])
  const bad = expect.objectContaining({ code: 'bad-context' })
  const fltrust: RuleSpec = { rule: 'fltrust', tolerated: 1 }
  const clipping: RuleSpec = { rule: 'centered-clipping', tolerated: 1 }
  for (const run of [aggregateVectors, reference]) {
    expect(() => run(fltrust, vectors)).toThrow(bad)
    expect(() => run(fltrust, vectors, { root: Float32Array.of(1) })).toThrow(bad)
    expect(() => run(fltrust, vectors, { root: Float32Array.of(1, Number.NaN) })).toThrow(bad)
    expect(() => run(fltrust, vectors, { root: Float32Array.of(1, 3e38) })).toThrow(bad)
    expect(() => run(clipping, vectors, { previous: Float32Array.of(1, Number.POSITIVE_INFINITY) })).toThrow(bad)
  }
})
