import { greatestBits, isFiniteBits } from './finite'
import { narrow } from './narrow'

/**
 * Per column Σ w_i x_i / divisor over `n` rows: products and sums in float64 from +0, in the order of the table `rows`
 * (n addresses, 4 bytes each; `weights` are n float64), rounded to float32 into `out`, from the offset `at` in bytes on.
 * `columns` is a multiple of 16. Returns 0, with `out` unspecified, if any result is NaN or Inf; otherwise 1.
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
  const divisors = f64x2.splat(divisor)
  const end = at + (columns << 2)
  const weightsEnd = weights + (n << 3)
  let greatest = i32x4.splat(0)
  for (; at < end; at += 64) {
    let s0 = f64x2.splat(0)
    let s1 = f64x2.splat(0)
    let s2 = f64x2.splat(0)
    let s3 = f64x2.splat(0)
    let s4 = f64x2.splat(0)
    let s5 = f64x2.splat(0)
    let s6 = f64x2.splat(0)
    let s7 = f64x2.splat(0)
    let row = rows
    for (let weight = weights; weight < weightsEnd; weight += 8, row += 4) {
      const from = <usize>load<u32>(row) + at
      const w = v128.load64_splat(weight)
      s0 = f64x2.add(s0, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from))))
      s1 = f64x2.add(s1, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 8))))
      s2 = f64x2.add(s2, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 16))))
      s3 = f64x2.add(s3, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 24))))
      s4 = f64x2.add(s4, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 32))))
      s5 = f64x2.add(s5, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 40))))
      s6 = f64x2.add(s6, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 48))))
      s7 = f64x2.add(s7, f64x2.mul(w, f64x2.promote_low_f32x4(v128.load64_zero(from, 56))))
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
