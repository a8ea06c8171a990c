import { namedSeed, seededStream } from '@hearsay/catalogue/random'
import type { Adversary, Forgery, RoundView } from './adversary.ts'
import { type Attacker, attacks, createAttack } from './updates/index.ts'

/**
 * Keeps to the protocol, and sends what an attack on updates gives. An attack that needs the honest updates is made once a
 * round for the whole coalition, since all of its liars send the same, and draws from the coalition's seed; `seed` is for
 * what this liar draws on its own.
 *
 * @throws AttackError as `createAttack`
 */
export function forgeUpdates(name: string, given: Readonly<Record<string, unknown>>, seed: number): Adversary {
  const { member: attack, options } = attacks.resolve(name, given)
  const attacker = createAttack(attack, given)
  if (attack.colludes(options)) {
    const key = JSON.stringify([name, options])
    return { alter: async (own, view) => together(key, attacker, own, await view.honest(), view) }
  }
  const random = seededStream(seed)
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
    // Whichever liar comes first, it draws the same.
    random: seededStream(namedSeed(coalition.seed, key, round, model)),
    round,
    memory,
  })
  coalition.forged.set(key, { round, model, update, memory })
  return update
}
