/**
 * Langevin's function L(x) = coth x − 1/x, its slope and its integral, in +, −, ×, ÷ alone: what `Math` has for these may differ in
 * the last bits from machine to machine.
 *
 *     L(x) = x/(3 + x²/(5 + x²/(7 + …)))
 *
 * is Lambert's fraction of tanh, turned round. All of it is positive, so that nothing cancels. After k terms it is off by less than
 * the k-th shrinks it; beyond 20 coth is 1 in float64.
 */
const terms = 60
const far = 20

export function langevin(x: number): number {
  if (Math.abs(x) > far) return (x > 0 ? 1 : -1) - 1 / x
  const square = x * x
  let fraction = 2 * terms + 3
  for (let k = terms; k > 0; k--) fraction = 2 * k + 1 + square / fraction
  return x / fraction
}

/** L′(x) = 1 − L(x)² − 2 L(x)/x, which is 1/3 at 0. */
export function dispersion(x: number): number {
  if (Math.abs(x) < 1e-4) return 1 / 3 - (x * x) / 15
  const value = langevin(x)
  return 1 - value * value - (2 * value) / x
}

/** log(sinh x / x), the integral of L from 0, which is |x| − log(|x| (coth |x| + 1)). */
export function likelihoodOf(x: number): number {
  const size = Math.abs(x)
  if (size < 1e-3) return (size * size) / 6 - (size * size * size * size) / 180
  return size - logarithm(size * langevin(size) + 1 + size)
}

/** Of 1 or more. */
function logarithm(x: number): number {
  let exponent = 0
  let rest = x
  for (; rest > Math.SQRT2; rest /= 2) exponent++
  const t = (rest - 1) / (rest + 1)
  const square = t * t
  let sum = 0
  // 2 artanh t, |t| < 0.18: the last term is less than 2⁻⁵³ of the first.
  for (let k = 23; k >= 1; k -= 2) sum = sum * square + 1 / k
  return exponent * Math.LN2 + 2 * t * sum
}
