/**
 * Inner product of a − r and b − r in float64, over `columns` (a multiple of 16) from the addresses of a, b and r: the
 * sum over the even columns plus that over the odd ones, each of four interleaved sums.
 */
export function product(a: usize, b: usize, r: usize, columns: usize): f64 {
  const end = a + (columns << 2)
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  for (; a < end; a += 32, b += 32, r += 32) {
    s0 = f64x2.add(s0, f64x2.mul(centred(a, r), centred(b, r)))
    s1 = f64x2.add(s1, f64x2.mul(centred(a + 8, r + 8), centred(b + 8, r + 8)))
    s2 = f64x2.add(s2, f64x2.mul(centred(a + 16, r + 16), centred(b + 16, r + 16)))
    s3 = f64x2.add(s3, f64x2.mul(centred(a + 24, r + 24), centred(b + 24, r + 24)))
  }
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** The bits of `product(a, a, r, columns)`, with each number read once. */
export function squaredDistance(a: usize, r: usize, columns: usize): f64 {
  const end = a + (columns << 2)
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  for (; a < end; a += 32, r += 32) {
    s0 = addSquare(s0, centred(a, r))
    s1 = addSquare(s1, centred(a + 8, r + 8))
    s2 = addSquare(s2, centred(a + 16, r + 16))
    s3 = addSquare(s3, centred(a + 24, r + 24))
  }
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** The bits of `product(a, a, r, columns)` for a vector r of zeros, which is not read. */
export function squaredNorm(a: usize, columns: usize): f64 {
  const end = a + (columns << 2)
  let s0 = f64x2.splat(0)
  let s1 = f64x2.splat(0)
  let s2 = f64x2.splat(0)
  let s3 = f64x2.splat(0)
  for (; a < end; a += 32) {
    s0 = addSquare(s0, f64x2.promote_low_f32x4(v128.load64_zero(a)))
    s1 = addSquare(s1, f64x2.promote_low_f32x4(v128.load64_zero(a, 8)))
    s2 = addSquare(s2, f64x2.promote_low_f32x4(v128.load64_zero(a, 16)))
    s3 = addSquare(s3, f64x2.promote_low_f32x4(v128.load64_zero(a, 24)))
  }
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

function addSquare(sum: v128, x: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, x))
}

function centred(x: usize, r: usize): v128 {
  return f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(x)), f64x2.promote_low_f32x4(v128.load64_zero(r)))
}
