/** Columns whose squares are added up in float32; a block of 32 rows is 16 KiB. */
const BLOCK: usize = 128

/**
 * Squared Euclidean distances of all pairs of `n` rows, n a multiple of 4: differences and squares in float32, added up
 * in float32 over 128 columns (four sums, of the columns of one remainder modulo 4, in ascending order from +0), and
 * those sums in float64. A difference of two float32 is rounded relative to itself, so nothing cancels: an entry is good
 * to 2^-19 of itself, and to far better over many blocks; but squares may overflow, and those below 2^-149 vanish. Who
 * calls must look for that in the result. NaN or Inf in a row shows as NaN or Inf in the row's entries.
 *
 * `sums` is a matrix of n × n pairs of float64, all zero at the call. Entry (i, j), i < j, gets the sum of the columns
 * 0 and 2 modulo 4 (first added in float64, block by block), and that of 1 and 3. Other entries are unspecified.
 * `rows` is a table of n addresses of 4 bytes, `at` the offset in bytes of the first of `columns` (a multiple of 16).
 */
export function shortDistances(rows: usize, n: usize, at: usize, columns: usize, sums: usize): void {
  const end = at + (columns << 2)
  const pitchBytes = n << 4
  for (; at < end; at += BLOCK << 2) {
    const bytes = min(BLOCK << 2, end - at)
    for (let i: usize = 0; i < n; i += 4) {
      const entry = sums + i * pitchBytes + (i << 4)
      const x = rows + (i << 2)
      diagonalTile(x, at, bytes, entry, pitchBytes)
      for (let j = i + 4; j < n; j += 4) {
        const right = entry + ((j - i) << 4)
        const y = rows + (j << 2)
        tile(x, y, at, bytes, right, pitchBytes)
        tile(x + 8, y, at, bytes, right + (pitchBytes << 1), pitchBytes)
      }
    }
  }
}

function addSquare(sum: v128, difference: v128): v128 {
  return f32x4.add(sum, f32x4.mul(difference, difference))
}

function flush(entry: usize, sum: v128): void {
  const high = v128.shuffle<i64>(sum, sum, 1, 0)
  const both = f64x2.add(f64x2.promote_low_f32x4(sum), f64x2.promote_low_f32x4(high))
  v128.store(entry, f64x2.add(v128.load(entry), both))
}

function diagonalTile(x: usize, at: usize, bytes: usize, sums: usize, pitchBytes: usize): void {
  const a = <usize>load<u32>(x) + at
  const b = <usize>load<u32>(x, 4) + at
  const c = <usize>load<u32>(x, 8) + at
  const d = <usize>load<u32>(x, 12) + at
  let ab = f32x4.splat(0)
  let ac = f32x4.splat(0)
  let ad = f32x4.splat(0)
  let bc = f32x4.splat(0)
  let bd = f32x4.splat(0)
  let cd = f32x4.splat(0)
  for (let k: usize = 0; k < bytes; k += 16) {
    const xa = v128.load(a + k)
    const xb = v128.load(b + k)
    ab = addSquare(ab, f32x4.sub(xa, xb))
    const xc = v128.load(c + k)
    ac = addSquare(ac, f32x4.sub(xa, xc))
    bc = addSquare(bc, f32x4.sub(xb, xc))
    const xd = v128.load(d + k)
    ad = addSquare(ad, f32x4.sub(xa, xd))
    bd = addSquare(bd, f32x4.sub(xb, xd))
    cd = addSquare(cd, f32x4.sub(xc, xd))
  }
  flush(sums + 16, ab)
  flush(sums + 32, ac)
  flush(sums + 48, ad)
  flush(sums + pitchBytes + 32, bc)
  flush(sums + pitchBytes + 48, bd)
  flush(sums + 2 * pitchBytes + 48, cd)
}

/** 2 × 4 rows: eight sums and two rows of operands in registers. */
function tile(x: usize, y: usize, at: usize, bytes: usize, sums: usize, pitchBytes: usize): void {
  const a = <usize>load<u32>(x) + at
  const b = <usize>load<u32>(x, 4) + at
  const c = <usize>load<u32>(y) + at
  const d = <usize>load<u32>(y, 4) + at
  const e = <usize>load<u32>(y, 8) + at
  const f = <usize>load<u32>(y, 12) + at
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let t0 = f32x4.splat(0)
  let t1 = f32x4.splat(0)
  let t2 = f32x4.splat(0)
  let t3 = f32x4.splat(0)
  for (let k: usize = 0; k < bytes; k += 16) {
    const xa = v128.load(a + k)
    const xb = v128.load(b + k)
    const xc = v128.load(c + k)
    s0 = addSquare(s0, f32x4.sub(xa, xc))
    t0 = addSquare(t0, f32x4.sub(xb, xc))
    const xd = v128.load(d + k)
    s1 = addSquare(s1, f32x4.sub(xa, xd))
    t1 = addSquare(t1, f32x4.sub(xb, xd))
    const xe = v128.load(e + k)
    s2 = addSquare(s2, f32x4.sub(xa, xe))
    t2 = addSquare(t2, f32x4.sub(xb, xe))
    const xf = v128.load(f + k)
    s3 = addSquare(s3, f32x4.sub(xa, xf))
    t3 = addSquare(t3, f32x4.sub(xb, xf))
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
