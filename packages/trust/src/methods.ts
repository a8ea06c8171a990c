import { type Kind, Registry } from '@hearsay/catalogue'
import type { TrustMethod } from './methods/method.ts'
import * as shipped from './methods/shipped.ts'
import { TrustError } from './vouches/trust-error.ts'
import type { Vouches } from './vouches/vouches.ts'

const methodKind: Kind<'trust-method'> = {
  word: 'trust-method',
  nouns: ['trust method', 'trust methods'],
  functions: ['trust'],
  beside: ['method', 'preTrusted', 'vouches', 'bought', 'boughtIn', 'scale', 'floor', 'every', 'roster'],
  fault: ({ scale, mostWeight }) =>
    isPositive(scale) && (mostWeight === undefined || isPositive(mostWeight))
      ? undefined
      : 'scale, and mostWeight unless it is left out, must be numbers above 0',
  error: (code, message) => new TrustError(code, message),
}

/** All ways from vouches to trust, by name. */
export const trustMethods = new Registry<TrustMethod, 'trust-method'>(methodKind, shipped)

/** A method by name, and its options. */
export interface TrustSpec {
  readonly method: string
  readonly [option: string]: unknown
}

/**
 * Trust of each peer, and what to multiply it by for weights. Throws TrustError: `unknown-trust-method`, `unknown-option`,
 * `bad-option`, `bad-pre-trusted`; `bad-vouch` for one whose weight the method cannot use; `bad-trust-method` when what it gives
 * is no trust.
 */
export function trustOf(
  { method: name, ...given }: TrustSpec,
  vouches: Vouches,
  preTrusted: Iterable<number>,
): { readonly trust: Float64Array; readonly scale: number } {
  const { member, options } = trustMethods.resolve(name, given)
  const { scale, mostWeight = Number.POSITIVE_INFINITY } = member
  const heavy = vouches.weights.find((weight) => weight > mostWeight)
  if (heavy !== undefined)
    throw new TrustError('bad-vouch', `${name} takes vouches of a weight up to ${mostWeight}, found ${heavy}.`)
  const trust = member.trust(vouches, marked(vouches.count, preTrusted), options)
  const isTrust =
    trust instanceof Float64Array &&
    trust.length === vouches.count &&
    trust.every((each) => each >= 0 && each < Number.POSITIVE_INFINITY)
  if (isTrust) return { trust, scale }
  const what = `trust must give a Float64Array of ${vouches.count} finite numbers, 0 or more`
  throw new TrustError('bad-trust-method', `Trust method "${name}": ${what}.`)
}

function marked(count: number, preTrusted: Iterable<number>): Uint8Array {
  const marks = new Uint8Array(count)
  for (const peer of preTrusted) {
    if (!(Number.isSafeInteger(peer) && peer >= 0 && peer < count))
      throw new TrustError('bad-pre-trusted', `Pre-trusted are some of peers 0 to ${count - 1}, found ${peer}.`)
    marks[peer] = 1
  }
  if (marks.includes(1)) return marks
  throw new TrustError('bad-pre-trusted', 'Nobody is pre-trusted: name at least one peer; all trust begins there.')
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY
}
