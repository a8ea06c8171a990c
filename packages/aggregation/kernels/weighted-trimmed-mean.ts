import { findBorders, writeTables } from './borders'
import { isFiniteBits } from './finite'
import { narrow } from './narrow'
import { fillAbsent, sortBlock } from './sorted-block'
import { findWeight, LINE, NUMBERS, UPPER, upper } from './weighted'

/**
 * Column means of what is left when the weight `trim` is cut off from either end, a row on the border in part. With a and b the
 * numbers at the borders, Σ w min(max(x, a), b) in float64 in the order of the rows, less `trim` times a + b, divided by
 * `total` − 2 `trim`, moved to a or b if it is not between them, and rounded to float32; (a + b) / 2 if weight 2 or less is left.
 * The rank of a, and that of b from above, are from `lowest` to `middle`, whatever row is where. The comparators sort
 * these, and one more at either end, and leave lesser numbers in the lanes below.
 *
 * The borders are found by `findBorders`, and where that cannot, for more rows, more weight or numbers that are too near
 * to each other, by halving ranks (`findWeight`): the same numbers either way.
 *
 * Other parameters and the result are as in `trimmedMean`; after the lanes the scratch has 320 bytes more.
 */
export function weightedTrimmedMean(
  rows: usize,
  weights: usize,
  n: usize,
  trim: i32,
  total: i32,
  lowest: usize,
  middle: usize,
  at: usize,
  columns: usize,
  classes: usize,
  network: usize,
  comparators: usize,
  scratch: usize,
  laneBytes: usize,
  out: usize,
): i32 {
  const networkEnd = network + (comparators << 3)
  const end = at + (columns << 2)
  const work = scratch + (8 * classes + 1) * laneBytes
  const indexed = n <= 32 && total <= 0xffff
  if (indexed) writeTables(weights, n, work)
  fillAbsent(scratch, classes, laneBytes)
  let greatest = i32x4.splat(0)
  for (; at < end; at += laneBytes) {
    const bytes = min(laneBytes, end - at)
    greatest = indexed
      ? sortBlock<i32>(rows, n, at, bytes, classes, network, networkEnd, scratch, laneBytes, greatest)
      : sortBlock<f32>(rows, n, at, bytes, classes, network, networkEnd, scratch, laneBytes, greatest)
    for (let k: usize = 0; k < bytes; k += LINE) {
      const from = at + k
      const lanes = scratch + k
      if (!indexed) halve(rows, weights, n, trim, total, lowest, middle, from, lanes, laneBytes, work)
      else if (!findBorders(rows, n, trim, total, lowest, middle, from, lanes, laneBytes, work)) {
        sortBlock<f32>(rows, n, from, LINE, classes, network, networkEnd, lanes, laneBytes, greatest)
        halve(rows, weights, n, trim, total, lowest, middle, from, lanes, laneBytes, work)
      }
      if (total - 2 * trim <= 2) meanOfBorders(work, out + from)
      else {
        meanBetween(rows, weights, n, trim, total, from, work, out + from)
        meanBetween(rows, weights, n, trim, total, from + 32, work + 32, out + from + 32)
      }
    }
  }
  return isFiniteBits(greatest)
}

/** The numbers at the borders of 16 columns, to `work`. */
function halve(
  rows: usize,
  weights: usize,
  n: usize,
  trim: i32,
  total: i32,
  lowest: usize,
  middle: usize,
  at: usize,
  lanes: usize,
  laneBytes: usize,
  work: usize,
): void {
  const sameRank = trim + 1 === total - trim
  if (!sameRank) {
    findWeight(rows, weights, n, total - trim, n - 1 - middle, n - 1 - lowest, at, lanes, laneBytes, work)
    memory.copy(work + UPPER, work + NUMBERS, LINE)
  }
  findWeight(rows, weights, n, trim + 1, lowest, middle, at, lanes, laneBytes, work)
  if (sameRank) memory.copy(work + UPPER, work + NUMBERS, LINE)
}

/** Of 16 columns. */
function meanOfBorders(work: usize, out: usize): void {
  for (let j: usize = 0; j < LINE; j += 16) {
    const low = v128.load(work + j, NUMBERS)
    const high = v128.load(work + j, UPPER)
    v128.store(out + j, narrow(halfOf(low, high), halfOf(upper(low), upper(high))))
  }
}

/** Of the lower two columns; +0 and not -0, as from any sum. */
function halfOf(low: v128, high: v128): v128 {
  const sum = f64x2.add(f64x2.promote_low_f32x4(low), f64x2.promote_low_f32x4(high))
  return f64x2.add(f64x2.mul(sum, f64x2.splat(0.5)), f64x2.splat(0))
}

/** Of eight columns. */
function meanBetween(
  rows: usize,
  weights: usize,
  n: usize,
  trim: i32,
  total: i32,
  at: usize,
  work: usize,
  out: usize,
): void {
  const low0 = v128.load(work, NUMBERS)
  const low1 = v128.load(work, NUMBERS + 16)
  const high0 = v128.load(work, UPPER)
  const high1 = v128.load(work, UPPER + 16)
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  const end = rows + (n << 2)
  for (; rows < end; rows += 4, weights += 4) {
    const from = <usize>load<u32>(rows) + at
    const weight = f64x2.convert_low_i32x4_s(v128.load32_splat(weights))
    const x = f32x4.pmin(f32x4.pmax(v128.load(from), low0), high0)
    const y = f32x4.pmin(f32x4.pmax(v128.load(from, 16), low1), high1)
    s0 = f64x2.add(s0, f64x2.mul(weight, f64x2.promote_low_f32x4(x)))
    s1 = f64x2.add(s1, f64x2.mul(weight, f64x2.promote_low_f32x4(upper(x))))
    s2 = f64x2.add(s2, f64x2.mul(weight, f64x2.promote_low_f32x4(y)))
    s3 = f64x2.add(s3, f64x2.mul(weight, f64x2.promote_low_f32x4(upper(y))))
  }
  const cut = <f64>trim
  const kept = <f64>(total - 2 * trim)
  v128.store(out, narrow(less(s0, low0, high0, cut, kept), less(s1, upper(low0), upper(high0), cut, kept)))
  v128.store(out, narrow(less(s2, low1, high1, cut, kept), less(s3, upper(low1), upper(high1), cut, kept)), 16)
}

/** The mean of the lower two columns, from sums that still have what is cut off, as numbers at the borders. */
function less(sum: v128, low: v128, high: v128, cut: f64, kept: f64): v128 {
  const a = f64x2.promote_low_f32x4(low)
  const b = f64x2.promote_low_f32x4(high)
  const left = f64x2.sub(sum, f64x2.mul(f64x2.splat(cut), f64x2.add(a, b)))
  const mean = f64x2.pmin(f64x2.pmax(f64x2.div(left, f64x2.splat(kept)), a), b)
  return f64x2.add(mean, f64x2.splat(0))
}
