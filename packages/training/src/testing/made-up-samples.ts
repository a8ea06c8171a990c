import type { Part, Samples } from '@hearsay/data'
import { normal, stream } from '../task/random.ts'

const columns = 4

/** Rows of four numbers, labelled by which of as many functions of them is the greatest, by their sum, or by their signs. */
export function madeUpSamples(kind: Samples['targets'], outputs: readonly string[], count = 600): Samples {
  const random = stream('made up', kind, outputs.length)
  const part = (rows: number): Part => {
    const inputs = Float32Array.from({ length: rows * columns }, () => normal(random))
    const row = (index: number) => inputs.subarray(index * columns, (index + 1) * columns)
    const each = <T>(of: (row: Float32Array) => T) => Array.from({ length: rows }, (_, index) => of(row(index)))
    const group = Int32Array.from({ length: rows }, (_, index) => index % 5)
    return { inputs, group, count: rows, targets: targetsOf(kind, outputs.length, each) }
  }
  const inputs = ['a', 'b', 'c', 'd']
  return {
    shape: [columns],
    inputs,
    targets: kind,
    outputs,
    groups: ['one', 'two', 'three', 'four', 'five'],
    train: part(count),
    test: part(300),
  }
}

function targetsOf(
  kind: Samples['targets'],
  width: number,
  each: <T>(of: (row: Float32Array) => T) => T[],
): Part['targets'] {
  const first = (row: Float32Array) => row.subarray(0, width)
  switch (kind) {
    case 'classes':
      return { kind, labels: Int32Array.from(each((row) => first(row).indexOf(Math.max(...first(row))))) }
    case 'numbers':
      // In thousands, as prices are.
      return {
        kind,
        values: Float32Array.from(
          each((row) => [...first(row)].map((value) => 5e3 + 2e3 * value - 1e3 * row[3]!)).flat(),
        ),
      }
    case 'flags':
      return {
        kind,
        values: Uint8Array.from(each((row) => [...first(row)].map((value) => (value > 0.5 ? 1 : 0))).flat()),
      }
  }
}
