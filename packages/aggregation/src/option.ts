import { AggregationError } from './error.ts'
import { suggestion } from './suggestion.ts'

/** What an option of a rule may be. An option without `default` must be given. */
export type OptionDescriptor = ChoiceOption | NumberOption

export interface ChoiceOption {
  readonly kind: 'choice'
  readonly summary: string
  readonly values: readonly [string, ...string[]]
  readonly default: string
}

/** A finite number, or an integer, from `least` (or above `above`) to `most`. */
export interface NumberOption {
  readonly kind: 'number' | 'integer'
  readonly summary: string
  readonly least?: number
  readonly above?: number
  readonly most?: number
  readonly default?: number
}

/** The options of a rule by name. */
export type OptionDescriptors = Readonly<Record<string, OptionDescriptor>>

/** Values of a rule's options, all of them, checked. */
export type RuleOptions = Readonly<Record<string, string | number>>

/** The seed of a rule that draws at random: with the same `draw` of the context the same seed, the same draws. */
export const SEED: NumberOption = {
  kind: 'integer',
  summary: 'of the random draws, which peers of a run make anew in every round',
  least: 0,
  most: 2 ** 32 - 1,
  default: 0,
}

export function numberOf(options: RuleOptions, name: string): number {
  return options[name] as number
}

/**
 * All options, defaults filled in. `of` says whose they are in messages, `given` has them among the names in `beside`.
 * Throws AggregationError `unknown-option` or `bad-option`.
 */
export function resolveOptions(
  of: string,
  descriptors: OptionDescriptors,
  given: Readonly<Record<string, unknown>>,
  beside: readonly string[] = [],
): RuleOptions {
  const known = Object.keys(descriptors)
  for (const name of Object.keys(given)) {
    if (beside.includes(name) || Object.hasOwn(descriptors, name)) continue
    const hint =
      suggestion(name, [...beside.filter((each) => each !== 'rule'), ...known]) ||
      (known.length > 0 ? `; its options are ${known.join(', ')}.` : '; it has none.')
    throw new AggregationError('unknown-option', `${of} has no option "${name}"${hint}`)
  }
  return Object.fromEntries(
    Object.entries(descriptors).map(([name, descriptor]) => {
      const value = given[name] === undefined ? descriptor.default : given[name]
      if (!fits(value, descriptor)) {
        const found = value === undefined ? 'it is missing' : `not ${shown(value)}`
        throw new AggregationError('bad-option', `${of}: ${name} must be ${describeOption(descriptor)}, ${found}.`)
      }
      return [name, value]
    }),
  )
}

/** `n-f or n-f-2`; `an integer from 1 to 10`. */
export function describeOption(descriptor: OptionDescriptor): string {
  if (descriptor.kind === 'choice') return descriptor.values.join(' or ')
  const { kind, least, above, most } = descriptor
  const from = least !== undefined ? ` from ${least}` : above !== undefined ? ` above ${above}` : ''
  return `${kind === 'integer' ? 'an integer' : 'a number'}${from}${most === undefined ? '' : ` to ${most}`}`
}

function fits(value: unknown, descriptor: OptionDescriptor): value is string | number {
  if (descriptor.kind === 'choice') return typeof value === 'string' && descriptor.values.includes(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (descriptor.kind === 'integer' && !Number.isSafeInteger(value)) return false
  const { least, above, most } = descriptor
  return (
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most)
  )
}

/** A value from a stranger's file, short. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 50)}"` : String(value).slice(0, 50)
}
