import { isFiniteBits } from './finite'
import { narrow } from './narrow'
import { fillAbsent, sortBlock } from './sorted-block'

/**
 * Column means of the `keep` values nearest to a centre, which is the mean of the values of rank `first` to `last`, among
 * `n` rows; of two values equally near the lesser is kept. By a sorting network (`sortBlock`), which sorts all ranks.
 *
 * The nearest are a run of `keep` ranks, so exactly one of the ranks j, j + keep, j + 2 keep, … is among them, and it is
 * the nearest of those: no run has to be searched for. They are summed in float64 from +0 in ascending order of j,
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
    greatest = sortBlock(rows, n, at, bytes, classes, network, networkEnd, scratch, laneBytes, greatest)
    for (let k: usize = 0; k < bytes; k += 16) {
      const low = nearestOfLanes(scratch + k, n, first, last, keep, laneBytes)
      const high = nearestOfLanes(scratch + k + 8, n, first, last, keep, laneBytes)
      v128.store(out + at + k, narrow(low, high))
    }
  }
  return isFiniteBits(greatest)
}

/** Two columns. */
function nearestOfLanes(lane: usize, n: usize, first: usize, last: usize, keep: usize, laneBytes: usize): v128 {
  let centre = f64x2.splat(0)
  for (let rank = first; rank <= last; rank++) centre = f64x2.add(centre, widen(lane + rank * laneBytes))
  centre = f64x2.div(centre, f64x2.splat(<f64>(<u32>(last - first + 1))))
  let sum = f64x2.splat(0)
  const end = lane + n * laneBytes
  const stepBytes = keep * laneBytes
  const keepEnd = lane + stepBytes
  for (; lane < keepEnd; lane += laneBytes) {
    let nearest = widen(lane)
    for (let other = lane + stepBytes; other < end; other += stepBytes) {
      const above = widen(other)
      const farther = f64x2.gt(f64x2.sub(centre, nearest), f64x2.sub(above, centre))
      nearest = v128.bitselect(above, nearest, farther)
    }
    sum = f64x2.add(sum, nearest)
  }
  return f64x2.div(sum, f64x2.splat(<f64>(<u32>keep)))
}

function widen(lane: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(lane))
}
