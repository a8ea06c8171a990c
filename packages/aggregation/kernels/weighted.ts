import { isFiniteBits } from './finite'
import { narrow } from './narrow'
import { fillAbsent, sortBlock } from './sorted-block'

/*
 * Order statistics of rows that have weights. The numbers of each column are sorted without them (`sortBlock`); the rank
 * that is wanted is found by halving, ⌈log₂ n⌉ times: how much the rows weigh whose number is at most that of a rank
 * follows from the rows as they are, four columns at a time. So weights need not follow their numbers through the sort.
 *
 * Weights are n int32 whose sum is one too. What is found goes from one function to another through `work`: of 16 columns
 * the ranks, the numbers at them, and the weights.
 */

/** Columns are searched by so many: a cache line. */
export const LINE: usize = 64
export const NUMBERS: usize = 64
const WEIGHTS: usize = 128
export const UPPER: usize = 192
export const TABLES: usize = 256

/** The upper two of four columns as the lower two. */
export function upper(x: v128): v128 {
  return v128.shuffle<i64>(x, x, 1, 0)
}

/**
 * Column by column the m with m / L = Σ w_i sign(x_i − m) (see rules/quadratic-median.ts). With `clipped`, m is of L/4 in the
 * place of L, and the output is Σ w_i x_i / `total`, each x_i moved to within L/4 times `total` of m: float64 in the order of
 * the rows. Rounded once to float32.
 *
 * Other parameters and the result are as in `weightedTrimmedMean`.
 */
export function quadraticMedian(
  rows: usize,
  weights: usize,
  n: usize,
  resilience: f64,
  clipped: i32,
  total: i32,
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
  const pull = clipped ? resilience / 4 : resilience
  fillAbsent(scratch, classes, laneBytes)
  let greatest = i32x4.splat(0)
  for (; at < end; at += laneBytes) {
    const bytes = min(laneBytes, end - at)
    greatest = sortBlock<f32>(rows, n, at, bytes, classes, network, networkEnd, scratch, laneBytes, greatest)
    for (let k: usize = 0; k < bytes; k += LINE) {
      findBalance(rows, weights, n, pull, total, at + k, scratch + k, laneBytes, work)
      weigh<i32>(rows, weights, n, at + k, work)
      for (let j: usize = 0; j < LINE; j += 16) {
        const numbers = v128.load(work + j, NUMBERS)
        const below = v128.load(work + j, WEIGHTS)
        let left = balance(numbers, below, pull, total)
        let right = balance(upper(numbers), upper(below), pull, total)
        if (clipped) {
          const radius = pull * <f64>total
          const from = at + k + j
          left = clippedMean(rows, weights, n, radius, total, from, left)
          right = clippedMean(rows, weights, n, radius, total, from + 8, right)
        }
        v128.store(out + at + k + j, narrow(left, right))
      }
    }
  }
  return isFiniteBits(greatest)
}

/** m of two columns, from the number at the rank found and the weight of those below it. */
function balance(numbers: v128, below: v128, pull: f64, total: i32): v128 {
  const m = f64x2.pmin(reach(below, pull, total), f64x2.promote_low_f32x4(numbers))
  const least = f64x2.splat(-pull * <f64>total)
  return f64x2.add(f64x2.pmax(least, m), f64x2.splat(0))
}

/** L (total − 2 weight), of two columns: how far the rows pull what has so much weight below it. */
function reach(weight: v128, pull: f64, total: i32): v128 {
  const over = i32x4.sub(i32x4.splat(total), weight)
  const force = f64x2.sub(f64x2.convert_low_i32x4_s(over), f64x2.convert_low_i32x4_s(weight))
  return f64x2.mul(f64x2.splat(pull), force)
}

/** Of two columns. */
function clippedMean(rows: usize, weights: usize, n: usize, radius: f64, total: i32, at: usize, centre: v128): v128 {
  const low = f64x2.sub(centre, f64x2.splat(radius))
  const high = f64x2.add(centre, f64x2.splat(radius))
  let sum = f64x2.splat(0)
  for (let i: usize = 0; i < n; i++) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(<usize>load<u32>(rows + (i << 2)) + at))
    const near = f64x2.pmin(f64x2.pmax(x, low), high)
    sum = f64x2.add(sum, f64x2.mul(f64x2.splat(<f64>load<i32>(weights + (i << 2))), near))
  }
  return f64x2.div(sum, f64x2.splat(<f64>total))
}

