import { greatestBits, isFiniteBits } from './finite'

/**
 * `n` linear combinations of rows, a block of columns of each, in float32: the block of combination i goes to
 * `to` + i·`laneBytes`.
 *
 * `table` has the combinations one after the other: the number of terms and, as float32, a divisor; then for each term
 * the address of its row and, as float32, its weight. A divisor above 0 says that all weights are 1: the terms are added
 * up in their order and the sum is divided. Otherwise each term is multiplied by its weight first.
 * `at` is the offset in bytes of the block, `bytes` its size, a multiple of 128.
 * Returns 0, with the block unspecified, if any result is NaN or Inf; otherwise 1.
 */
export function mix(table: usize, n: usize, at: usize, bytes: usize, to: usize, laneBytes: usize): i32 {
  let greatest = i32x4.splat(0)
  for (let i: usize = 0; i < n; i++) {
    const terms = <usize>load<u32>(table)
    const divisor = load<f32>(table, 4)
    table += 8
    for (let k: usize = 0; k < bytes; k += 128) {
      greatest =
        divisor > 0
          ? averageLine(table, terms, divisor, at + k, to + k, greatest)
          : combineLine(table, terms, at + k, to + k, greatest)
    }
    table += terms << 3
    to += laneBytes
  }
  return isFiniteBits(greatest)
}

function averageLine(term: usize, terms: usize, divisor: f32, at: usize, to: usize, greatest: v128): v128 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let s4 = f32x4.splat(0)
  let s5 = f32x4.splat(0)
  let s6 = f32x4.splat(0)
  let s7 = f32x4.splat(0)
  const end = term + (terms << 3)
  for (; term < end; term += 8) {
    const from = <usize>load<u32>(term) + at
    s0 = f32x4.add(s0, v128.load(from))
    s1 = f32x4.add(s1, v128.load(from, 16))
    s2 = f32x4.add(s2, v128.load(from, 32))
    s3 = f32x4.add(s3, v128.load(from, 48))
    s4 = f32x4.add(s4, v128.load(from, 64))
    s5 = f32x4.add(s5, v128.load(from, 80))
    s6 = f32x4.add(s6, v128.load(from, 96))
    s7 = f32x4.add(s7, v128.load(from, 112))
  }
  const d = f32x4.splat(divisor)
  s0 = f32x4.div(s0, d)
  s1 = f32x4.div(s1, d)
  s2 = f32x4.div(s2, d)
  s3 = f32x4.div(s3, d)
  s4 = f32x4.div(s4, d)
  s5 = f32x4.div(s5, d)
  s6 = f32x4.div(s6, d)
  s7 = f32x4.div(s7, d)
  return storeLine(s0, s1, s2, s3, s4, s5, s6, s7, to, greatest)
}

function combineLine(term: usize, terms: usize, at: usize, to: usize, greatest: v128): v128 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let s4 = f32x4.splat(0)
  let s5 = f32x4.splat(0)
  let s6 = f32x4.splat(0)
  let s7 = f32x4.splat(0)
  const end = term + (terms << 3)
  for (; term < end; term += 8) {
    const from = <usize>load<u32>(term) + at
    const w = v128.load32_splat(term, 4)
    s0 = f32x4.add(s0, f32x4.mul(w, v128.load(from)))
    s1 = f32x4.add(s1, f32x4.mul(w, v128.load(from, 16)))
    s2 = f32x4.add(s2, f32x4.mul(w, v128.load(from, 32)))
    s3 = f32x4.add(s3, f32x4.mul(w, v128.load(from, 48)))
    s4 = f32x4.add(s4, f32x4.mul(w, v128.load(from, 64)))
    s5 = f32x4.add(s5, f32x4.mul(w, v128.load(from, 80)))
    s6 = f32x4.add(s6, f32x4.mul(w, v128.load(from, 96)))
    s7 = f32x4.add(s7, f32x4.mul(w, v128.load(from, 112)))
  }
  return storeLine(s0, s1, s2, s3, s4, s5, s6, s7, to, greatest)
}

function storeLine(
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
  to: usize,
  greatest: v128,
): v128 {
  v128.store(to, s0)
  v128.store(to, s1, 16)
  v128.store(to, s2, 32)
  v128.store(to, s3, 48)
  v128.store(to, s4, 64)
  v128.store(to, s5, 80)
  v128.store(to, s6, 96)
  v128.store(to, s7, 112)
  greatest = greatestBits(greatestBits(greatestBits(greatestBits(greatest, s0), s1), s2), s3)
  return greatestBits(greatestBits(greatestBits(greatestBits(greatest, s4), s5), s6), s7)
}
