import { greatestBits } from './finite'

/** A lane that stands for rows that are not there: the greatest finite number sorts above all that are kept. */
export function fillAbsent(scratch: usize, classes: usize, laneBytes: usize): void {
  const absent = scratch + 8 * classes * laneBytes
  for (let at: usize = 0; at < laneBytes; at += 16) v128.store(absent + at, f32x4.splat(f32.MAX_VALUE))
}

/**
 * Sorts a block of columns of `n` rows in `scratch`, a lane of `laneBytes` for each row, all small enough for the
 * first-level cache. Row i is in the class i modulo `classes`, a power of two of which there are at least n/8; each class
 * is sorted in registers on its way from the rows to the lanes, which hold it in ascending order. The comparators from
 * `network` to `networkEnd` do the rest. An exchange is two 32-bit words: the byte offsets of its two lanes in the
 * scratch; the lowest two bits of the first say what is needed later: 0 both, 1 only the lesser, 2 only the greater.
 * -0 and +0 are equal to an exchange, which keeps both, so that no value is lost.
 *
 * With T = i32 and n of at most 32 the lanes get keys: numbers whose lowest five bits are the index of their row. They are
 * numbers too, and in the order of those from which they are, except among some that differ in these bits alone.
 *
 * `rows` is a table of n addresses of 4 bytes, `at` the offset in bytes of the block; `bytes` and `laneBytes` are
 * multiples of 64. Returns the greatest bits met, of `greatest` too.
 */
export function sortBlock<T>(
  rows: usize,
  n: usize,
  at: usize,
  bytes: usize,
  classes: usize,
  network: usize,
  networkEnd: usize,
  scratch: usize,
  laneBytes: usize,
  greatest: v128,
): v128 {
  const absent = scratch + 8 * classes * laneBytes
  for (let i: usize = 0; i < classes; i++) {
    const s0 = source(rows, i, n, at, absent)
    const s1 = source(rows, i + classes, n, at, absent)
    const s2 = source(rows, i + 2 * classes, n, at, absent)
    const s3 = source(rows, i + 3 * classes, n, at, absent)
    const s4 = source(rows, i + 4 * classes, n, at, absent)
    const s5 = source(rows, i + 5 * classes, n, at, absent)
    const s6 = source(rows, i + 6 * classes, n, at, absent)
    const s7 = source(rows, i + 7 * classes, n, at, absent)
    const to = scratch + i * laneBytes
    greatest = sortEight<T>(s0, s1, s2, s3, s4, s5, s6, s7, to, classes * laneBytes, bytes, i, classes, greatest)
  }
  for (let step = network; step < networkEnd; step += 8) {
    exchange(load<u32>(step), load<u32>(step, 4), scratch, bytes)
  }
  return greatest
}

function source(rows: usize, row: usize, n: usize, at: usize, absent: usize): usize {
  return row < n ? <usize>load<u32>(rows + (row << 2)) + at : absent
}

/**
 * Sorts eight rows of `bytes` into eight lanes `step` apart. The first row has the index `row`, and each other `classes`
 * more than the one before. Returns the greatest bits met, of `greatest` too.
 */
function sortEight<T>(
  s0: usize,
  s1: usize,
  s2: usize,
  s3: usize,
  s4: usize,
  s5: usize,
  s6: usize,
  s7: usize,
  to: usize,
  step: usize,
  bytes: usize,
  row: usize,
  classes: usize,
  greatest: v128,
): v128 {
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(s0 + at)
    const b = v128.load(s1 + at)
    const c = v128.load(s2 + at)
    const d = v128.load(s3 + at)
    const e = v128.load(s4 + at)
    const f = v128.load(s5 + at)
    const g = v128.load(s6 + at)
    const h = v128.load(s7 + at)
    greatest = greatestBits(greatestBits(greatestBits(greatestBits(greatest, a), b), c), d)
    greatest = greatestBits(greatestBits(greatestBits(greatestBits(greatest, e), f), g), h)
    const a1 = key<T>(a, row)
    const b1 = key<T>(b, row + classes)
    const c1 = key<T>(c, row + 2 * classes)
    const d1 = key<T>(d, row + 3 * classes)
    const e1 = key<T>(e, row + 4 * classes)
    const f1 = key<T>(f, row + 5 * classes)
    const g1 = key<T>(g, row + 6 * classes)
    const h1 = key<T>(h, row + 7 * classes)
    storeSorted(a1, b1, c1, d1, e1, f1, g1, h1, to + at, step)
  }
  return greatest
}

