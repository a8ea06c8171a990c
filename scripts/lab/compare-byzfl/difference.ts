import type { Backend } from './byzfl.ts'

export interface Difference {
  readonly absolute: number
  /** The absolute one over the largest magnitude in either vector. */
  readonly relative: number
}

/**
 * What rounding may leave: ours rounds once to float32, at 6e-8, and ByzFL on float64 is exact in comparison; ByzFL on
 * float32 rounds at every step.
 */
export const toleranceOf: Readonly<Record<Backend, number>> = { numpy64: 1e-6, numpy32: 1e-4, torch: 1e-4 }

/** The largest difference of two vectors; infinite when just one of two numbers is finite, or the lengths differ. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): Difference {
  if (a.length !== b.length) return { absolute: Number.POSITIVE_INFINITY, relative: Number.POSITIVE_INFINITY }
  let absolute = 0
  let scale = 0
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at]!, b[at]!]
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      return { absolute: Number.POSITIVE_INFINITY, relative: Number.POSITIVE_INFINITY }
    }
    absolute = Math.max(absolute, Math.abs(x - y))
    scale = Math.max(scale, Math.abs(x), Math.abs(y))
  }
  return { absolute, relative: absolute === 0 ? 0 : absolute / scale }
}

/**
 * Whether one of `others` is `ours` within the tolerance; with `by` coordinate, whether every coordinate of ours is that
 * of one of them.
 */
export function isAmong(
  ours: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
  tolerance: number,
  by: 'vector' | 'coordinate',
): boolean {
  if (by === 'vector') return others.some((other) => difference(ours, other).relative <= tolerance)
  const scale = Array.from(ours).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Array.from(ours).every((value, at) =>
    others.some((other) => Math.abs(value - other[at]!) <= tolerance * scale),
  )
}

/** Whether some row's squared norm is more than float32 can hold, so that ByzFL on float32 computes with infinities. */
export function overflowsFloat32(rows: readonly Float32Array[]): boolean {
  return rows.some((row) => !Number.isFinite(Math.fround(row.reduce((sum, value) => sum + value * value, 0))))
}
