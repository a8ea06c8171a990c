import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import type { Vectors } from '../geometry/plain-vectors.ts'
import type { Updates } from '../geometry/updates.ts'
import { AggregationError } from '../machine/error.ts'
import type { Masks, Rule } from './rule.ts'

/** A rule of one's own: what `Rule` asks for, without what follows from the rest. */
export interface RuleDefinition {
  /** Lower-case words joined by hyphens. */
  readonly name: string
  readonly summary: string
  readonly options?: OptionDescriptors
  /** See `Rule.requirement`. */
  requirement(n: number, f: number, options: Options): boolean
  readonly requirementText: string
  /** See `Rule.kappa`. */
  kappa?(n: number, f: number, options: Options): number
  /** See `Rule.masks`. */
  readonly masks?: Masks
  /** n ≥ 1 finite vectors of length d, f of which may be Byzantine, to one of length d. It must not change them. */
  reference(vectors: Vectors, tolerated: number, options: Options): ArrayLike<number>
}

/**
 * A rule from its definition in plain TypeScript: float64 in, rounded to float32 once. Pre-rules, options and rows that
 * are not finite are taken care of. It holds all vectors twice more, as float64; a rule made of kernels is a `Rule`.
 *
 * The same vectors must give the same bits on every machine: sum in the order of the vectors, and keep away from
 * `Math.random` and from functions such as `Math.exp`, whose last bits differ.
 */
export function defineRule(definition: RuleDefinition): Rule {
  const reference = (vectors: Vectors, tolerated: number, options: Options): Float64Array => {
    const given: unknown = definition.reference(vectors, tolerated, options)
    checkGiven(definition.name, given, vectors[0]!.length)
    return Float64Array.from(given)
  }
  return {
    ...definition,
    weighted: 'refuses',
    options: definition.options ?? {},
    aggregate: (updates, tolerated, options) => Float32Array.from(reference(vectorsOf(updates), tolerated, options)),
    reference,
  }
}

/**
 * Throws AggregationError `bad-rule` unless a rule of one's own gave a list of so many numbers that are finite as float32.
 */
export function checkGiven(name: string, given: unknown, length: number): asserts given is ArrayLike<number> {
  const fault = givenFault(given, length)
  if (fault === undefined) return
  throw new AggregationError('bad-rule', `Rule "${name}" gave ${fault} where ${length} finite numbers are due.`)
}

function givenFault(given: unknown, length: number): string | undefined {
  if (given === undefined || given === null) return 'nothing'
  if (typeof (given as { then?: unknown }).then === 'function') return 'a promise, which nobody waits for,'
  if (!Array.isArray(given) && !(ArrayBuffer.isView(given) && 'length' in given))
    return `a value of type ${typeof given}`
  const numbers = given as ArrayLike<unknown>
  if (numbers.length !== length) return `${numbers.length}`
  for (let column = 0; column < length; column++) {
    const value = numbers[column]
    if (typeof value !== 'number') return `a ${value === null ? 'null' : typeof value} at ${column}`
    if (!Number.isFinite(Math.fround(value))) return 'some that are not finite'
  }
  return undefined
}

function vectorsOf(updates: Updates): Vectors {
  updates.requireFinite()
  const { count, length } = updates
  const numbers = updates.gather(Uint32Array.from({ length }, (_, column) => column))
  return Array.from({ length: count }, (_, i) => numbers.subarray(i * length, (i + 1) * length))
}
