import { beforeRules, describeOption, type OptionDescriptor, type OptionDescriptors, rules } from '@hearsay/aggregation'
import { z } from 'zod'

/** A rule by name with its options; which n and f it needs is checked by the rule itself, see `checks.ts`. */
export interface AggregationSpec {
  readonly rule: string
  readonly before?: readonly (string | { readonly [name: string]: { readonly [option: string]: unknown } })[]
  readonly [option: string]: unknown
}

function optionSchema(of: string, option: OptionDescriptor): z.ZodType {
  const described = `option of ${of}: ${option.summary}; ${describeOption(option)}`
  if (option.kind === 'choice') return z.enum(option.values).default(option.default).describe(described)
  let schema = option.kind === 'integer' ? z.int() : z.number()
  if (option.least !== undefined) schema = schema.min(option.least)
  if (option.above !== undefined) schema = schema.gt(option.above)
  if (option.most !== undefined) schema = schema.max(option.most)
  return option.default === undefined ? schema.describe(described) : schema.default(option.default).describe(described)
}

function optionsOf(of: string, options: OptionDescriptors): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, optionSchema(of, option)]))
}

const beforeSchema = z
  .array(
    z.union([
      z.enum([...beforeRules.keys()]),
      ...[...beforeRules.values()].map((rule) =>
        z
          .strictObject({ [rule.name]: z.strictObject(optionsOf(rule.name, rule.options)).describe(rule.summary) })
          .describe(rule.summary),
      ),
    ]),
  )
  .describe('pre-rules in their order, each a name or a name with its options')

// Rules that need a vector besides the updates are for callers that have one.
const [first, ...others] = [...rules.values()]
  .filter((rule) => rule.context !== 'root')
  .map((rule) =>
    z
      .strictObject({
        rule: z.literal(rule.name).describe(rule.summary),
        before: beforeSchema.optional(),
        ...optionsOf(rule.name, rule.options),
      })
      .describe(`${rule.summary}; requires ${rule.requirementText}`),
  )

export const aggregationSchema = z
  .discriminatedUnion('rule', [first!, ...others])
  .describe('how the agreed updates become one') as unknown as z.ZodType<AggregationSpec, AggregationSpec>
