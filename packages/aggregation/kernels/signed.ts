/** How many of `count` float32 from `from` on are above 0 when they are multiplied by `sign`, which is 1 or -1. */
export function countSigned(from: usize, count: usize, sign: f32): i32 {
  const signs = f32x4.splat(sign)
  const zero = f32x4.splat(0)
  const end = from + (count << 2)
  let counts = i32x4.splat(0)
  for (; from + 16 <= end; from += 16) counts = i32x4.sub(counts, f32x4.gt(f32x4.mul(v128.load(from), signs), zero))
  let sum =
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3)
  for (; from < end; from += 4) sum += i32(load<f32>(from) * sign > 0)
  return sum
}
