import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Adversary, Forgery, RoundView } from './adversary.ts'
import { type Attacker, createAttack, type RandomStream, resolveAttack } from './updates/index.ts'

/**
 * Keeps to the protocol, and sends what an attack on updates gives. An attack that needs the honest updates is made once a
 * round for the whole coalition, since all of its liars send the same, and draws from the coalition's seed; `seed` is for
 * what this liar draws on its own.
 *
 * @throws AttackError as `createAttack`
 */
export function forgeUpdates(name: string, given: Readonly<Record<string, unknown>>, seed: number): Adversary {
  const { attack, options } = resolveAttack(name, given)
  const attacker = createAttack(attack, given)
  if (attack.colludes(options)) {
    const key = JSON.stringify([name, options])
    return { alter: async (own, view) => together(key, attacker, own, await view.honest(), view) }
  }
  const random = streamOf(seed)
  const memory = new Map<string, unknown>()
  return {
    alter: (own, { round, n, rule, coalition }) =>
      attacker({ own, honest: [], n, f: coalition.liars.length, rule, random, round, memory }),
  }
}

function together(
  key: string,
  attacker: Attacker,
  own: Float32Array<ArrayBuffer>,
  honest: readonly Float32Array[],
  { round, model, n, rule, coalition }: RoundView,
): Float32Array<ArrayBuffer> {
  const f = coalition.liars.length
  // No round takes in so few, so there is nothing to attack.
  if (honest.length < Math.max(1, n - rule.tolerated - f)) return own
  const last = coalition.forged.get(key)
  if (last?.round === round && last.model === model) return last.update
  const memory: Forgery['memory'] = last?.memory ?? new Map()
  const update = attacker({
    own,
    honest,
    n,
    f,
    rule,
    random: streamOf(drawOf(coalition.seed, key, round, model)),
    round,
    memory,
  })
  coalition.forged.set(key, { round, model, update, memory })
  return update
}

/** Whichever liar comes first, it draws the same: of the coalition, the attack, the round and the model. */
function drawOf(...parts: readonly (number | string)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readInt32LE()
}

function streamOf(seed: number): RandomStream {
  const generator = xoroshiro128plus(seed)
  return { uniform: () => uniformFloat64(generator) }
}
