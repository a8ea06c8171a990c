import { isFiniteBits } from './finite'
import { narrow } from './narrow'
import { fillAbsent, sortBlock } from './sorted-block'

/**
 * Column means of the values of rank `trim` to `n - trim - 1` among `n` rows, by a sorting network (`sortBlock`). The kept
 * lanes are summed in float64 from +0 in ascending order, divided by their number and rounded to float32 into `out`, from
 * the offset `at` in bytes on; a sum from +0 does not see in which order -0 and +0 come.
 *
 * `rows` is a table of n addresses of 4 bytes; `columns` is a multiple of 16 and `laneBytes` of 64; the scratch has a
 * lane for each of 8 `classes` rows and one more.
 * Returns 0, with `out` unspecified, if any number read is NaN or Inf; otherwise 1.
 */
export function trimmedMean(
  rows: usize,
  n: usize,
  trim: usize,
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
  fillAbsent(scratch, classes, laneBytes)
  let greatest = i32x4.splat(0)
  for (; at < end; at += laneBytes) {
    const bytes = min(laneBytes, end - at)
    greatest = sortBlock<f32>(rows, n, at, bytes, classes, network, networkEnd, scratch, laneBytes, greatest)
    meanOfLanes(scratch + trim * laneBytes, n - (trim << 1), laneBytes, bytes, out + at)
  }
  return isFiniteBits(greatest)
}

function meanOfLanes(first: usize, kept: usize, laneBytes: usize, bytes: usize, out: usize): void {
  const count = f64x2.splat(<f64>(<u32>kept))
  const lanesEnd = first + kept * laneBytes
  for (let at: usize = 0; at < bytes; at += 32) {
    let s0 = f64x2.splat(0)
    let s1 = f64x2.splat(0)
    let s2 = f64x2.splat(0)
    let s3 = f64x2.splat(0)
    for (let lane = first + at; lane < lanesEnd; lane += laneBytes) {
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(v128.load64_zero(lane)))
      s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.load64_zero(lane, 8)))
      s2 = f64x2.add(s2, f64x2.promote_low_f32x4(v128.load64_zero(lane, 16)))
      s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.load64_zero(lane, 24)))
    }
    v128.store(out + at, narrow(f64x2.div(s0, count), f64x2.div(s1, count)))
    v128.store(out + at, narrow(f64x2.div(s2, count), f64x2.div(s3, count)), 16)
  }
}
