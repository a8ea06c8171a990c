import type { AttackContext, Attacker } from '@hearsay/adversary/updates'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** What f liars send in one round; those that draw nothing at random send the same, which is formed once. */
export function lies(
  attacker: Attacker,
  context: Omit<AttackContext, 'random' | 'memory'>,
  seed: number,
): Float32Array<ArrayBuffer>[] {
  const generator = xoroshiro128plus(seed)
  let drawn = false
  const random = {
    uniform: () => {
      drawn = true
      return uniformFloat64(generator)
    },
  }
  const form = (): Float32Array<ArrayBuffer> => attacker({ ...context, random, memory: new Map() })
  const first = form()
  return Array.from({ length: context.f }, (_, liar) => (liar === 0 || !drawn ? first : form()))
}
