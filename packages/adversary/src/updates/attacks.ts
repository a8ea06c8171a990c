import { areFinite } from '@hearsay/aggregation'
import { checkMember, type Kind, optionsOf, Registry } from '@hearsay/catalogue'
import type { Attack, AttackContext, Attacker } from './attack.ts'
import type { AttackName } from './attack-names.ts'
import { AttackError } from './error.ts'
import * as shipped from './shipped.ts'

export const attackKind: Kind<'attack'> = {
  word: 'attack',
  nouns: ['attack', 'attacks'],
  reserved: ['none'],
  functions: ['colludes', 'create'],
  texts: ['paper'],
  beside: ['behaviour', 'count'],
  error: (code, message) => new AttackError(code, message),
}

/** All attacks on updates by name. */
export const attacks = new Registry<Attack, 'attack', AttackName>(attackKind, shipped)

/**
 * The attack of this name, or this attack, with these options; what is left out has its default.
 *
 * What it gives throws AttackError `bad-context` unless own and honest updates are of one length, these are finite, n
 * and f are sizes of a network, and an attack on items is told of them, `bad-attack` when the attack gives something else than a vector of that length; and
 * AggregationError when it tries a rule that is not defined for so many updates.
 *
 * @throws AttackError `unknown-attack`, `unknown-option`, `bad-option`
 */
export function createAttack(which: AttackName | Attack, given: Readonly<Record<string, unknown>> = {}): Attacker {
  const attack = typeof which === 'string' ? attacks.find(which) : which
  checkMember(attackKind, attack)
  const options = optionsOf(attackKind, attack, given)
  const { name } = attack
  const attacker = attack.create(options)
  return (context) => {
    checkContext(attack, context, attack.colludes(options))
    const sent: unknown = attacker(context)
    if (sent instanceof Float32Array && sent.length === context.own.length) return sent as Float32Array<ArrayBuffer>
    throw new AttackError('bad-attack', `Attack "${name}" must give a Float32Array of ${context.own.length} numbers.`)
  }
}

function checkContext({ name, ofItems }: Attack, context: AttackContext, colludes: boolean): void {
  const { own, honest, n, f, items } = context
  const bad = (what: string): never => {
    throw new AttackError('bad-context', `Attack "${name}": ${what}.`)
  }
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(f) || f < 0 || n < f) {
    bad(`n and f must be integers with 0 ≤ f ≤ n, not n = ${n}, f = ${f}`)
  }
  if (ofItems) {
    if (items === undefined) bad('is about items, and needs a task that has them, such as ratings, in a scenario')
    if (items!.model.length !== own.length)
      bad(`${own.length} numbers of its own, and ${items!.model.length} of the model`)
  }
  if (!colludes) return
  if (honest.length === 0) bad('needs at least one honest update')
  for (const [index, vector] of honest.entries()) {
    if (vector.length !== own.length) {
      bad(`honest update ${index + 1} has ${vector.length} numbers, its own has ${own.length}`)
    }
    if (!areFinite(vector)) bad(`honest update ${index + 1} has numbers that are not finite`)
  }
}
