import { z } from 'zod'
import type { Member } from './kind.ts'
import { describeOption, type NumberOption, type OptionDescriptor, type OptionDescriptors } from './option.ts'

/** The options of a member, as fields of a map in a file. */
export function optionSchemas(of: string, options: OptionDescriptors): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const described = `option of ${of}: ${option.summary}; ${describeOption(option)}`
      return [name, withDefault(valueSchema(option), option).describe(described)]
    }),
  )
}

/** What a map has beside the field that chooses a member, before and after it, and what it says in place of the summary. */
interface Around {
  readonly leading?: Readonly<Record<string, z.ZodType>>
  readonly following?: Readonly<Record<string, z.ZodType>>
  readonly description?: string
  /** Whether it is meant when the field is left out. */
  readonly usual?: boolean
}

/** A map for each member, which is chosen by its name in `field` and has its options. */
export function memberSchemas<T extends Member>(
  members: Iterable<T>,
  field: string,
  around: (member: T) => Around = () => ({}),
): [z.ZodObject, ...z.ZodObject[]] {
  const schemas = [...members].map((member) => {
    const { leading, following, description = member.summary, usual = false } = around(member)
    const literal = z.literal(member.name)
    const chosen = (usual ? literal.default(member.name) : literal).describe(member.summary)
    const options = optionSchemas(member.name, member.options)
    return z.strictObject({ ...leading, [field]: chosen, ...following, ...options }).describe(description)
  })
  return schemas as [z.ZodObject, ...z.ZodObject[]]
}

/** A choice among members, see `Registry.choose`: a name, or one name with its options, of those that have any. */
export function choiceSchemas(members: readonly Member[]): [z.ZodType, ...z.ZodType[]] {
  const varied = members.filter(({ options }) => Object.keys(options).length > 0)
  return [
    z.enum(members.map(({ name }) => name)),
    ...varied.map(({ name, summary, options }) =>
      z.strictObject({ [name]: z.strictObject(optionSchemas(name, options)).describe(summary) }).describe(summary),
    ),
  ]
}

function withDefault(schema: z.ZodType, option: OptionDescriptor): z.ZodType {
  if (option.default !== undefined) return schema.default(option.default)
  return option.optional ? schema.optional() : schema
}

function valueSchema(option: OptionDescriptor): z.ZodType {
  switch (option.kind) {
    case 'choice':
      return z.enum(option.values)
    case 'boolean':
      return z.boolean()
    case 'text':
      return z
        .string()
        .min(option.least ?? 0)
        .max(option.most)
    case 'list': {
      const each = valueSchema(option.of).describe(option.of.summary)
      if (option.least === 2 && option.most === 2) return z.tuple([each, each])
      return z.array(each).min(option.least).max(option.most)
    }
    default:
      return numberSchema(option)
  }
}

function numberSchema({ kind, least, above, most, below }: NumberOption): z.ZodType {
  let schema = kind === 'integer' ? z.int() : z.number()
  if (least !== undefined) schema = schema.min(least)
  if (above !== undefined) schema = schema.gt(above)
  if (most !== undefined) schema = schema.max(most)
  if (below !== undefined) schema = schema.lt(below)
  return schema
}
