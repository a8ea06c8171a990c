import { LINE, NUMBERS, TABLES, UPPER } from './weighted'

/*
 * Borders of weight among at most 32 rows that weigh less than 2^16 together. Lanes have keys, which say whose number it is
 * (`sortBlock`): what rows weigh is added up in ascending order of their numbers, 16 columns at a time, and the row
 * at the border has the number. Weights are looked up in tables of bytes, of 16 rows each.
 */

/** The lower bytes of the weights of rows 0 to 15 and 16 to 31, then the upper bytes of both. */
export function writeTables(weights: usize, n: usize, work: usize): void {
  memory.fill(work + TABLES, 0, 64)
  for (let i: usize = 0; i < n; i++) {
    const weight = load<u32>(weights + (i << 2))
    store<u8>(work + i, weight & 0xff, TABLES)
    store<u8>(work + i, weight >> 8, TABLES + 32)
  }
}

/**
 * Of 16 columns the numbers up to which more than `trim` lies, to NUMBERS of `work`, and up to which `total` − `trim` or
 * more does, to UPPER. Parameters are as in `weightedTrimmedMean`. Returns 0, with these unspecified, if keys do not
 * tell the order of the numbers at a border, unless the numbers of each column are all the same.
 */
export function findBorders(
  rows: usize,
  n: usize,
  trim: i32,
  total: i32,
  lowest: usize,
  middle: usize,
  at: usize,
  lanes: usize,
  laneBytes: usize,
  work: usize,
): i32 {
  findRanks(n, trim, total, lowest, middle, lanes, laneBytes, work)
  let apart: u32 = 0xffffffff
  for (let j: usize = 0; j < LINE; j += 4) {
    const low = <usize>load<u16>(work + (j >> 1))
    const high = <usize>load<u16>(work + (j >> 1), 32)
    apart = min(apart, take(rows, n, at + j, lanes + j, low, laneBytes, work + j + NUMBERS))
    if (low === high) store<f32>(work + j, load<f32>(work + j, NUMBERS), UPPER)
    else apart = min(apart, take(rows, n, at + j, lanes + j, high, laneBytes, work + j + UPPER))
  }
  return apart > 31 || takeUniform(rows, n, at, work) ? 1 : 0
}

/** To `work` 16 ranks of lower borders, of 16 bits, and then those of upper ones. */
function findRanks(
  n: usize,
  trim: i32,
  total: i32,
  lowest: usize,
  middle: usize,
  lanes: usize,
  laneBytes: usize,
  work: usize,
): void {
  const low0 = v128.load(work, TABLES)
  const low1 = v128.load(work, TABLES + 16)
  const high0 = v128.load(work, TABLES + 32)
  const high1 = v128.load(work, TABLES + 48)
  // Sums from the least int16 on, since there is no fast comparison of uint16.
  let s0 = i16x8.splat(-0x8000)
  let s1 = i16x8.splat(-0x8000)
  const beyondLow = i16x8.splat(<i16>(trim + 1 - 0x8000))
  const beyondHigh = i16x8.splat(<i16>(total - trim - 0x8000))
  let a0 = i16x8.splat(<i16>lowest)
  let a1 = a0
  let b0 = i16x8.splat(<i16>(n - 1 - middle))
  let b1 = b0
  for (let rank: usize = 0; rank < n - 1 - lowest; rank++, lanes += laneBytes) {
    const index = indices(lanes)
    const other = v128.xor(index, i8x16.splat(16))
    const lower = v128.or(i8x16.swizzle(low0, index), i8x16.swizzle(low1, other))
    const upper = v128.or(i8x16.swizzle(high0, index), i8x16.swizzle(high1, other))
    s0 = i16x8.add(s0, v128.shuffle<i8>(lower, upper, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
    s1 = i16x8.add(s1, v128.shuffle<i8>(lower, upper, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31))
    if (rank >= lowest && rank < middle) {
      a0 = i16x8.sub(a0, i16x8.lt_s(s0, beyondLow))
      a1 = i16x8.sub(a1, i16x8.lt_s(s1, beyondLow))
    }
    if (rank >= n - 1 - middle) {
      b0 = i16x8.sub(b0, i16x8.lt_s(s0, beyondHigh))
      b1 = i16x8.sub(b1, i16x8.lt_s(s1, beyondHigh))
    }
  }
  v128.store(work, a0)
  v128.store(work, a1, 16)
  v128.store(work, b0, 32)
  v128.store(work, b1, 48)
}

/** The rows of the keys of 16 columns. */
function indices(lane: usize): v128 {
  const bits = i32x4.splat(31)
  const i0 = v128.and(v128.load(lane), bits)
  const i1 = v128.and(v128.load(lane, 16), bits)
  const i2 = v128.and(v128.load(lane, 32), bits)
  const i3 = v128.and(v128.load(lane, 48), bits)
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(i0, i1), i16x8.narrow_i32x4_s(i2, i3))
}

/** Stores the number at a rank of one column; returns by which bits its key differs from the nearer of those beside it. */
function take(rows: usize, n: usize, at: usize, lanes: usize, rank: usize, laneBytes: usize, to: usize): u32 {
  const lane = lanes + rank * laneBytes
  const key = load<u32>(lane)
  store<f32>(to, load<f32>(<usize>load<u32>(rows + ((key & 31) << 2)) + at))
  const before = load<u32>(rank > 0 ? lane - laneBytes : lane + laneBytes)
  const after = load<u32>(rank + 1 < n ? lane + laneBytes : lane - laneBytes)
  return min(before ^ key, after ^ key)
}

/** As both borders, if it is, the one number of each of 16 columns. */
function takeUniform(rows: usize, n: usize, at: usize, work: usize): bool {
  const first = <usize>load<u32>(rows) + at
  for (let j: usize = 0; j < LINE; j += 16) {
    const x = v128.load(first + j)
    let same = i32x4.splat(-1)
    for (let i: usize = 1; i < n; i++)
      same = v128.and(same, f32x4.eq(x, v128.load(<usize>load<u32>(rows + (i << 2)) + at + j)))
    if (!i32x4.all_true(same)) return false
    v128.store(work + j, x, NUMBERS)
    v128.store(work + j, x, UPPER)
  }
  return true
}
