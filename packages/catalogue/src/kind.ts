import { describeOption, descriptorFault, fits, type OptionDescriptors, type Options } from './option.ts'
import { suggestion } from './suggestion.ts'

/** What all that is in the catalogue has: a rule, an attack, a data set, a topology, … */
export interface Member<Name extends string = string> {
  /** Lower-case words joined by hyphens. */
  readonly name: Name
  /** One line for a list of them. */
  readonly summary: string
  readonly options: OptionDescriptors
}

export type MemberErrorCode<Word extends string> =
  | `unknown-${Word}` // nothing has this name
  | `bad-${Word}` // it lacks something, or its name is taken
  | 'unknown-option'
  | 'bad-option'

/** A kind of member: what one must have beside name, summary and options, and how errors call it. */
export interface Kind<Word extends string = string> {
  /** In the codes of errors. */
  readonly word: Word
  /** One and several of them, in messages. */
  readonly nouns: readonly [one: string, all: string]
  /** Names that mean something else where a member is chosen. */
  readonly reserved?: readonly string[]
  /** The fields that must be functions. */
  readonly functions: readonly string[]
  /** The fields that must be texts. */
  readonly texts?: readonly string[]
  /** Fields of options for other places, which may be left out. */
  readonly variants?: readonly string[]
  /** What else is wrong with one that has all that, if anything is. */
  fault?(given: Readonly<Record<string, unknown>>): string | undefined
  /** What stands beside options where a member is chosen, so that no option may be called so. */
  readonly beside: readonly string[]
  /** The error of its room. */
  error(code: MemberErrorCode<Word>, message: string): Error
}

const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const mostNameLength = 64
const optionNamePattern = /^[a-z][A-Za-z0-9]*$/

/** Throws the kind's error `bad-…` unless what a user gave is one of this kind. Nothing is taken for granted. */
export function checkMember<Word extends string>(kind: Kind<Word>, given: unknown): asserts given is Member {
  const fault = memberFault(kind, given)
  if (fault !== undefined) throw kind.error(`bad-${kind.word}`, `No ${kind.nouns[0]}: ${fault}.`)
}

function memberFault(kind: Kind, given: unknown): string | undefined {
  const { reserved = [], functions, texts = [], variants = [] } = kind
  if (typeof given !== 'object' || given === null) return 'it is not an object'
  const fields = given as Readonly<Record<string, unknown>>
  if (typeof fields.name !== 'string' || !namePattern.test(fields.name) || fields.name.length > mostNameLength) {
    return 'name must be lower-case words joined by hyphens'
  }
  if (reserved.includes(fields.name)) return `"${fields.name}" means something else`
  const text = ['summary', ...texts].find((field) => typeof fields[field] !== 'string')
  if (text !== undefined) return `${text} must be a text`
  const missing = functions.find((field) => typeof fields[field] !== 'function')
  if (missing !== undefined) return `${missing} must be a function`
  for (const field of ['options', ...variants.filter((each) => fields[each] !== undefined)]) {
    const fault = optionsFault(kind, field, fields[field])
    if (fault !== undefined) return fault
  }
  return kind.fault?.(fields)
}

function optionsFault({ beside }: Kind, field: string, options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null) return `${field} must be an object, {} for none`
  for (const [name, option] of Object.entries(options)) {
    const misnamed = !optionNamePattern.test(name) || beside.includes(name)
    const fault = misnamed ? 'it may not be called so' : descriptorFault(option)
    if (fault !== undefined) return `option "${name}": ${fault}`
  }
  return undefined
}

/**
 * All options of a member, defaults filled in. Throws the kind's error `unknown-option` or `bad-option`, which names the
 * option that was meant, or what it may be.
 */
export function optionsOf<Word extends string>(
  kind: Kind<Word>,
  { name: member, options }: Pick<Member, 'name' | 'options'>,
  given: Readonly<Record<string, unknown>>,
): Options {
  const of = titled(kind, member)
  const known = Object.keys(options)
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(options, name)) continue
    const hint =
      suggestion(name, [...kind.beside, ...known]) ||
      (known.length > 0 ? `; its options are ${known.join(', ')}.` : '; it has none.')
    throw kind.error('unknown-option', `${of} has no option "${name}"${hint}`)
  }
  const values = Object.entries(options).flatMap(([name, option]) => {
    const value = given[name] === undefined ? option.default : given[name]
    if (value === undefined && option.optional) return []
    if (fits(value, option)) return [[name, value] as const]
    const found = value === undefined ? 'it is missing' : `not ${shown(value)}`
    throw kind.error('bad-option', `${of}: ${name} must be ${describeOption(option)}, ${found}.`)
  })
  return Object.fromEntries(values)
}

/** The kind's error `unknown-…` for a name that nothing `known` has, with the nearest one or with all. */
export function unknownMember<Word extends string>(kind: Kind<Word>, name: unknown, known: readonly string[]): Error {
  const [noun, nouns] = kind.nouns
  const hint = suggestion(String(name), known) || `; the ${nouns} are ${known.join(', ')}.`
  return kind.error(`unknown-${kind.word}`, `Unknown ${noun} "${String(name).slice(0, 50)}"${hint}`)
}

/** `Rule "krum"`, at the beginning of a message. */
export function titled({ nouns: [noun] }: Kind, name: string): string {
  return `${noun[0]!.toUpperCase()}${noun.slice(1)} "${name}"`
}

/** A value from a stranger's file, short. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 50)}"` : String(value).slice(0, 50)
}
