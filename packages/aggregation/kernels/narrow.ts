// The way back from float64 sums. The way there is written out where it is needed: two float32 are widened straight
// from memory (`load64_zero`), in one instruction on x86, where the high half of a loaded vector would take three.

/** Four float64 in two vectors, each rounded to the nearest float32, ties to even. */
export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
}
