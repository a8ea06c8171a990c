import { AggregationError, faultOf, type RuleOptions, resolveOptions, suggestion } from '@hearsay/aggregation'
import type { Attack, AttackContext, Attacker } from './attack.ts'
import type { AttackName } from './attack-names.ts'
import { constant } from './constant.ts'
import { AttackError, type AttackErrorCode } from './error.ts'
import { fang } from './fang.ts'
import { gaussian } from './gaussian.ts'
import { hiddenVulnerability } from './hidden-vulnerability.ts'
import { innerProduct } from './inner-product.ts'
import { littleIsEnough } from './little-is-enough.ts'
import { mimic } from './mimic.ts'
import { minMax } from './min-max.ts'
import { minSum } from './min-sum.ts'
import { nonFinite } from './non-finite.ts'
import { optimalInnerProduct } from './optimal-inner-product.ts'
import { optimalLittleIsEnough } from './optimal-little-is-enough.ts'
import { scaled } from './scaled.ts'
import { signFlip } from './sign-flip.ts'
import { zero } from './zero.ts'

/** By name. A compiler takes the names from here. */
export const shippedAttacks = {
  constant,
  fang,
  gaussian,
  'hidden-vulnerability': hiddenVulnerability,
  'inner-product': innerProduct,
  'little-is-enough': littleIsEnough,
  mimic,
  'min-max': minMax,
  'min-sum': minSum,
  'non-finite': nonFinite,
  'optimal-inner-product': optimalInnerProduct,
  'optimal-little-is-enough': optimalLittleIsEnough,
  scaled,
  'sign-flip': signFlip,
  zero,
}

const registered = new Map<string, Attack>(Object.entries(shippedAttacks))

/** Any text may be looked up; what is there has a name of the type. */
interface ByName extends ReadonlyMap<string, Attack> {
  keys(): MapIterator<AttackName>
}

/** All attacks on updates by name, those that users registered included. */
export const attacks = registered as ByName

/**
 * Makes an attack of one's own known by its name, to whatever takes attacks as data, for the life of the process. Once more
 * is no matter. Throws AttackError `bad-attack` when it lacks something, or when another attack has its name.
 */
export function registerAttack(attack: Attack): void {
  checkAttack(attack)
  const before = registered.get(attack.name)
  if (before !== undefined && before !== attack) {
    throw new AttackError('bad-attack', `There is an attack "${attack.name}" already: give yours another name.`)
  }
  registered.set(attack.name, attack)
}

function checkAttack(attack: unknown): void {
  const fault = faultOf(attack, { functions: ['colludes', 'create'], texts: ['summary', 'paper'] })
  if (fault !== undefined) throw new AttackError('bad-attack', `No attack: ${fault}.`)
}

/** What a name, from a file or from anybody, and options mean: all options, defaults filled in. Throws as `createAttack`. */
export function resolveAttack(
  name: string,
  given: Readonly<Record<string, unknown>> = {},
): { readonly attack: Attack; readonly options: RuleOptions } {
  const attack = attacks.get(name)
  if (attack !== undefined) return { attack, options: optionsOf(attack, given) }
  const hint = suggestion(name, attacks.keys()) || `; the attacks are ${[...attacks.keys()].join(', ')}.`
  throw new AttackError('unknown-attack', `Unknown attack "${name.slice(0, 50)}"${hint}`)
}

/**
 * The attack of this name, or this attack, with these options; what is left out has its default.
 *
 * What it gives throws AttackError `bad-context` unless own and honest updates are of one length, these are finite, and n
 * and f are sizes of a network, `bad-attack` when the attack gives something else than a vector of that length; and
 * AggregationError when it tries a rule that is not defined for so many updates.
 *
 * @throws AttackError `unknown-attack`, `unknown-option`, `bad-option`
 */
export function createAttack(which: AttackName | Attack, given: Readonly<Record<string, unknown>> = {}): Attacker {
  const isName = typeof which === 'string'
  if (!isName) checkAttack(which)
  const { attack, options } = isName ? resolveAttack(which, given) : { attack: which, options: optionsOf(which, given) }
  const { name } = attack
  const attacker = attack.create(options)
  return (context) => {
    checkContext(name, context, attack.colludes(options))
    const sent: unknown = attacker(context)
    if (sent instanceof Float32Array && sent.length === context.own.length) return sent as Float32Array<ArrayBuffer>
    throw new AttackError('bad-attack', `Attack "${name}" must give a Float32Array of ${context.own.length} numbers.`)
  }
}

function optionsOf({ name, options }: Attack, given: Readonly<Record<string, unknown>>): RuleOptions {
  try {
    return resolveOptions(`Attack "${name}"`, options, given)
  } catch (error) {
    if (!(error instanceof AggregationError)) throw error
    throw new AttackError(error.code as AttackErrorCode, error.message, { cause: error })
  }
}

function checkContext(name: string, { own, honest, n, f }: AttackContext, colludes: boolean): void {
  const bad = (what: string): never => {
    throw new AttackError('bad-context', `Attack "${name}": ${what}.`)
  }
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(f) || f < 0 || n < f) {
    bad(`n and f must be integers with 0 ≤ f ≤ n, not n = ${n}, f = ${f}`)
  }
  if (!colludes) return
  if (honest.length === 0) bad('needs at least one honest update')
  for (const [index, vector] of honest.entries()) {
    if (vector.length !== own.length) {
      bad(`honest update ${index + 1} has ${vector.length} numbers, its own has ${own.length}`)
    }
    if (!vector.every(Number.isFinite)) bad(`honest update ${index + 1} has numbers that are not finite`)
  }
}
