import { beforeRules, type RuleSpec, rules } from '@hearsay/aggregation'
import { choiceSchemas, memberSchemas } from '@hearsay/catalogue/schema'
import { z } from 'zod'
import { ofRegistered } from './registries.ts'

/** A rule by name with its options; which n and f it needs is checked by the rule itself, see `checks.ts`. */
export interface AggregationSpec {
  readonly rule: string
  /** Its own f; that of the agreement unless given. */
  readonly tolerated?: number | undefined
  readonly before?: readonly (string | { readonly [name: string]: { readonly [option: string]: unknown } })[]
  readonly [option: string]: unknown
}

const beforeSchema = () =>
  z
    .array(z.union(choiceSchemas([...beforeRules.values()])))
    .describe('pre-rules in their order, each a name or a name with its options')

// Rules that need a trusted update are for callers that have one: peers that trained it apart would not agree on its bits.
const ruleSchemas = () => {
  const before = beforeSchema().optional()
  const tolerated = z
    .int()
    .min(0)
    .optional()
    .describe('the f of the rule, where it is not that of the agreement: of the updates so many may lie')
  return memberSchemas(
    [...rules.values()].filter((rule) => rule.context !== 'root'),
    'rule',
    ({ summary, requirementText }) => ({
      following: { before, tolerated },
      description: `${summary}; requires ${requirementText}`,
    }),
  )
}

export const aggregationSchema = ofRegistered(() => {
  return z
    .discriminatedUnion('rule', ruleSchemas())
    .describe('how the agreed updates become one. `aggregation: median` is short') as unknown as z.ZodType<
    AggregationSpec,
    AggregationSpec
  >
})

/** The rule of a cell with its f: what may lie, by weight, unless it says so itself. */
export function ruleOf({
  aggregation,
  tolerated,
}: {
  readonly aggregation: AggregationSpec
  readonly tolerated: number
}): RuleSpec {
  return { tolerated, ...aggregation } as RuleSpec
}
