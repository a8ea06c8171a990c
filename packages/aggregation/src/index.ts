export { aggregate, aggregateVectors, reference } from './aggregate.ts'
export { defineRule, faultOf, type RuleDefinition } from './define-rule.ts'
export { AggregationError, type AggregationErrorCode } from './error.ts'
export { averageOfNearest } from './nearest.ts'
export {
  describeOption,
  type OptionDescriptor,
  type OptionDescriptors,
  type RuleOptions,
  resolveOptions,
} from './option.ts'
export type { BeforeRule, BeforeSpec, Context, Rule, RuleObjectSpec, RuleSpec, Vectors } from './rule.ts'
// All of it: a name that is exported by itself cannot be added to by others.
export * from './rule-names.ts'
export { beforeRules, checkRule, registerRule, ruleSpec, rules } from './rules.ts'
export { suggestion } from './suggestion.ts'
export type { WorkerPort } from './threads.ts'
export { Workspace } from './workspace.ts'
