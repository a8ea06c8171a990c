import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A sequence of random numbers that depends on nothing but the seed and the names it was opened with. */
export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number
  /** Uniform in [least, greatest). */
  between(least: number, greatest: number): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Standard normal (Marsaglia's polar method). */
  normal(): number
}

/**
 * The stream of one purpose: equal seeds and names give equal numbers on every machine, and any difference gives
 * unrelated numbers. Numbers and strings that print alike are the same seed or name.
 */
export function stream(seed: number | string, ...names: (number | string)[]): RandomStream {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...names].map(String)))
    .digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)))
  const uniform = () => uniformFloat64(generator)
  return {
    uniform,
    between: (least, greatest) => least + (greatest - least) * uniform(),
    integer: (bound) => uniformInt(generator, 0, bound - 1),
    normal() {
      for (;;) {
        const x = 2 * uniform() - 1
        const y = 2 * uniform() - 1
        const square = x * x + y * y
        if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square)
      }
    },
  }
}

/** Shuffles in place (Fisher-Yates) and returns its argument. */
export function shuffle<List extends Int32Array | number[]>(list: List, random: RandomStream): List {
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.integer(last + 1)
    const value = list[last]!
    list[last] = list[other]!
    list[other] = value
  }
  return list
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
    const x = random.normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
