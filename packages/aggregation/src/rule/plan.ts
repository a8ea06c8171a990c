import { checkMember, type Kind, type Options, optionsOf, titled } from '@hearsay/catalogue'
import { totalOf } from '../geometry/weights.ts'
import { AggregationError } from '../machine/error.ts'
import type { BeforeRule, Rule, RuleObjectSpec } from './rule.ts'

/** A pre-rule with all its options. */
export interface Before {
  readonly rule: BeforeRule
  readonly options: Options
}

/** What a spec means. */
export interface Plan {
  readonly before: readonly Before[]
  readonly rule: Rule
  readonly options: Options
  /** f, of the updates before all: weight, if there are weights. */
  readonly tolerated: number
  /** Of the updates, if they differ or count in full. */
  readonly weights?: readonly number[] | undefined
}

/** A rule and what comes before it, each with what is given of its options. */
export interface Choice {
  readonly rule: Rule
  readonly given: Readonly<Record<string, unknown>>
  readonly before: readonly { readonly rule: BeforeRule; readonly given: Readonly<Record<string, unknown>> }[]
  readonly tolerated: number
}

export const ruleKind: Kind<'rule'> = {
  word: 'rule',
  nouns: ['rule', 'rules'],
  functions: ['requirement', 'reference', 'aggregate'],
  texts: ['requirementText'],
  beside: ['rule', 'tolerated', 'before'],
  error: (code, message) => new AggregationError(code, message),
}

export const beforeRuleKind: Kind<'rule'> = {
  ...ruleKind,
  nouns: ['pre-rule', 'pre-rules'],
  functions: ['requirement', 'reference', 'mixture', 'counts'],
  beside: ['rule'],
}

/** What a spec of objects chooses. */
export function choiceOf({ rule, tolerated, before = [], ...given }: RuleObjectSpec): Choice {
  checkMember(ruleKind, rule)
  return {
    rule,
    given,
    before: before.map((each) => {
      // A pre-rule has no `rule` of its own: what has one is a pre-rule with options.
      const { rule: chosen, ...options } = 'rule' in each ? (each as { readonly rule: BeforeRule }) : { rule: each }
      checkMember(beforeRuleKind, chosen)
      return { rule: chosen as BeforeRule, given: options }
    }),
    tolerated,
  }
}

/**
 * The rules with all their options, defaults filled in. Throws AggregationError unless they are defined for n rows of which
 * `tolerated` may be Byzantine: `unknown-option`, `bad-option`, `bad-tolerated`, `bad-rows` (n < 1), `requirement-unmet`.
 */
export function planOf(choice: Choice, n: number, weights?: readonly number[]): Plan {
  if (weights === undefined) return checkedPlan(choice, n, 1)
  checkWeights(weights, n)
  const [first = 1] = weights
  // Of equals so many may lie as weigh F together.
  const equal = weights.every((weight) => weight === first)
  if (equal && (first === 1 || choice.rule.weighted !== 'in full'))
    return checkedPlan({ ...choice, tolerated: heads(choice.tolerated, first) }, n, 1)
  return { ...checkedPlan(choice, totalOf(weights), Math.max(...weights)), weights }
}

function heads(tolerated: number, weight: number): number {
  return Number.isSafeInteger(tolerated) ? Math.floor(tolerated / weight) : tolerated
}

/** Of n updates, or of so much weight, of which the heaviest has `heaviest`. */
export function checkedPlan({ rule, given, before: chosen, tolerated: f }: Choice, n: number, heaviest: number): Plan {
  const of = titled(ruleKind, rule.name)
  const options = optionsOf(ruleKind, rule, given)
  const before = chosen.map((each) => ({ rule: each.rule, options: optionsOf(beforeRuleKind, each.rule, each.given) }))
  if (!Number.isSafeInteger(f) || f < 0) {
    throw new AggregationError('bad-tolerated', `${of}: tolerated must be an integer ≥ 0, not ${f}.`)
  }
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new AggregationError('bad-rows', `${of} needs at least one update, not ${n}.`)
  }
  if (heaviest > 1) refuseHeads([...before.map((each) => each.rule), rule])
  let counts = { n, f, heaviest }
  for (const each of before) {
    require(titled(beforeRuleKind, each.rule.name), each, counts, n)
    counts = { ...each.rule.counts(counts.n, counts.f, each.options), heaviest }
  }
  require(of, { rule, options }, counts, n)
  return { before, rule, options, tolerated: f }
}

/** Sums of weights are int32 in kernels. */
const mostWeight = 2 ** 31 - 1

function checkWeights(weights: readonly number[], n: number): void {
  const whole = weights.every((weight) => Number.isSafeInteger(weight) && weight >= 1)
  if (whole && weights.length === n && totalOf(weights) <= mostWeight) return
  throw new AggregationError(
    'bad-weights',
    `Weights must be ${n} integers from 1, as many as updates, of at most ${mostWeight} in all; there are ${weights.length}.`,
  )
}

function refuseHeads(rules: readonly (Rule | BeforeRule)[]): void {
  const heads = rules.find(({ weighted = 'refuses' }) => weighted === 'refuses')
  if (heads === undefined) return
  throw new AggregationError(
    'weights-refused',
    `Rule "${heads.name}" counts updates, and refuses weights that differ: choose one that counts weight, or equal weights.`,
  )
}

interface Required {
  requirement(n: number, f: number, options: Options, heaviest?: number): boolean
  readonly requirementText: string
}

/** `counts` is what reaches the rule, `updates` what there was before all. */
function require(
  of: string,
  { rule, options }: { rule: Required; options: Options },
  { n, f, heaviest }: { n: number; f: number; heaviest: number },
  updates: number,
): void {
  if (n >= 1 && isMet(of, rule, { n, f, heaviest }, options)) return
  const left = n === updates ? '' : ` (${n} are left of ${updates} updates by what comes before)`
  throw new AggregationError(
    'requirement-unmet',
    `${of} requires ${rule.requirementText}, which n = ${n}, f = ${f}${heaviest > 1 ? ` in weight, of which one has ${heaviest},` : ''} does not meet${left}: ` +
      'tolerate fewer, or aggregate more updates.',
  )
}

/** A requirement of one's own may be wrong too: what it throws is told with the rule. */
function isMet(
  of: string,
  rule: Required,
  { n, f, heaviest }: { n: number; f: number; heaviest: number },
  options: Options,
): boolean {
  let met: unknown
  try {
    met = rule.requirement(n, f, options, heaviest)
  } catch (error) {
    const told = `its requirement throws for n = ${n}, f = ${f}: ${String(error)}`
    throw new AggregationError('bad-rule', `${of}: ${told}`, { cause: error })
  }
  if (typeof met === 'boolean') return met
  throw new AggregationError('bad-rule', `${of}: its requirement gave ${String(met)} where true or false is due.`)
}