function key<T>(x: v128, row: usize): v128 {
  if (isFloat<T>()) return x
  return v128.or(v128.and(x, i32x4.splat(~31)), i32x4.splat(<i32>row))
}

/**
 * Sorts eight values by the least network, of 19 comparators (Knuth 3, 5.3.4), and stores them `step` apart.
 * pmin and pmax are one instruction each on x86; with pmax's arguments the other way round they swap iff second < first.
 */
function storeSorted(
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  e: v128,
  f: v128,
  g: v128,
  h: v128,
  lane: usize,
  step: usize,
): void {
  const a1 = f32x4.pmin(a, c)
  const c1 = f32x4.pmax(c, a)
  const b1 = f32x4.pmin(b, d)
  const d1 = f32x4.pmax(d, b)
  const e1 = f32x4.pmin(e, g)
  const g1 = f32x4.pmax(g, e)
  const f1 = f32x4.pmin(f, h)
  const h1 = f32x4.pmax(h, f)
  const a2 = f32x4.pmin(a1, e1)
  const e2 = f32x4.pmax(e1, a1)
  const b2 = f32x4.pmin(b1, f1)
  const f2 = f32x4.pmax(f1, b1)
  const c2 = f32x4.pmin(c1, g1)
  const g2 = f32x4.pmax(g1, c1)
  const d2 = f32x4.pmin(d1, h1)
  const h2 = f32x4.pmax(h1, d1)
  const a3 = f32x4.pmin(a2, b2)
  const b3 = f32x4.pmax(b2, a2)
  const c3 = f32x4.pmin(c2, d2)
  const d3 = f32x4.pmax(d2, c2)
  const e3 = f32x4.pmin(e2, f2)
  const f3 = f32x4.pmax(f2, e2)
  const g3 = f32x4.pmin(g2, h2)
  const h3 = f32x4.pmax(h2, g2)
  const c4 = f32x4.pmin(c3, e3)
  const e4 = f32x4.pmax(e3, c3)
  const d4 = f32x4.pmin(d3, f3)
  const f4 = f32x4.pmax(f3, d3)
  const b4 = f32x4.pmin(b3, e4)
  const e5 = f32x4.pmax(e4, b3)
  const d5 = f32x4.pmin(d4, g3)
  const g4 = f32x4.pmax(g3, d4)
  const b5 = f32x4.pmin(b4, c4)
  const c5 = f32x4.pmax(c4, b4)
  const d6 = f32x4.pmin(d5, e5)
  const e6 = f32x4.pmax(e5, d5)
  const f5 = f32x4.pmin(f4, g4)
  const g5 = f32x4.pmax(g4, f4)
  v128.store(lane, a3)
  v128.store(lane + step, b5)
  v128.store(lane + 2 * step, c5)
  v128.store(lane + 3 * step, d6)
  v128.store(lane + 4 * step, e6)
  v128.store(lane + 5 * step, f5)
  v128.store(lane + 6 * step, g5)
  v128.store(lane + 7 * step, h3)
}

/** One exchange of the network; see `sortBlock`. */
function exchange(first: u32, second: u32, scratch: usize, bytes: usize): void {
  const needed = first & 3
  let low = scratch + <usize>(first - needed)
  let high = scratch + <usize>second
  const end = low + bytes
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
