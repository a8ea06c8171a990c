import { greatestBits, isFiniteBits } from './finite'
import { narrow } from './narrow'

/**
 * Column means of `n` rows: float64 sums from +0, in the order of the table `rows` (n addresses, 4 bytes each),
 * divided by n, rounded to float32 into `out`, from the offset `at` in bytes on. `columns` is a multiple of 16.
 * Returns 0, with `out` unspecified, if any number read is NaN or Inf; otherwise 1.
 */
export function mean(rows: usize, n: usize, at: usize, columns: usize, out: usize): i32 {
  return sum<i32>(rows, 0, n, <f64>(<u32>n), at, columns, out)
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
  out: usize,
): i32 {
  return sum<f64>(rows, weights, n, divisor, at, columns, out)
}

// The type says whether there are weights, so that each of the two is compiled for itself: f64 with them, i32 without.
function sum<T>(rows: usize, weights: usize, n: usize, divisor: f64, at: usize, columns: usize, out: usize): i32 {
  const divisors = f64x2.splat(divisor)
  const rowsEnd = rows + (n << 2)
  const end = at + (columns << 2)
  // Finite float32 have a finite mean, since their sum cannot overflow in float64; NaN and Inf never leave a sum. So it
  // is enough to look at the results.
  let greatest = i32x4.splat(0)
  // A cache line of each row at a time: the eight sums stay in registers over all rows.
  for (; at < end; at += 64) {
    let s0 = f64x2.splat(0)
    let s1 = f64x2.splat(0)
    let s2 = f64x2.splat(0)
    let s3 = f64x2.splat(0)
    let s4 = f64x2.splat(0)
    let s5 = f64x2.splat(0)
    let s6 = f64x2.splat(0)
    let s7 = f64x2.splat(0)
    let weight = weights
    for (let row = rows; row < rowsEnd; row += 4, weight += 8) {
      const from = <usize>load<u32>(row) + at
      s0 = add<T>(s0, weight, v128.load64_zero(from))
      s1 = add<T>(s1, weight, v128.load64_zero(from, 8))
      s2 = add<T>(s2, weight, v128.load64_zero(from, 16))
      s3 = add<T>(s3, weight, v128.load64_zero(from, 24))
      s4 = add<T>(s4, weight, v128.load64_zero(from, 32))
      s5 = add<T>(s5, weight, v128.load64_zero(from, 40))
      s6 = add<T>(s6, weight, v128.load64_zero(from, 48))
      s7 = add<T>(s7, weight, v128.load64_zero(from, 56))
    }
    const m0 = narrow(f64x2.div(s0, divisors), f64x2.div(s1, divisors))
    const m1 = narrow(f64x2.div(s2, divisors), f64x2.div(s3, divisors))
    const m2 = narrow(f64x2.div(s4, divisors), f64x2.div(s5, divisors))
    const m3 = narrow(f64x2.div(s6, divisors), f64x2.div(s7, divisors))
    greatest = greatestBits(greatestBits(greatest, m0), m1)
    greatest = greatestBits(greatestBits(greatest, m2), m3)
    v128.store(out + at, m0)
    v128.store(out + at, m1, 16)
    v128.store(out + at, m2, 32)
    v128.store(out + at, m3, 48)
  }
  return isFiniteBits(greatest)
}

/** Adds two float32, times the weight if there are weights. */
function add<T>(sum: v128, weight: usize, pair: v128): v128 {
  const x = f64x2.promote_low_f32x4(pair)
  return f64x2.add(sum, isFloat<T>() ? f64x2.mul(v128.load64_splat(weight), x) : x)
}
