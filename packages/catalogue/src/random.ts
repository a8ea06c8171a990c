import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A sequence of random numbers that depends on nothing but what it was opened with. */
export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number
  /** Uniform in [least, greatest). */
  between(least: number, greatest: number): number
  /** Uniform integer in [0, bound), exactly; it may draw more than once. */
  integer(bound: number): number
  /** Integer in [0, bound) by one draw of `uniform`: what follows does not depend on the bound. */
  below(bound: number): number
}

/**
 * The stream of one purpose: equal names give equal numbers on every machine, and any difference gives unrelated numbers.
 * The number 1 is another name than the text '1'.
 */
export function namedStream(...names: readonly (string | number)[]): RandomStream {
  const digest = digestOf(names)
  return streamOf(xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset))))
}

/** The stream of a 32-bit seed. */
export function seededStream(seed: number): RandomStream {
  return streamOf(xoroshiro128plus(seed))
}

/** A 32-bit seed that follows from names. */
export function namedSeed(...names: readonly (string | number)[]): number {
  return digestOf(names).readInt32LE()
}

function digestOf(names: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(names)).digest()
}

function streamOf(generator: ReturnType<typeof xoroshiro128plus>): RandomStream {
  const uniform = (): number => uniformFloat64(generator)
  return {
    uniform,
    between: (least, greatest) => least + (greatest - least) * uniform(),
    integer: (bound) => uniformInt(generator, 0, bound - 1),
    below: (bound) => Math.floor(uniform() * bound),
  }
}

/** Shuffles in place, by `draw` of an integer in [0, bound) (Fisher and Yates), and returns its argument. */
export function shuffle<List extends Int32Array | unknown[]>(list: List, draw: (bound: number) => number): List {
  for (let last = list.length - 1; last > 0; last--) {
    const other = draw(last + 1)
    const value = list[last]
    list[last] = list[other]!
    list[other] = value!
  }
  return list
}
