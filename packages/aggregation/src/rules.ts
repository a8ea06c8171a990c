import { AggregationError } from './error.ts'
import type { Rule, RuleOptions, RuleSpec } from './rule.ts'
import { krum } from './rules/krum.ts'
import { mean } from './rules/mean.ts'
import { median } from './rules/median.ts'
import { trimmedMean } from './rules/trimmed-mean.ts'
import { suggestion } from './suggestion.ts'

/** All rules by name. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  [krum, mean, median, trimmedMean].map((rule) => [rule.name, rule]),
)

/**
 * Throws AggregationError unless `spec` names a rule, with options of that rule, that is defined for n rows of which
 * `tolerated` may be Byzantine: `unknown-rule`, `unknown-option`, `bad-option`, `bad-tolerated`, `bad-rows` (n < 1) or
 * `requirement-unmet`.
 */
export function checkRule(spec: RuleSpec, n: number): void {
  resolveRule(spec, n)
}

/** The rule of `spec` with all its options, defaults filled in. Throws as `checkRule`. */
export function resolveRule(spec: RuleSpec, n: number): { rule: Rule; options: RuleOptions } {
  const name: unknown = spec.rule
  const rule = typeof name === 'string' ? rules.get(name) : undefined
  if (!rule) {
    const names = [...rules.keys()]
    const hint = suggestion(String(name), names) || `; the rules are ${names.join(', ')}.`
    throw new AggregationError('unknown-rule', `Unknown aggregation rule "${String(name)}"${hint}`)
  }
  const options = resolveOptions(rule, spec)
  const f = spec.tolerated
  if (!Number.isSafeInteger(f) || f < 0) {
    throw new AggregationError('bad-tolerated', `Rule "${rule.name}": tolerated must be an integer ≥ 0, not ${f}.`)
  }
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new AggregationError('bad-rows', `Rule "${rule.name}" needs at least one update, not ${n}.`)
  }
  if (!rule.requirement(n, f, options)) {
    throw new AggregationError(
      'requirement-unmet',
      `Rule "${rule.name}" requires ${rule.requirementText}, which n = ${n}, f = ${f} does not meet: ` +
        'tolerate fewer, or aggregate more updates.',
    )
  }
  return { rule, options }
}

function resolveOptions(rule: Rule, spec: RuleSpec): RuleOptions {
  const known = Object.keys(rule.options)
  for (const name of Object.keys(spec)) {
    if (name === 'rule' || name === 'tolerated' || known.includes(name)) continue
    const hint =
      suggestion(name, ['tolerated', ...known]) ||
      (known.length > 0 ? `; its options are ${known.join(', ')}.` : '; it has none.')
    throw new AggregationError('unknown-option', `Rule "${rule.name}" has no option "${name}"${hint}`)
  }
  const options: Record<string, string> = {}
  for (const [name, values] of Object.entries(rule.options)) {
    const given = spec[name] ?? values[0]
    const value = values.find((allowed) => allowed === given)
    if (value === undefined) {
      throw new AggregationError(
        'bad-option',
        `Rule "${rule.name}": ${name} must be ${values.join(' or ')}, not "${String(given)}".`,
      )
    }
    options[name] = value
  }
  return options
}
