import { arc } from './before/arc.ts'
import { bucketing } from './before/bucketing.ts'
import { clipping } from './before/clipping.ts'
import { nnm } from './before/nnm.ts'
import { AggregationError } from './error.ts'
import { type Choice, checkObject, choiceOf, type Plan, planOf } from './plan.ts'
import type { BeforeRule, Rule, RuleObjectSpec, RuleSpec } from './rule.ts'
import type { BeforeRuleName, RuleName } from './rule-names.ts'
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

/** By name. A compiler takes the names from here. */
export const shippedRules = {
  bulyan,
  caf,
  'centered-clipping': centeredClipping,
  cge,
  dnc,
  fltrust,
  'geometric-median': geometricMedian,
  krum,
  mda,
  meamed,
  mean,
  median,
  'multi-krum': multiKrum,
  mva,
  phocas,
  signguard,
  smea,
  'trimmed-mean': trimmedMean,
}

export const shippedBefore = { arc, bucketing, clipping, nnm }

const registered = new Map<string, Rule>(Object.entries(shippedRules))

const shipped: ReadonlySet<Rule> = new Set(registered.values())

/** Whether a user registered it: what it gives is looked at before it is taken. */
export function isOwn(rule: Rule): boolean {
  return !shipped.has(rule)
}

/** Any text may be looked up; what is there has a name of the type. */
interface ByName<Name extends string, T> extends ReadonlyMap<string, T> {
  keys(): MapIterator<Name>
}

/** All rules by name, those that users registered included. */
export const rules = registered as ByName<RuleName, Rule>

/**
 * Makes a rule of one's own known by its name, to whatever takes rules as data, for the life of the process. Once more is
 * no matter. Throws AggregationError `bad-rule` when it lacks something, or when another rule has its name.
 */
export function registerRule(rule: Rule): void {
  checkObject(rule, 'aggregate')
  const before = registered.get(rule.name)
  if (before !== undefined && before !== rule) {
    throw new AggregationError('bad-rule', `There is a rule "${rule.name}" already: give yours another name.`)
  }
  registered.set(rule.name, rule)
}

/** All pre-rules by name. */
export const beforeRules = new Map(Object.entries(shippedBefore)) as ByName<BeforeRuleName, BeforeRule>

/** More pre-rules than that are a mistake. */
const MOST_BEFORE = 16

/**
 * Throws AggregationError unless `spec` names a rule and pre-rules, with options of theirs, that are defined for n rows of
 * which `tolerated` may be Byzantine: `unknown-rule`, `unknown-option`, `bad-option`, `bad-tolerated`, `bad-rows` (n < 1) or
 * `requirement-unmet`.
 */
export function checkRule(spec: RuleSpec | RuleObjectSpec, n: number): void {
  resolveRule(spec, n)
}

/** The rules of `spec` with all their options, defaults filled in. Throws as `checkRule`. */
export function resolveRule(spec: RuleSpec | RuleObjectSpec, n: number): Plan {
  return planOf(typeof spec.rule === 'object' ? choiceOf(spec as RuleObjectSpec) : chosenByName(spec as RuleSpec), n)
}

/**
 * What comes from a file, or from anybody, as a spec: its names are names of rules. Options, and whether so many updates are
 * enough, `checkRule` looks at. Throws AggregationError `unknown-rule`, or `bad-option` for what is no list of pre-rules.
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
  const rule = find(rules, name, 'aggregation rule', 'the rules')
  return { rule, given, before: chosenBefore(before), tolerated }
}

function chosenBefore(before: unknown): Choice['before'] {
  if (before === undefined) return []
  if (!Array.isArray(before) || before.length > MOST_BEFORE) {
    throw new AggregationError(
      'bad-option',
      `before must be a list of at most ${MOST_BEFORE} pre-rules, like ["nnm", { "clipping": { "norm": 2 } }].`,
    )
  }
  return before.map((spec: unknown) => {
    const [name, given] = nameAndOptions(spec)
    return { rule: find(beforeRules, name, 'pre-rule', 'the pre-rules'), given }
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
