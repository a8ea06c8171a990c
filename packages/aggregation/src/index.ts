export { aggregate, aggregateVectors, reference } from './aggregate.ts'
export { AggregationError, type AggregationErrorCode } from './error.ts'
export {
  describeOption,
  type OptionDescriptor,
  type OptionDescriptors,
  type RuleOptions,
  resolveOptions,
} from './option.ts'
export type { BeforeRule, BeforeSpec, Context, Rule, RuleSpec } from './rule.ts'
export { beforeRules, checkRule, rules } from './rules.ts'
export { suggestion } from './suggestion.ts'
export { Workspace } from './workspace.ts'
