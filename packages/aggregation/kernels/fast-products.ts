/** Bytes of a block of one row: 128 columns. The lanes of two blocks of 32 rows are 32 KiB. */
const LANE: usize = 512

/**
 * Inner products of all pairs of `n` rows about a row r, n a multiple of 4, and the squared norms of the rows. x_i − r and
 * products are in float32, added up in float32 over 128 columns (four sums, of the columns of one remainder modulo 4, in
 * ascending order from +0), and those sums in float64. Squares and products may overflow, and those below 2^-149 vanish.
 * Who calls must look for that in the result, and for what cancels in a distance ‖x_i − r‖² + ‖x_j − r‖² − 2 (x_i − r)·(x_j − r).
 * NaN or Inf in a row shows in its norm.
 *
 * `sums` is a matrix of n × n pairs of float64, all zero at the call. Entry (i, j), i < j, gets the sum of the columns 0
 * and 2 modulo 4 (first added in float64, block by block), and that of 1 and 3, of (x_i − r)·(x_j − r). Entry (i, i) gets
 * ‖x_i − r‖² and ‖x_i‖², each block's four sums s added as (s_0 + s_2) + (s_1 + s_3). Other entries are unspecified.
 * `rows` is a table of n addresses of 4 bytes, `reference` the address of r, `at` the offset in bytes of the first of
 * `columns` (a multiple of 16), `scratch` has 2 n lanes of 128 float32.
 */
export function fastProducts(
  rows: usize,
  n: usize,
  at: usize,
  columns: usize,
  reference: usize,
  scratch: usize,
  sums: usize,
): void {
  const end = at + (columns << 2)
  const pitchBytes = n << 4
  let lanes = scratch
  let other = scratch + n * LANE
  for (let i: usize = 0; i < n; i += 4)
    centreFour(
      rows + (i << 2),
      at,
      min(LANE, end - at),
      reference,
      lanes + i * LANE,
      sums + i * pitchBytes + (i << 4),
      pitchBytes,
    )
  for (; at < end; at += LANE) {
    const bytes = min(LANE, end - at)
    const next = at + LANE
    for (let i: usize = 0; i < n; i += 4) {
      const entry = sums + i * pitchBytes + (i << 4)
      const x = lanes + i * LANE
      // The next block is on its way from memory while this one is worked on.
      if (next < end)
        centreFour(rows + (i << 2), next, min(LANE, end - next), reference, other + i * LANE, entry, pitchBytes)
      diagonalTile(x, bytes, entry, pitchBytes)
      for (let j = i + 4; j < n; j += 4) {
        const right = entry + ((j - i) << 4)
        const y = lanes + j * LANE
        tile(x, y, bytes, right, pitchBytes)
        tile(x + 2 * LANE, y, bytes, right + (pitchBytes << 1), pitchBytes)
      }
    }
    const done = lanes
    lanes = other
    other = done
  }
}

/** A block of four rows less the reference, and its norms to the entries on the diagonal. */
function centreFour(
  row: usize,
  at: usize,
  bytes: usize,
  reference: usize,
  to: usize,
  entry: usize,
  pitchBytes: usize,
): void {
  for (let k: usize = 0; k < 4; k++, row += 4, to += LANE, entry += pitchBytes + 16) {
    centre(<usize>load<u32>(row) + at, bytes, reference + at, to, entry)
  }
}

function centre(from: usize, bytes: usize, reference: usize, to: usize, entry: usize): void {
  let own = f32x4.splat(0)
  let norm = f32x4.splat(0)
  for (let k: usize = 0; k < bytes; k += 16) {
    const x = v128.load(from + k)
    const centred = f32x4.sub(x, v128.load(reference + k))
    v128.store(to + k, centred)
    own = addProduct(own, centred, centred)
    norm = addProduct(norm, x, x)
  }
  const low = f64x2.add(widenLow(own), widenHigh(own))
  const high = f64x2.add(widenLow(norm), widenHigh(norm))
  const both = f64x2.add(v128.shuffle<i64>(low, high, 0, 2), v128.shuffle<i64>(low, high, 1, 3))
  v128.store(entry, f64x2.add(v128.load(entry), both))
}

function widenLow(sum: v128): v128 {
  return f64x2.promote_low_f32x4(sum)
}

function widenHigh(sum: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(sum, sum, 1, 0))
}

function addProduct(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y))
}

function flush(entry: usize, sum: v128): void {
  v128.store(entry, f64x2.add(v128.load(entry), f64x2.add(widenLow(sum), widenHigh(sum))))
}

function diagonalTile(x: usize, bytes: usize, sums: usize, pitchBytes: usize): void {
  let ab = f32x4.splat(0)
  let ac = f32x4.splat(0)
  let ad = f32x4.splat(0)
  let bc = f32x4.splat(0)
  let bd = f32x4.splat(0)
  let cd = f32x4.splat(0)
  const end = x + bytes
  for (; x < end; x += 16) {
    const a = v128.load(x)
    const b = v128.load(x, LANE)
    ab = addProduct(ab, a, b)
    const c = v128.load(x, 2 * LANE)
    ac = addProduct(ac, a, c)
    bc = addProduct(bc, b, c)
    const d = v128.load(x, 3 * LANE)
    ad = addProduct(ad, a, d)
    bd = addProduct(bd, b, d)
    cd = addProduct(cd, c, d)
  }
  flush(sums + 16, ab)
  flush(sums + 32, ac)
  flush(sums + 48, ad)
  flush(sums + pitchBytes + 32, bc)
  flush(sums + pitchBytes + 48, bd)
  flush(sums + 2 * pitchBytes + 48, cd)
}

/** 2 × 4 rows: eight sums and two rows of operands in registers. */
function tile(x: usize, y: usize, bytes: usize, sums: usize, pitchBytes: usize): void {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let t0 = f32x4.splat(0)
  let t1 = f32x4.splat(0)
  let t2 = f32x4.splat(0)
  let t3 = f32x4.splat(0)
  const end = x + bytes
  for (; x < end; x += 16, y += 16) {
    const a = v128.load(x)
    const b = v128.load(x, LANE)
    const c = v128.load(y)
    s0 = addProduct(s0, a, c)
    t0 = addProduct(t0, b, c)
    const d = v128.load(y, LANE)
    s1 = addProduct(s1, a, d)
    t1 = addProduct(t1, b, d)
    const e = v128.load(y, 2 * LANE)
    s2 = addProduct(s2, a, e)
    t2 = addProduct(t2, b, e)
    const f = v128.load(y, 3 * LANE)
    s3 = addProduct(s3, a, f)
    t3 = addProduct(t3, b, f)
  }
  flush(sums, s0)
  flush(sums + 16, s1)
  flush(sums + 32, s2)
  flush(sums + 48, s3)
  flush(sums + pitchBytes, t0)
  flush(sums + pitchBytes + 16, t1)
  flush(sums + pitchBytes + 32, t2)
  flush(sums + pitchBytes + 48, t3)
}
