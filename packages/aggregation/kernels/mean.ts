import { greatestBits, isFiniteBits } from './finite'
import { narrow } from './narrow'

/**
 * Column means of `n` rows: float64 sums from +0, in the order of the table `rows` (n addresses, 4 bytes each),
 * divided by n, rounded to float32 into `out`, from the offset `at` in bytes on. `columns` is a multiple
 * of 16.
 * Returns 0, with `out` unspecified, if any number read is NaN or Inf; otherwise 1.
 */
export function mean(rows: usize, n: usize, at: usize, columns: usize, out: usize): i32 {
  const count = f64x2.splat(<f64>(<u32>n))
  const rowsEnd = rows + (n << 2)
  const end = at + (columns << 2)
  // Finite float32 have a finite mean, since their sum cannot overflow in float64; NaN and Inf never leave a sum. So it
  // is enough to look at the means.
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
    for (let row = rows; row < rowsEnd; row += 4) {
      const from = <usize>load<u32>(row) + at
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.load64_zero(from)))
      s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.load64_zero(from, 8)))
      s2 = f64x2.add(s2, f64x2.promote_low_f32x4(v128.load64_zero(from, 16)))
      s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.load64_zero(from, 24)))
      s4 = f64x2.add(s4, f64x2.promote_low_f32x4(v128.load64_zero(from, 32)))
      s5 = f64x2.add(s5, f64x2.promote_low_f32x4(v128.load64_zero(from, 40)))
      s6 = f64x2.add(s6, f64x2.promote_low_f32x4(v128.load64_zero(from, 48)))
      s7 = f64x2.add(s7, f64x2.promote_low_f32x4(v128.load64_zero(from, 56)))
    }
    const m0 = narrow(f64x2.div(s0, count), f64x2.div(s1, count))
    const m1 = narrow(f64x2.div(s2, count), f64x2.div(s3, count))
    const m2 = narrow(f64x2.div(s4, count), f64x2.div(s5, count))
    const m3 = narrow(f64x2.div(s6, count), f64x2.div(s7, count))
    greatest = greatestBits(greatestBits(greatest, m0), m1)
    greatest = greatestBits(greatestBits(greatest, m2), m3)
    v128.store(out + at, m0)
    v128.store(out + at, m1, 16)
    v128.store(out + at, m2, 32)
    v128.store(out + at, m3, 48)
  }
  return isFiniteBits(greatest)
}
