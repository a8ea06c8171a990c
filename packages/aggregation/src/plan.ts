import { faultOf } from './define-rule.ts'
import { AggregationError } from './error.ts'
import { type RuleOptions, resolveOptions } from './option.ts'
import type { BeforeRule, Rule, RuleObjectSpec } from './rule.ts'

/** A pre-rule with all its options. */
export interface Step {
  readonly rule: BeforeRule
  readonly options: RuleOptions
}

/** What a spec means. */
export interface Plan {
  readonly before: readonly Step[]
  readonly rule: Rule
  readonly options: RuleOptions
  /** f, of the updates before all. */
  readonly tolerated: number
}

/** A rule and what comes before it, each with what is given of its options. */
export interface Choice {
  readonly rule: Rule
  readonly given: Readonly<Record<string, unknown>>
  readonly before: readonly { readonly rule: BeforeRule; readonly given: Readonly<Record<string, unknown>> }[]
  readonly tolerated: number
}

/** Throws AggregationError `bad-rule` unless this is a rule; with `mixture`, a pre-rule. */
export function checkObject(rule: unknown, does: 'aggregate' | 'mixture'): void {
  const functions = ['requirement', 'reference', does, ...(does === 'mixture' ? ['counts'] : [])]
  const fault = faultOf(rule, { functions, texts: ['summary', 'requirementText'] })
  if (fault !== undefined) throw new AggregationError('bad-rule', `No rule: ${fault}.`)
}

/** What a spec of objects chooses. */
export function choiceOf({ rule, tolerated, before = [], ...given }: RuleObjectSpec): Choice {
  checkObject(rule, 'aggregate')
  return {
    rule,
    given,
    before: before.map((each) => {
      // A pre-rule has no `rule` of its own: what has one is a pre-rule with options.
      const { rule: chosen, ...options } = 'rule' in each ? (each as { readonly rule: BeforeRule }) : { rule: each }
      checkObject(chosen, 'mixture')
      return { rule: chosen as BeforeRule, given: options }
    }),
    tolerated,
  }
}

/**
 * The rules with all their options, defaults filled in. Throws AggregationError unless they are defined for n rows of which
 * `tolerated` may be Byzantine: `unknown-option`, `bad-option`, `bad-tolerated`, `bad-rows` (n < 1), `requirement-unmet`.
 */
export function planOf({ rule, given, before: chosen, tolerated: f }: Choice, n: number): Plan {
  const of = `Rule "${rule.name}"`
  const options = resolveOptions(of, rule.options, given, ['rule', 'tolerated', 'before'])
  const before = chosen.map((step) => ({
    rule: step.rule,
    options: resolveOptions(`Pre-rule "${step.rule.name}"`, step.rule.options, step.given),
  }))
  if (!Number.isSafeInteger(f) || f < 0) {
    throw new AggregationError('bad-tolerated', `${of}: tolerated must be an integer ≥ 0, not ${f}.`)
  }
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new AggregationError('bad-rows', `${of} needs at least one update, not ${n}.`)
  }
  let counts = { n, f }
  for (const step of before) {
    require(`Pre-rule "${step.rule.name}"`, step, counts, n)
    counts = step.rule.counts(counts.n, counts.f, step.options)
  }
  require(of, { rule, options }, counts, n)
  return { before, rule, options, tolerated: f }
}

interface Required {
  requirement(n: number, f: number, options: RuleOptions): boolean
  readonly requirementText: string
}

/** `counts` is what reaches the rule, `updates` what there was before all. */
function require(
  of: string,
  { rule, options }: { rule: Required; options: RuleOptions },
  { n, f }: { n: number; f: number },
  updates: number,
): void {
  if (n >= 1 && isMet(of, rule, { n, f }, options)) return
  const left = n === updates ? '' : ` (${n} are left of ${updates} updates by what comes before)`
  throw new AggregationError(
    'requirement-unmet',
    `${of} requires ${rule.requirementText}, which n = ${n}, f = ${f} does not meet${left}: ` +
      'tolerate fewer, or aggregate more updates.',
  )
}

/** A requirement of one's own may be wrong too: what it throws is told with the rule. */
function isMet(of: string, rule: Required, { n, f }: { n: number; f: number }, options: RuleOptions): boolean {
  let met: unknown
  try {
    met = rule.requirement(n, f, options)
  } catch (error) {
    const told = `its requirement throws for n = ${n}, f = ${f}: ${String(error)}`
    throw new AggregationError('bad-rule', `${of}: ${told}`, { cause: error })
  }
  if (typeof met === 'boolean') return met
  throw new AggregationError('bad-rule', `${of}: its requirement gave ${String(met)} where true or false is due.`)
}
