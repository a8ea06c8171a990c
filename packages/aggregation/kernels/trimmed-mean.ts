import { greatestBits, isFiniteBits } from './finite'
import { narrow } from './narrow'

/**
 * Column means of the values of rank `trim` to `n - trim - 1` among `n` rows, by a sorting network.
 *
 * Each block of columns is copied into `scratch` (n lanes of `laneBytes` each, small enough for the first-level cache),
 * sorted there by `comparators` exchanges, and the kept lanes are summed in float64 from +0 in ascending order, divided
 * by their number and rounded to float32 into `out`. An exchange is two 32-bit words at `network`: the byte offsets of
 * its two lanes in the scratch; the lowest two bits of the first say what is needed later: 0 both, 1 only the lesser,
 * 2 only the greater. -0 and +0 are equal to an exchange, which keeps both, so that no value is lost; a sum from +0
 * does not see in which order they come.
 *
 * `rows` is a table of n addresses of 4 bytes; `columns` is a multiple of 16 and `laneBytes` of 64.
 * Returns 0, with `out` unspecified, if any number read is NaN or Inf; otherwise 1.
 */
export function trimmedMean(
  rows: usize,
  n: usize,
  trim: usize,
  columns: usize,
  network: usize,
  comparators: usize,
  scratch: usize,
  laneBytes: usize,
  out: usize,
): i32 {
  const networkEnd = network + (comparators << 3)
  const end = columns << 2
  let greatest = i32x4.splat(0)
  for (let at: usize = 0; at < end; at += laneBytes) {
    const bytes = min(laneBytes, end - at)
    for (let i: usize = 0; i < n; i++) {
      const from = <usize>load<u32>(rows + (i << 2)) + at
      greatest = copyLane(from, scratch + i * laneBytes, bytes, greatest)
    }
    for (let at = network; at < networkEnd; at += 8) {
      exchange(load<u32>(at), load<u32>(at, 4), scratch, bytes)
    }
    meanOfLanes(scratch + trim * laneBytes, n - (trim << 1), laneBytes, bytes, out + at)
  }
  return isFiniteBits(greatest)
}

/** Copies `bytes` (a multiple of 64); returns the greatest bits met, of `greatest` too. */
function copyLane(from: usize, to: usize, bytes: usize, greatest: v128): v128 {
  const end = from + bytes
  while (from < end) {
    const a = v128.load(from)
    const b = v128.load(from, 16)
    const c = v128.load(from, 32)
    const d = v128.load(from, 48)
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
    greatest = greatestBits(greatestBits(greatest, a), b)
    greatest = greatestBits(greatestBits(greatest, c), d)
    from += 64
    to += 64
  }
  return greatest
}

function exchange(first: u32, second: u32, scratch: usize, bytes: usize): void {
  const needed = first & 3
  let low = scratch + <usize>(first - needed)
  let high = scratch + <usize>second
  const end = low + bytes
  // pmin and pmax are one instruction each on x86, and with their arguments the other way round they swap iff b < a.
  if (needed === 0) {
    for (; low < end; low += 64, high += 64) {
      const a = v128.load(low)
      const b = v128.load(high)
      const c = v128.load(low, 16)
      const d = v128.load(high, 16)
      v128.store(low, f32x4.pmin(a, b))
      v128.store(high, f32x4.pmax(b, a))
      v128.store(low, f32x4.pmin(c, d), 16)
      v128.store(high, f32x4.pmax(d, c), 16)
      const e = v128.load(low, 32)
      const f = v128.load(high, 32)
      const g = v128.load(low, 48)
      const h = v128.load(high, 48)
      v128.store(low, f32x4.pmin(e, f), 32)
      v128.store(high, f32x4.pmax(f, e), 32)
      v128.store(low, f32x4.pmin(g, h), 48)
      v128.store(high, f32x4.pmax(h, g), 48)
    }
  } else if (needed === 1) {
    for (; low < end; low += 32, high += 32) {
      v128.store(low, f32x4.pmin(v128.load(low), v128.load(high)))
      v128.store(low, f32x4.pmin(v128.load(low, 16), v128.load(high, 16)), 16)
    }
  } else {
    for (; low < end; low += 32, high += 32) {
      v128.store(high, f32x4.pmax(v128.load(high), v128.load(low)))
      v128.store(high, f32x4.pmax(v128.load(high, 16), v128.load(low, 16)), 16)
    }
  }
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
