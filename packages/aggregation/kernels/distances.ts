import { greatestBits, isFiniteBits } from './finite'

/** Columns widened to float64 at a time: n of them fit the first-level cache up to n of about 32. */
const BLOCK: usize = 128

/** Bytes of a block of one row in float64. */
const LANE: usize = 1024

/**
 * Squared Euclidean distances of all pairs of `n` rows, in float64: differences, squares and sums of any finite float32
 * neither overflow nor vanish there, so a hostile row of huge numbers cannot hide the distances among the others.
 *
 * `sums` is a matrix of `pitch` × `pitch` pairs of float64 (n rounded up to a multiple of 4), all zero at the call.
 * Entry (i, j), i < j < n, becomes the sums over the even and over the odd columns, each in ascending order from +0.
 * Entries (i, i) stay zero, others are unspecified. `scratch` holds `pitch` lanes of 128 float64, of which those from n on are zero.
 *
 * `rows` is a table of n addresses of 4 bytes, `at` the offset in bytes of the first of `columns` (a multiple of 16).
 * Returns 0, with `sums` unspecified, if any number read is NaN or Inf; otherwise 1.
 */
export function distances(
  rows: usize,
  n: usize,
  pitch: usize,
  at: usize,
  columns: usize,
  scratch: usize,
  sums: usize,
): i32 {
  return pairs<f64>(rows, n, pitch, at, columns, scratch, sums, 0)
}

/**
 * As `distances`, the inner products of x_i − x_r and x_j − x_r, where x_r is at the address `reference`. Directly, and
 * not from distances: those of a far row would cancel to noise.
 */
export function products(
  rows: usize,
  n: usize,
  pitch: usize,
  at: usize,
  columns: usize,
  scratch: usize,
  sums: usize,
  reference: usize,
): i32 {
  return pairs<i32>(rows, n, pitch, at, columns, scratch, sums, reference)
}

// The type says what is added up, so that each of the two is compiled for itself: f64 squares of differences, i32
// products. AssemblyScript has no other parameters of that kind.
function pairs<T>(
  rows: usize,
  n: usize,
  pitch: usize,
  at: usize,
  columns: usize,
  scratch: usize,
  sums: usize,
  reference: usize,
): i32 {
  let greatest = i32x4.splat(0)
  for (let column: usize = 0; column < columns; column += BLOCK) {
    const width = min(BLOCK, columns - column)
    const offset = at + (column << 2)
    for (let i: usize = 0; i < n; i++) {
      const from = <usize>load<u32>(rows + (i << 2)) + offset
      greatest = widenLane<T>(from, reference + offset, scratch + i * LANE, width, greatest)
    }
    for (let i: usize = 0; i < n; i += 4) {
      const a = scratch + i * LANE
      const entry = sums + ((i * pitch + i) << 4)
      diagonalTile<T>(a, width << 3, entry, pitch << 4)
      for (let j = i + 4; j < n; j += 4) {
        const b = scratch + j * LANE
        const right = entry + ((j - i) << 4)
        tile<T>(a, b, width << 3, right, pitch << 4)
        tile<T>(a + 2 * LANE, b, width << 3, right + (pitch << 5), pitch << 4)
      }
    }
  }
  return isFiniteBits(greatest)
}

/** Copies `width` float32 as float64, less the reference; returns the greatest bits met, of `greatest` too. */
function widenLane<T>(from: usize, reference: usize, to: usize, width: usize, greatest: v128): v128 {
  const end = from + (width << 2)
  while (from < end) {
    greatest = greatestBits(greatest, v128.load(from))
    let low = f64x2.promote_low_f32x4(v128.load64_zero(from))
    let high = f64x2.promote_low_f32x4(v128.load64_zero(from, 8))
    if (!isFloat<T>()) {
      low = f64x2.sub(low, f64x2.promote_low_f32x4(v128.load64_zero(reference)))
      high = f64x2.sub(high, f64x2.promote_low_f32x4(v128.load64_zero(reference, 8)))
      reference += 16
    }
    v128.store(to, low)
    v128.store(to, high, 16)
    from += 16
    to += 32
  }
  return greatest
}

/** Adds up the six pairs among four rows to their entries. */
function diagonalTile<T>(a: usize, bytes: usize, sums: usize, pitchBytes: usize): void {
  const second = sums + pitchBytes
  const third = second + pitchBytes
  let s01 = v128.load(sums, 16)
  let s02 = v128.load(sums, 32)
  let s03 = v128.load(sums, 48)
  let s12 = v128.load(second, 32)
  let s13 = v128.load(second, 48)
  let s23 = v128.load(third, 48)
  const end = a + bytes
  for (; a < end; a += 16) {
    const x0 = v128.load(a)
    const x1 = v128.load(a, LANE)
    s01 = add<T>(s01, x0, x1)
    const x2 = v128.load(a, 2 * LANE)
    s02 = add<T>(s02, x0, x2)
    s12 = add<T>(s12, x1, x2)
    const x3 = v128.load(a, 3 * LANE)
    s03 = add<T>(s03, x0, x3)
    s13 = add<T>(s13, x1, x3)
    s23 = add<T>(s23, x2, x3)
  }
  v128.store(sums, s01, 16)
  v128.store(sums, s02, 32)
  v128.store(sums, s03, 48)
  v128.store(second, s12, 32)
  v128.store(second, s13, 48)
  v128.store(third, s23, 48)
}

/** Adds up the pairs of 2 × 4 rows to their entries: eight sums and two rows of operands in registers. */
function tile<T>(a: usize, b: usize, bytes: usize, sums: usize, pitchBytes: usize): void {
  const below = sums + pitchBytes
  let s0 = v128.load(sums)
  let s1 = v128.load(sums, 16)
  let s2 = v128.load(sums, 32)
  let s3 = v128.load(sums, 48)
  let t0 = v128.load(below)
  let t1 = v128.load(below, 16)
  let t2 = v128.load(below, 32)
  let t3 = v128.load(below, 48)
  const end = a + bytes
  for (; a < end; a += 16, b += 16) {
    const x = v128.load(a)
    const y = v128.load(a, LANE)
    const b0 = v128.load(b)
    s0 = add<T>(s0, x, b0)
    t0 = add<T>(t0, y, b0)
    const b1 = v128.load(b, LANE)
    s1 = add<T>(s1, x, b1)
    t1 = add<T>(t1, y, b1)
    const b2 = v128.load(b, 2 * LANE)
    s2 = add<T>(s2, x, b2)
    t2 = add<T>(t2, y, b2)
    const b3 = v128.load(b, 3 * LANE)
    s3 = add<T>(s3, x, b3)
    t3 = add<T>(t3, y, b3)
  }
  v128.store(sums, s0)
  v128.store(sums, s1, 16)
  v128.store(sums, s2, 32)
  v128.store(sums, s3, 48)
  v128.store(below, t0)
  v128.store(below, t1, 16)
  v128.store(below, t2, 32)
  v128.store(below, t3, 48)
}

function add<T>(sum: v128, x: v128, y: v128): v128 {
  if (!isFloat<T>()) return f64x2.add(sum, f64x2.mul(x, y))
  const difference = f64x2.sub(x, y)
  return f64x2.add(sum, f64x2.mul(difference, difference))
}
