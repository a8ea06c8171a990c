import type { AttackContext, Attacker } from '@hearsay/adversary/updates'
import { seededStream } from '@hearsay/catalogue/random'

/** What f liars send in one round; those that draw nothing at random send the same, which is formed once. */
export function lies(
  attacker: Attacker,
  context: Omit<AttackContext, 'random' | 'memory'>,
  seed: number,
): Float32Array<ArrayBuffer>[] {
  const { uniform } = seededStream(seed)
  let drawn = false
  const random = {
    uniform: () => {
      drawn = true
      return uniform()
    },
  }
  const form = (): Float32Array<ArrayBuffer> => attacker({ ...context, random, memory: new Map() })
  const first = form()
  return Array.from({ length: context.f }, (_, liar) => (liar === 0 || !drawn ? first : form()))
}
