import { isFiniteBits } from './finite'
import { narrow } from './narrow'
import { fillAbsent, sortBlock } from './sorted-block'

/**
 * Column means of the `keep` values nearest to a centre, which is the mean of the values of rank `first` to `last`, among
 * `n` rows; of two values equally near the lesser is kept. By a sorting network (`sortBlock`), which sorts all ranks.
 *
 * The nearest are a run of `keep` ranks, so exactly one of the ranks j, j + keep, j + 2 keep, … is among them, and it is
 * the nearest of those: no run has to be searched for. The centre and the differences from it are rounded to float32, which
 * keeps their order. The values are summed in float64 from +0 in ascending order of j,
 * divided by `keep` and rounded to float32 into `out`, from the offset `at` in bytes on.
 *
 * Other parameters and the result are as in `trimmedMean`.
 */
export function nearestMean(
  rows: usize,
  n: usize,
  first: usize,
  last: usize,
  keep: usize,
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
    for (let k: usize = 0; k < bytes; k += 16) {
      v128.store(out + at + k, nearestOfLanes(scratch + k, n, first, last, keep, laneBytes))
    }
  }
  return isFiniteBits(greatest)
}

/** Four columns. */
function nearestOfLanes(lane: usize, n: usize, first: usize, last: usize, keep: usize, laneBytes: usize): v128 {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  for (let rank = first; rank <= last; rank++) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(lane + rank * laneBytes)))
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(lane + rank * laneBytes, 8)))
  }
  const ranks = f64x2.splat(<f64>(<u32>(last - first + 1)))
  const centre = narrow(f64x2.div(low, ranks), f64x2.div(high, ranks))
  low = f64x2.splat(0)
  high = f64x2.splat(0)
  const end = lane + n * laneBytes
  const stepBytes = keep * laneBytes
  const keepEnd = lane + stepBytes
  for (; lane < keepEnd; lane += laneBytes) {
    let nearest = v128.load(lane)
    for (let other = lane + stepBytes; other < end; other += stepBytes) {
      const above = v128.load(other)
      const farther = f32x4.gt(f32x4.sub(centre, nearest), f32x4.sub(above, centre))
      nearest = v128.bitselect(above, nearest, farther)
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(nearest))
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(nearest, nearest, 1, 0)))
  }
  const count = f64x2.splat(<f64>(<u32>keep))
  return narrow(f64x2.div(low, count), f64x2.div(high, count))
}
