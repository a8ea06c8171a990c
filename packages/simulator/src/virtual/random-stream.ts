import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** Random numbers that depend on nothing but the seed and the name they were opened with. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
}

export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  const digest = createHash('sha256')
    .update(JSON.stringify(['virtual network', seed, ...names]))
    .digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)))
  const uniform = (): number => uniformFloat64(generator)
  return { uniform, integer: (bound) => Math.floor(uniform() * bound) }
}

/** A shuffled copy. */
export function shuffled<T>(list: readonly T[], random: RandomStream): T[] {
  const copy = [...list]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = random.integer(last + 1)
    ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
  }
  return copy
}
