import { greatestBits, isFiniteBits } from './finite'
import { narrow } from './narrow'

/** Rows that are read side by side, at most: of more streams than that the processor fetches none ahead. */
const MOST_STREAMS: usize = 16

/** Bytes of a row that are read before the next rows are: a page. */
const BLOCK: usize = 4096

/**
 * Column means of `n` rows: float64 sums from +0, in the order of the table `rows` (n addresses, 4 bytes each),
 * divided by n, rounded to float32 into `out`, from the offset `at` in bytes on. `columns` is a multiple of 16, `scratch`
 * has 1024 float64.
 * Returns 0, with `out` unspecified, if any number read is NaN or Inf; otherwise 1.
 */
export function mean(rows: usize, n: usize, at: usize, columns: usize, scratch: usize, out: usize): i32 {
  return sum<i32>(rows, 0, n, <f64>(<u32>n), at, columns, scratch, out)
}

/**
 * As `mean`, Σ w_i x_i / divisor; `weights` are n float64, and each product is rounded to float64 before it is added.
 * Returns 0, with `out` unspecified, if any result is NaN or Inf; otherwise 1.
 */
export function weightedSum(
  rows: usize,
  weights: usize,
  n: usize,
  divisor: f64,
  at: usize,
  columns: usize,
  scratch: usize,
  out: usize,
): i32 {
  return sum<f64>(rows, weights, n, divisor, at, columns, scratch, out)
}

// The type says whether there are weights, so that each of the two is compiled for itself: f64 with them, i32 without.
function sum<T>(
  rows: usize,
  weights: usize,
  n: usize,
  divisor: f64,
  at: usize,
  columns: usize,
  scratch: usize,
  out: usize,
): i32 {
  const divisors = f64x2.splat(divisor)
  const rowsEnd = rows + (n << 2)
  const end = at + (columns << 2)
  // Finite float32 have a finite mean, since their sum cannot overflow in float64; NaN and Inf never leave a sum. So it
  // is enough to look at the results.
  const groups = max((n + MOST_STREAMS - 1) / MOST_STREAMS, 1)
  const groupBytes = ((n + groups - 1) / groups) << 2
  let greatest = i32x4.splat(0)
  for (; at < end; at += BLOCK) {
    const bytes = min(BLOCK, end - at)
    let group = rows
    do {
      const groupEnd = min(group + groupBytes, rowsEnd)
      const groupWeights = weights + ((group - rows) << 1)
      // A cache line of each row at a time: its eight sums stay in registers over the rows, and in the scratch over groups.
      for (let k: usize = 0; k < bytes; k += 64) {
        const sums = scratch + (k << 1)
        const isFirst = group === rows
        let s0 = isFirst ? f64x2.splat(0) : v128.load(sums)
        let s1 = isFirst ? f64x2.splat(0) : v128.load(sums, 16)
        let s2 = isFirst ? f64x2.splat(0) : v128.load(sums, 32)
        let s3 = isFirst ? f64x2.splat(0) : v128.load(sums, 48)
        let s4 = isFirst ? f64x2.splat(0) : v128.load(sums, 64)
        let s5 = isFirst ? f64x2.splat(0) : v128.load(sums, 80)
        let s6 = isFirst ? f64x2.splat(0) : v128.load(sums, 96)
        let s7 = isFirst ? f64x2.splat(0) : v128.load(sums, 112)
        let weight = groupWeights
        for (let row = group; row < groupEnd; row += 4, weight += 8) {
          const from = <usize>load<u32>(row) + at + k
          s0 = add<T>(s0, weight, v128.load64_zero(from))
          s1 = add<T>(s1, weight, v128.load64_zero(from, 8))
          s2 = add<T>(s2, weight, v128.load64_zero(from, 16))
          s3 = add<T>(s3, weight, v128.load64_zero(from, 24))
          s4 = add<T>(s4, weight, v128.load64_zero(from, 32))
          s5 = add<T>(s5, weight, v128.load64_zero(from, 40))
          s6 = add<T>(s6, weight, v128.load64_zero(from, 48))
          s7 = add<T>(s7, weight, v128.load64_zero(from, 56))
        }
        if (groupEnd < rowsEnd) {
          v128.store(sums, s0)
          v128.store(sums, s1, 16)
          v128.store(sums, s2, 32)
          v128.store(sums, s3, 48)
          v128.store(sums, s4, 64)
          v128.store(sums, s5, 80)
          v128.store(sums, s6, 96)
          v128.store(sums, s7, 112)
          continue
        }
        const m0 = narrow(f64x2.div(s0, divisors), f64x2.div(s1, divisors))
        const m1 = narrow(f64x2.div(s2, divisors), f64x2.div(s3, divisors))
        const m2 = narrow(f64x2.div(s4, divisors), f64x2.div(s5, divisors))
        const m3 = narrow(f64x2.div(s6, divisors), f64x2.div(s7, divisors))
        greatest = greatestBits(greatestBits(greatest, m0), m1)
        greatest = greatestBits(greatestBits(greatest, m2), m3)
        const to = out + at + k
        v128.store(to, m0)
        v128.store(to, m1, 16)
        v128.store(to, m2, 32)
        v128.store(to, m3, 48)
      }
      group = groupEnd
    } while (group < rowsEnd)
  }
  return isFiniteBits(greatest)
}

/** Adds two float32, times the weight if there are weights. */
function add<T>(sum: v128, weight: usize, pair: v128): v128 {
  const x = f64x2.promote_low_f32x4(pair)
  return f64x2.add(sum, isFloat<T>() ? f64x2.mul(v128.load64_splat(weight), x) : x)
}
