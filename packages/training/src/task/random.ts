import { namedStream, type RandomStream } from '@hearsay/catalogue/random'

/** The stream of one purpose. Numbers and texts that print alike are the same seed or name. */
export function stream(seed: number | string, ...names: (number | string)[]): RandomStream {
  return namedStream(...[seed, ...names].map(String))
}

/** Standard normal (Marsaglia's polar method). */
export function normal(random: Pick<RandomStream, 'uniform'>): number {
  for (;;) {
    const x = 2 * random.uniform() - 1
    const y = 2 * random.uniform() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square)
  }
}

/** One draw from the symmetric Dirichlet distribution: `length` proportions that sum to 1. */
export function dirichlet(alpha: number, length: number, random: RandomStream): number[] {
  const draws = Array.from({ length }, () => gamma(alpha, random))
  const total = draws.reduce((sum, draw) => sum + draw, 0)
  // With a tiny alpha every draw may underflow; the limit distribution puts everything in one place.
  if (total === 0) {
    const winner = random.integer(length)
    return draws.map((_, index) => (index === winner ? 1 : 0))
  }
  return draws.map((draw) => draw / total)
}

/** Gamma(alpha, 1) by Marsaglia and Tsang (2000); alpha below 1 by their boost. */
function gamma(alpha: number, random: RandomStream): number {
  if (alpha < 1) return gamma(alpha + 1, random) * random.uniform() ** (1 / alpha)
  const d = alpha - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
