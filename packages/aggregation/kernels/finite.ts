// Whether numbers are finite, by their bits: NaN and Inf are the greatest when the sign is shifted out.

/** The greatest of `greatest` and the bits of `x` (four float32) without their signs, lane by lane. */
export function greatestBits(greatest: v128, x: v128): v128 {
  return i32x4.max_u(greatest, i32x4.shl(x, 1))
}

/** 1 if no number behind `greatest`, from `greatestBits` on zeros, is NaN or Inf. */
export function isFiniteBits(greatest: v128): i32 {
  return v128.any_true(i32x4.ge_u(greatest, i32x4.splat(0xff000000))) ? 0 : 1
}

/** 1 if none of the `columns` (a multiple of 16) float32 from `row` on is NaN or Inf. */
export function allFinite(row: usize, columns: usize): i32 {
  const end = row + (columns << 2)
  let greatest = i32x4.splat(0)
  for (let at = row; at < end; at += 64) {
    greatest = greatestBits(greatest, v128.load(at))
    greatest = greatestBits(greatest, v128.load(at, 16))
    greatest = greatestBits(greatest, v128.load(at, 32))
    greatest = greatestBits(greatest, v128.load(at, 48))
  }
  return isFiniteBits(greatest)
}