/** The first ranks up to whose numbers rows weigh `least` or more. */
export function findWeight(
  rows: usize,
  weights: usize,
  n: usize,
  least: i32,
  lowest: usize,
  highest: usize,
  at: usize,
  lanes: usize,
  laneBytes: usize,
  work: usize,
): void {
  for (let step = begin(lowest, highest, work); step > 0; step >>= 1) {
    look(step - 1, highest, lanes, laneBytes, work)
    weigh<f32>(rows, weights, n, at, work)
    const wanted = i32x4.splat(least)
    for (let j: usize = 0; j < LINE; j += 16) {
      advance(step, i32x4.lt_s(v128.load(work + j, WEIGHTS), wanted), work + j)
    }
  }
  look(0, highest, lanes, laneBytes, work)
}

/** The first ranks whose numbers are no less than what rows pull there (`reach`), or the last ranks. */
function findBalance(
  rows: usize,
  weights: usize,
  n: usize,
  pull: f64,
  total: i32,
  at: usize,
  lanes: usize,
  laneBytes: usize,
  work: usize,
): void {
  for (let step = begin(0, n - 1, work); step > 0; step >>= 1) {
    look(step - 1, n - 1, lanes, laneBytes, work)
    weigh<f32>(rows, weights, n, at, work)
    for (let j: usize = 0; j < LINE; j += 16) {
      const numbers = v128.load(work + j, NUMBERS)
      const upTo = v128.load(work + j, WEIGHTS)
      const left = f64x2.lt(f64x2.promote_low_f32x4(numbers), reach(upTo, pull, total))
      const right = f64x2.lt(f64x2.promote_low_f32x4(upper(numbers)), reach(upper(upTo), pull, total))
      advance(step, v128.shuffle<i32>(left, right, 0, 2, 4, 6), work + j)
    }
  }
  look(0, n - 1, lanes, laneBytes, work)
}

/** All ranks the lowest; the first step of the search, the greatest power of two that stays among them. */
function begin(lowest: usize, highest: usize, work: usize): usize {
  for (let j: usize = 0; j < LINE; j += 16) v128.store(work + j, i32x4.splat(<i32>lowest))
  if (lowest === highest) return 0
  let step: usize = 1
  while (step * 2 <= highest - lowest) step *= 2
  return step
}

/** The numbers so many ranks on, or at the highest. */
function look(on: usize, highest: usize, lanes: usize, laneBytes: usize, work: usize): void {
  for (let j: usize = 0; j < LINE; j += 4) {
    const rank = min(<usize>load<u32>(work + j) + on, highest)
    store<f32>(work + j, load<f32>(lanes + rank * laneBytes + j), NUMBERS)
  }
}

/** Four ranks go on by `step` where the mask is set. */
function advance(step: usize, mask: v128, work: usize): void {
  v128.store(work, i32x4.add(v128.load(work), v128.and(mask, i32x4.splat(<i32>step))))
}

/** What rows weigh whose number is at most that looked at (T is f32), or below it (i32), of 16 columns. */
function weigh<T>(rows: usize, weights: usize, n: usize, at: usize, work: usize): void {
  const t0 = v128.load(work, NUMBERS)
  const t1 = v128.load(work, NUMBERS + 16)
  const t2 = v128.load(work, NUMBERS + 32)
  const t3 = v128.load(work, NUMBERS + 48)
  let s0 = i32x4.splat(0)
  let s1 = i32x4.splat(0)
  let s2 = i32x4.splat(0)
  let s3 = i32x4.splat(0)
  const end = rows + (n << 2)
  for (; rows < end; rows += 4, weights += 4) {
    const from = <usize>load<u32>(rows) + at
    const weight = v128.load32_splat(weights)
    s0 = i32x4.add(s0, v128.and(weight, isWithin<T>(v128.load(from), t0)))
    s1 = i32x4.add(s1, v128.and(weight, isWithin<T>(v128.load(from, 16), t1)))
    s2 = i32x4.add(s2, v128.and(weight, isWithin<T>(v128.load(from, 32), t2)))
    s3 = i32x4.add(s3, v128.and(weight, isWithin<T>(v128.load(from, 48), t3)))
  }
  v128.store(work, s0, WEIGHTS)
  v128.store(work, s1, WEIGHTS + 16)
  v128.store(work, s2, WEIGHTS + 32)
  v128.store(work, s3, WEIGHTS + 48)
}

function isWithin<T>(x: v128, threshold: v128): v128 {
  return isFloat<T>() ? f32x4.le(x, threshold) : f32x4.lt(x, threshold)
}
