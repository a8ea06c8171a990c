import { type Rule, rules } from '@hearsay/aggregation'
import { z } from 'zod'

/** A rule by name with its options; which n and f it needs is checked by the rule itself, see `checks.ts`. */
export interface AggregationSpec {
  readonly rule: string
  readonly [option: string]: string
}

function ruleSchema(rule: Rule) {
  const options = Object.entries(rule.options).map(([name, values]) => [
    name,
    z
      .enum(values)
      .default(values[0]!)
      .describe(`option of ${rule.name}: ${values.join(' or ')}`),
  ])
  return z
    .strictObject({ rule: z.literal(rule.name).describe(rule.summary), ...Object.fromEntries(options) })
    .describe(`${rule.summary}; requires ${rule.requirementText}`)
}

const [first, ...others] = [...rules.values()].map(ruleSchema)

export const aggregationSchema = z
  .discriminatedUnion('rule', [first!, ...others])
  .describe('how the agreed updates become one') as unknown as z.ZodType<AggregationSpec, AggregationSpec>
