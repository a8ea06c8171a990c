/** What an option of a member of the catalogue may be. One without `default` must be given, unless it is `optional`. */
export type OptionDescriptor = ChoiceOption | NumberOption | BooleanOption | TextOption | ListOption

interface Described {
  /** One line on what it does. */
  readonly summary: string
  /** It may be left out, and then has no value. */
  readonly optional?: true
}

export interface ChoiceOption extends Described {
  readonly kind: 'choice'
  readonly values: readonly [string, ...string[]]
  readonly default?: string
}

/** A finite number, or an integer, from `least` (or above `above`) to `most` (or below `below`). */
export interface NumberOption extends Described {
  readonly kind: 'number' | 'integer'
  readonly least?: number
  readonly above?: number
  readonly most?: number
  readonly below?: number
  readonly default?: number
}

export interface BooleanOption extends Described {
  readonly kind: 'boolean'
  readonly default: boolean
}

/** A text of `least` to `most` characters. */
export interface TextOption extends Described {
  readonly kind: 'text'
  readonly least?: number
  readonly most: number
  readonly default?: string
}

/** A list of `least` to `most` values of one kind. */
export interface ListOption extends Described {
  readonly kind: 'list'
  readonly of: OptionDescriptor
  readonly least: number
  readonly most: number
  readonly default?: readonly OptionValue[]
}

/** The options of a member by name. */
export type OptionDescriptors = Readonly<Record<string, OptionDescriptor>>

export type OptionValue = string | number | boolean | readonly OptionValue[]

/** Values of a member's options, all of them, checked. */
export type Options = Readonly<Record<string, OptionValue>>

/** `n-f or n-f-2`; `an integer from 1 to 10`. */
export function describeOption(option: OptionDescriptor): string {
  switch (option.kind) {
    case 'choice':
      return option.values.join(' or ')
    case 'boolean':
      return 'true or false'
    case 'text':
      return `a text of ${option.least ?? 0} to ${option.most} characters`
    case 'list': {
      const { least, most, of } = option
      return `a list of ${least === most ? most : `${least} to ${most}`}, each ${describeOption(of)}`
    }
    default: {
      const { kind, least, above, most, below } = option
      const from = least !== undefined ? ` from ${least}` : above !== undefined ? ` above ${above}` : ''
      const to = most !== undefined ? ` to ${most}` : below !== undefined ? ` to below ${below}` : ''
      return `${kind === 'integer' ? 'an integer' : 'a number'}${from}${to}`
    }
  }
}

/** Whether a value of untyped origin is one that the option may have. */
export function fits(value: unknown, option: OptionDescriptor): value is OptionValue {
  switch (option.kind) {
    case 'choice':
      return typeof value === 'string' && option.values.includes(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string' && value.length >= (option.least ?? 0) && value.length <= option.most
    case 'list':
      return (
        Array.isArray(value) &&
        value.length >= option.least &&
        value.length <= option.most &&
        value.every((each) => fits(each, option.of))
      )
    default:
      return fitsNumber(value, option)
  }
}

function fitsNumber(value: unknown, { kind, least, above, most, below }: NumberOption): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (kind === 'integer' && !Number.isSafeInteger(value)) return false
  return (
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most) &&
    (below === undefined || value < below)
  )
}

/** What is wrong with a descriptor of untyped origin, if anything is. */
export function descriptorFault(given: unknown): string | undefined {
  const option = (given ?? {}) as Readonly<Record<string, unknown>>
  if (typeof option.summary !== 'string') return 'summary must be a text'
  switch (option.kind) {
    case 'choice': {
      const { values, default: chosen, optional } = option
      const texts = Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string')
      const isChosen = chosen === undefined ? optional === true : (values as unknown[] | undefined)?.includes(chosen)
      return texts && isChosen ? undefined : 'values must be texts, and default one of them'
    }
    case 'boolean':
      return typeof option.default === 'boolean' ? undefined : 'default must be true or false'
    case 'list': {
      const fault = descriptorFault(option.of)
      if (fault !== undefined) return `of: ${fault}`
      return boundsFault([option.least, option.most], true)
    }
    case 'text':
      return boundsFault([option.least ?? 0, option.most], true)
    case 'number':
    case 'integer':
      return boundsFault([option.least, option.above, option.most, option.below, option.default], false)
    default:
      return 'kind must be number, integer, choice, boolean, text or list'
  }
}

function boundsFault(bounds: readonly unknown[], needed: boolean): string | undefined {
  if (bounds.every((each) => (each === undefined ? !needed : Number.isFinite(each)))) return undefined
  return needed ? 'least and most must be numbers' : 'least, above, most, below and default must be numbers'
}
