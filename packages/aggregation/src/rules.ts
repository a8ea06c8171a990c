import { Registry } from '@hearsay/catalogue'
import * as shippedBefore from './before/shipped.ts'
import { AggregationError } from './machine/error.ts'
import { beforeRuleKind, type Choice, checkedPlan, choiceOf, type Plan, planOf, ruleKind } from './rule/plan.ts'
import type { BeforeRule, Rule, RuleObjectSpec } from './rule/rule.ts'
import type { BeforeRuleName, RuleName, RuleSpec } from './rule-names.ts'
import * as shippedRules from './rules/shipped.ts'

/** All rules by name. */
export const rules = new Registry<Rule, 'rule', RuleName>(ruleKind, shippedRules)

/** All pre-rules by name. */
export const beforeRules = new Registry<BeforeRule, 'rule', BeforeRuleName>(beforeRuleKind, shippedBefore)

/** More pre-rules than that are a mistake. */
const mostBefore = 16

/**
 * Throws AggregationError unless `spec` names a rule and pre-rules, with options of theirs, that are defined for n rows of
 * which `tolerated` may be Byzantine: `unknown-rule`, `unknown-option`, `bad-option`, `bad-tolerated`, `bad-rows` (n < 1) or
 * `requirement-unmet`. Where updates weigh differently n and `tolerated` are weight, of which one has `heaviest`, and a rule
 * that counts updates is `weights-refused`.
 */
export function checkRule(spec: RuleSpec | RuleObjectSpec, n: number, heaviest = 1): void {
  checkedPlan(chosen(spec), n, heaviest)
}

/** The same of updates that weigh so much; also throws AggregationError `bad-weights`. */
export function checkRuleOfWeights(spec: RuleSpec | RuleObjectSpec, weights: readonly number[]): void {
  resolveRule(spec, weights.length, weights)
}

/** The rules of `spec` with all their options, defaults filled in. Throws as `checkRule`, and `bad-weights`. */
export function resolveRule(spec: RuleSpec | RuleObjectSpec, n: number, weights?: readonly number[]): Plan {
  return planOf(chosen(spec), n, weights)
}

function chosen(spec: RuleSpec | RuleObjectSpec): Choice {
  return typeof spec.rule === 'object' ? choiceOf(spec as RuleObjectSpec) : chosenByName(spec as RuleSpec)
}

/**
 * What comes from a file, or from anybody, as a spec: its names are names of rules. Options of the rule, and whether so
 * many updates are enough, `checkRule` looks at. Throws AggregationError `unknown-rule`; of pre-rules also `unknown-option` and
 * `bad-option`.
 */
export function ruleSpec(data: {
  readonly rule: string
  readonly tolerated: number
  readonly [option: string]: unknown
}): RuleSpec {
  const spec = data as RuleSpec
  chosenByName(spec)
  return spec
}

function chosenByName({ rule: name, tolerated, before, ...given }: RuleSpec): Choice {
  return { rule: rules.find(name), given, before: chosenBefore(before), tolerated }
}

function chosenBefore(before: unknown): Choice['before'] {
  if (before === undefined) return []
  if (!Array.isArray(before) || before.length > mostBefore) {
    throw new AggregationError(
      'bad-option',
      `before must be a list of at most ${mostBefore} pre-rules, like ["nnm", { "clipping": { "norm": 2 } }].`,
    )
  }
  return before.map((spec: unknown) => {
    const { member, options } = beforeRules.choose(spec)
    return { rule: member, given: options }
  })
}
