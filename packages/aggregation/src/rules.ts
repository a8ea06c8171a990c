import { arc } from './before/arc.ts'
import { bucketing } from './before/bucketing.ts'
import { clipping } from './before/clipping.ts'
import { nnm } from './before/nnm.ts'
import { faultOf } from './define-rule.ts'
import { AggregationError } from './error.ts'
import { type RuleOptions, resolveOptions } from './option.ts'
import type { BeforeRule, BeforeSpec, Rule, RuleSpec } from './rule.ts'
import { bulyan } from './rules/bulyan.ts'
import { caf } from './rules/caf.ts'
import { centeredClipping } from './rules/centered-clipping.ts'
import { cge } from './rules/cge.ts'
import { dnc } from './rules/dnc.ts'
import { fltrust } from './rules/fltrust.ts'
import { geometricMedian } from './rules/geometric-median.ts'
import { krum } from './rules/krum.ts'
import { mda } from './rules/mda.ts'
import { meamed } from './rules/meamed.ts'
import { mean } from './rules/mean.ts'
import { median } from './rules/median.ts'
import { multiKrum } from './rules/multi-krum.ts'
import { mva } from './rules/mva.ts'
import { phocas } from './rules/phocas.ts'
import { signguard } from './rules/signguard.ts'
import { smea } from './rules/smea.ts'
import { trimmedMean } from './rules/trimmed-mean.ts'
import { suggestion } from './suggestion.ts'

const registered = new Map<string, Rule>(
  [
    bulyan,
    caf,
    centeredClipping,
    cge,
    dnc,
    fltrust,
    geometricMedian,
    krum,
    mda,
    meamed,
    mean,
    median,
    multiKrum,
    mva,
    phocas,
    signguard,
    smea,
    trimmedMean,
  ].map((rule) => [rule.name, rule]),
)

const shipped: ReadonlySet<Rule> = new Set(registered.values())

/** Whether a user registered it: what it gives is looked at before it is taken. */
export function isOwn(rule: Rule): boolean {
  return !shipped.has(rule)
}

/** All rules by name, those that users registered included. */
export const rules: ReadonlyMap<string, Rule> = registered

/**
 * Makes a rule of one's own known by its name, to whatever takes rules as data, for the life of the process. Once more is
 * no matter. Throws AggregationError `bad-rule` when it lacks something, or when another rule has its name.
 */
export function registerRule(rule: Rule): void {
  const fault = faultOf(rule, {
    functions: ['requirement', 'aggregate', 'reference'],
    texts: ['summary', 'requirementText'],
  })
  if (fault !== undefined) throw new AggregationError('bad-rule', `No rule: ${fault}.`)
  const before = registered.get(rule.name)
  if (before !== undefined && before !== rule) {
    throw new AggregationError('bad-rule', `There is a rule "${rule.name}" already: give yours another name.`)
  }
  registered.set(rule.name, rule)
}

/** All pre-rules by name. */
export const beforeRules: ReadonlyMap<string, BeforeRule> = new Map(
  [arc, bucketing, clipping, nnm].map((rule) => [rule.name, rule]),
)

/** More pre-rules than that are a mistake. */
const MOST_BEFORE = 16

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
}

/**
 * Throws AggregationError unless `spec` names a rule and pre-rules, with options of theirs, that are defined for n rows of
 * which `tolerated` may be Byzantine: `unknown-rule`, `unknown-option`, `bad-option`, `bad-tolerated`, `bad-rows` (n < 1) or
 * `requirement-unmet`.
 */
export function checkRule(spec: RuleSpec, n: number): void {
  resolveRule(spec, n)
}

/** The rules of `spec` with all their options, defaults filled in. Throws as `checkRule`. */
export function resolveRule(spec: RuleSpec, n: number): Plan {
  const rule = find(rules, spec.rule, 'aggregation rule', 'the rules')
  const of = `Rule "${rule.name}"`
  const options = resolveOptions(of, rule.options, spec, ['rule', 'tolerated', 'before'])
  const before = stepsOf(spec.before)
  const f = spec.tolerated
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
  return { before, rule, options }
}

function stepsOf(before: unknown): Step[] {
  if (before === undefined) return []
  if (!Array.isArray(before) || before.length > MOST_BEFORE) {
    throw new AggregationError(
      'bad-option',
      `before must be a list of at most ${MOST_BEFORE} pre-rules, like ["nnm", { "clipping": { "norm": 2 } }].`,
    )
  }
  return before.map((spec: BeforeSpec) => {
    const [name, given] = nameAndOptions(spec)
    const rule = find(beforeRules, name, 'pre-rule', 'the pre-rules')
    return { rule, options: resolveOptions(`Pre-rule "${rule.name}"`, rule.options, given) }
  })
}

function nameAndOptions(spec: unknown): [name: unknown, options: Readonly<Record<string, unknown>>] {
  if (typeof spec !== 'object' || spec === null) return [spec, {}]
  const entries = Object.entries(spec)
  const [name, options] = entries[0] ?? []
  if (entries.length !== 1 || typeof options !== 'object' || options === null) {
    throw new AggregationError(
      'bad-option',
      'A pre-rule is its name, or one name with its options, like { "clipping": { "norm": 2 } }.',
    )
  }
  return [name, options as Readonly<Record<string, unknown>>]
}

function find<T>(among: ReadonlyMap<string, T>, name: unknown, kind: string, all: string): T {
  const found = typeof name === 'string' ? among.get(name) : undefined
  if (found) return found
  const names = [...among.keys()]
  const hint = suggestion(String(name), names) || `; ${all} are ${names.join(', ')}.`
  throw new AggregationError('unknown-rule', `Unknown ${kind} "${String(name).slice(0, 50)}"${hint}`)
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
