import { describeOption, type OptionDescriptor, type OptionDescriptors } from '@hearsay/aggregation'
import { z } from 'zod'

function optionSchema(of: string, option: OptionDescriptor): z.ZodType {
  const described = `option of ${of}: ${option.summary}; ${describeOption(option)}`
  if (option.kind === 'choice') return z.enum(option.values).default(option.default).describe(described)
  let schema = option.kind === 'integer' ? z.int() : z.number()
  if (option.least !== undefined) schema = schema.min(option.least)
  if (option.above !== undefined) schema = schema.gt(option.above)
  if (option.most !== undefined) schema = schema.max(option.most)
  return option.default === undefined ? schema.describe(described) : schema.default(option.default).describe(described)
}

/** The options of a rule or an attack, as fields of a scenario. */
export function optionsOf(of: string, options: OptionDescriptors): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, optionSchema(of, option)]))
}
