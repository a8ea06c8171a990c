import { isSparse, type Update } from '@hearsay/aggregation'
import { namedSeed, seededStream } from '@hearsay/catalogue/random'
import type { Position } from '@hearsay/protocol'
import type { Adversary, Forgery, RoundView } from './adversary.ts'
import { onVectors, onWholeModel } from './on-vectors.ts'
import { type Attacker, attacks, createAttack } from './updates/index.ts'

/**
 * Keeps to the protocol, and sends what an attack on updates gives. An attack that needs the honest updates is made once a
 * round for the whole coalition, since all of its liars send the same, and draws from the coalition's seed; `seed` is for
 * what this liar draws on its own. One on items is made by each liar, and all draw the same, in every round: so they know the same,
 * and pull in one direction.
 *
 * @throws AttackError as `createAttack`
 */
export function forgeUpdates(name: string, given: Readonly<Record<string, unknown>>, seed: number): Adversary {
  const { member: attack, options } = attacks.resolve(name, given)
  const attacker = createAttack(attack, given)
  if (attack.ofItems) return forgeItems(JSON.stringify([name, options]), attacker)
  if (attack.colludes(options)) {
    const key = JSON.stringify([name, options])
    return {
      ...(attack.ignoresOwn && { ignoresOwn: true }),
      alter: async (own, view) => together(key, attacker, own, await view.honest(), view),
    }
  }
  const random = seededStream(seed)
  const memory = new Map<string, unknown>()
  return {
    alter: (own, view) =>
      onVectors(own, [], (vector) =>
        attacker({ ...facing(view, []), own: vector, honest: [], random, memory: memoryFor(own, memory) }),
      ),
  }
}

function forgeItems(key: string, attacker: Attacker): Adversary {
  const memory: Forgery['memory'] = new Map()
  return {
    alter: (own, { round, self, n, rule, items, coalition }) => {
      const random = seededStream(namedSeed(coalition.seed, key))
      const place = coalition.liars.indexOf(self)
      const rest = { honest: [], n, f: coalition.liars.length, place, rule, random, round, memory }
      const length = items?.model.length ?? 0
      return onWholeModel(own, { length, width: items?.width ?? 1 }, (vector) =>
        attacker({ own: vector, ...rest, ...(items && { items }) }),
      )
    },
  }
}

function together(
  key: string,
  attacker: Attacker,
  own: Update,
  honest: ReadonlyMap<Position, Update>,
  view: RoundView,
): Update {
  const { round, model, coalition } = view
  // No round takes in so few, so there is nothing to attack.
  if (honest.size === 0 || weigh(view, [...honest.keys(), ...coalition.liars]) < view.least) return own
  const last = coalition.forged.get(key)
  if (last?.round === round && last.model === model) return last.update
  const memory: Forgery['memory'] = last?.memory ?? new Map()
  // Whichever liar comes first, it draws the same.
  const random = seededStream(namedSeed(coalition.seed, key, round, model))
  const update = onVectors(own, [...honest.values()], (vector, vectors) =>
    attacker({
      ...facing(view, [...honest.keys()]),
      ...{ own: vector, honest: vectors, random, memory: memoryFor(own, memory), threads: coalition.threads },
    }),
  )
  coalition.forged.set(key, { round, model, update, memory })
  return update
}

/** What liars and these honest peers, in this order, are for the rule; who weighs nothing has no part in the round. */
function facing({ round, n, rule, weights, coalition: { liars } }: RoundView, honest: readonly Position[]) {
  if (weights === undefined) return { round, rule, n, f: liars.length }
  const lying = liars.filter((peer) => weights[peer]! > 0)
  const counted = [...honest, ...lying].map((peer) => weights[peer]!)
  return { round, rule, n: weights.filter((weight) => weight > 0).length, f: lying.length, weights: counted }
}

function weigh({ n, weights }: RoundView, peers: readonly Position[] | undefined): number {
  if (weights === undefined) return peers?.length ?? n
  return (peers ?? [...weights.keys()]).reduce((sum, peer) => sum + weights[peer]!, 0)
}

/** Vectors of the rows of one round are not those of another: what was kept of them is of no use. */
function memoryFor(own: Update, memory: Forgery['memory']): Forgery['memory'] {
  return isSparse(own) ? new Map() : memory
}
