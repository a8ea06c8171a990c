import { isSparse, type Update } from '@hearsay/aggregation'
import { namedSeed, seededStream } from '@hearsay/catalogue/random'
import type { Adversary, Forgery, RoundView } from './adversary.ts'
import { onVectors } from './on-vectors.ts'
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
      onVectors(own, [], (vector) => {
        const f = coalition.liars.length
        return attacker({ own: vector, honest: [], n, f, rule, random, round, memory: memoryFor(own, memory) })
      }),
  }
}

function together(
  key: string,
  attacker: Attacker,
  own: Update,
  honest: readonly Update[],
  { round, model, n, least, rule, coalition }: RoundView,
): Update {
  const f = coalition.liars.length
  // No round takes in so few, so there is nothing to attack.
  if (honest.length < Math.max(1, least - f)) return own
  const last = coalition.forged.get(key)
  if (last?.round === round && last.model === model) return last.update
  const memory: Forgery['memory'] = last?.memory ?? new Map()
  // Whichever liar comes first, it draws the same.
  const random = seededStream(namedSeed(coalition.seed, key, round, model))
  const update = onVectors(own, honest, (vector, vectors) =>
    attacker({ own: vector, honest: vectors, n, f, rule, random, round, memory: memoryFor(own, memory) }),
  )
  coalition.forged.set(key, { round, model, update, memory })
  return update
}

/** Vectors of the rows of one round are not those of another: what was kept of them is of no use. */
function memoryFor(own: Update, memory: Forgery['memory']): Forgery['memory'] {
  return isSparse(own) ? new Map() : memory
}
