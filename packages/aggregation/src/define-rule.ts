import { AggregationError } from './error.ts'
import type { OptionDescriptor, OptionDescriptors, RuleOptions } from './option.ts'
import type { Rule, Vectors } from './rule.ts'
import type { Updates } from './updates.ts'

/** A rule of one's own: what `Rule` asks for, without what follows from the rest. */
export interface RuleDefinition {
  /** Lower-case words joined by hyphens. */
  readonly name: string
  readonly summary: string
  readonly options?: OptionDescriptors
  /** See `Rule.requirement`. */
  requirement(n: number, f: number, options: RuleOptions): boolean
  readonly requirementText: string
  /** See `Rule.kappa`. */
  kappa?(n: number, f: number, options: RuleOptions): number
  /** n ≥ 1 finite vectors of length d, f of which may be Byzantine, to one of length d. It must not change them. */
  reference(vectors: Vectors, tolerated: number, options: RuleOptions): ArrayLike<number>
}

/**
 * A rule from its definition in plain TypeScript: float64 in, rounded to float32 once. Pre-rules, options and rows that
 * are not finite are taken care of. It holds all vectors twice more, as float64; a rule made of kernels is a `Rule`.
 *
 * The same vectors must give the same bits on every machine: sum in the order of the vectors, and keep away from
 * `Math.random` and from functions such as `Math.exp`, whose last bits differ.
 */
export function defineRule(definition: RuleDefinition): Rule {
  const reference = (vectors: Vectors, tolerated: number, options: RuleOptions): Float64Array => {
    const given: unknown = definition.reference(vectors, tolerated, options)
    checkGiven(definition.name, given, vectors[0]!.length)
    return Float64Array.from(given)
  }
  return {
    ...definition,
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

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const OPTION = /^[a-z][A-Za-z0-9]*$/
/** What a spec says beside options. */
const RESERVED = ['rule', 'tolerated', 'before', 'behaviour', 'count']

/**
 * What is wrong with what a user gave as a rule or an attack, if anything is: `functions` and `texts` are the fields that it
 * must have. Of untyped origin: nothing is taken for granted.
 */
export function faultOf(
  given: unknown,
  { functions, texts }: { readonly functions: readonly string[]; readonly texts: readonly string[] },
): string | undefined {
  if (typeof given !== 'object' || given === null) return 'it is not an object'
  const fields = given as Readonly<Record<string, unknown>>
  if (typeof fields.name !== 'string' || !NAME.test(fields.name) || fields.name.length > 64) {
    return 'name must be lower-case words joined by hyphens'
  }
  const text = texts.find((field) => typeof fields[field] !== 'string')
  if (text !== undefined) return `${text} must be a text`
  const missing = functions.find((field) => typeof fields[field] !== 'function')
  if (missing !== undefined) return `${missing} must be a function`
  if (typeof fields.options !== 'object' || fields.options === null) return 'options must be an object, {} for none'
  for (const [name, option] of Object.entries(fields.options)) {
    const fault = optionFault(name, option as Partial<OptionDescriptor> | null)
    if (fault !== undefined) return `option "${name}": ${fault}`
  }
  return undefined
}

function optionFault(name: string, option: Partial<OptionDescriptor> | null): string | undefined {
  if (!OPTION.test(name) || RESERVED.includes(name)) return 'it may not be called so'
  if (typeof option?.summary !== 'string') return 'summary must be a text'
  if (option.kind === 'choice') {
    const { values, default: chosen } = option
    const texts = Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string')
    return texts && values.includes(chosen) ? undefined : 'values must be texts, and default one of them'
  }
  if (option.kind !== 'number' && option.kind !== 'integer') return 'kind must be number, integer or choice'
  const { least, above, most, default: chosen } = option
  const numbers = [least, above, most, chosen].every((each) => each === undefined || Number.isFinite(each))
  return numbers ? undefined : 'least, above, most and default must be numbers'
}
