import { AggregationError, aggregateVectors, checkRule, type RuleSpec } from '@hearsay/aggregation'
import type { ByzflCall } from './byzfl.ts'
import type { Comparison } from './compare.ts'

/** Options of a rule, and pre-rules, that make it the one that ByzFL means. */
type Conventions = Readonly<Record<string, unknown>>

export const neighbours: Conventions = { neighbours: 'n-f-1' }
export const geometricMedian: Conventions = { start: 'zero', smoothing: 0.1, tolerance: 0, iterations: 3 }
export const centeredClipping: Conventions = { radius: 100, iterations: 1 }

interface Line extends Pick<Comparison, 'ties' | 'unjudged' | 'limitMs'> {
  /** Printed; the rule's name when left out. */
  readonly name?: string
  readonly kind?: 'pre-rule'
  /** One that is not here yet, among them. */
  readonly rule: string
  readonly options?: Conventions
  readonly byzfl?: NonNullable<Comparison['byzfl']>
  readonly accepts?: Comparison['accepts']
  readonly remarks?: readonly string[]
}

const withF =
  (name: string) =>
  (f: number): ByzflCall => ({ class: name, arguments: { f } })
const withoutF = (name: string, options: ByzflCall['arguments'] = {}) => {
  const call = { class: name, arguments: options }
  return () => call
}
/** A pre-rule of ByzFL and the rule that it is compared through. */
const through = (call: (f: number) => ByzflCall, after: (f: number) => ByzflCall) => (f: number) => ({
  ...call(f),
  after: after(f),
})

const lines: readonly Line[] = [
  { rule: 'mean', byzfl: withoutF('Average') },
  { rule: 'median', byzfl: withoutF('Median') },
  { rule: 'trimmed-mean', byzfl: withF('TrMean') },
  {
    rule: 'meamed',
    byzfl: withF('Meamed'),
    ties: 'coordinate',
    remarks: ['of values equally near the median ByzFL takes what argpartition happens to leave in front'],
  },
  {
    rule: 'krum',
    options: neighbours,
    byzfl: withF('Krum'),
    ties: 'vector',
    remarks: ['our default sums the n−f−2 nearest, as the paper does; ByzFL, and this comparison, n−f−1'],
  },
  {
    rule: 'multi-krum',
    options: neighbours,
    byzfl: withF('MultiKrum'),
    ties: 'vector',
    remarks: ['as krum; both take the mean of the n−f best'],
  },
  {
    rule: 'geometric-median',
    options: geometricMedian,
    byzfl: withoutF('GeometricMedian', { nu: 0.1, T: 3 }),
    remarks: ['our default runs to a tolerance; ByzFL, and this comparison, three steps from zero with ν = 0.1'],
  },
  {
    name: 'geometric-median to the end',
    rule: 'geometric-median',
    byzfl: withoutF('GeometricMedian', { nu: 1e-9, T: 2000 }),
    accepts: (n) => n <= 16,
    remarks: ['our default beside 2000 steps of ByzFL with ν = 1e-9; it ends at a step of 1e-7'],
  },
  {
    rule: 'centered-clipping',
    options: centeredClipping,
    byzfl: withoutF('CenteredClipping', { L: 1, tau: 100 }),
    remarks: ['ByzFL keeps its last output in the object; here it starts from zero, as ours without a previous output'],
  },
  {
    rule: 'mda',
    byzfl: withF('MDA'),
    ties: 'vector',
    accepts: (n) => n <= 11,
    remarks: ['ByzFL lists all subsets before it starts: compared up to n = 11'],
  },
  {
    rule: 'caf',
    byzfl: (f) => ({ ...withF('CAF')(f), exactEigenvectors: true }),
    ties: 'vector',
    accepts: (_, f) => f > 0,
    remarks: [
      'ByzFL takes one step of power iteration from a random start; here it is given the eigenvector that the paper asks for',
      'ByzFL scales by the greatest τ of all rows, also of those whose weight is 0, so that it does not end when one that ' +
        'was taken out is far enough; here, as in ours, by that of the rows that still count',
    ],
  },
  {
    name: 'caf as it is',
    rule: 'caf',
    byzfl: withF('CAF'),
    // Far rows have it run for ever: one input is enough to see it.
    accepts: (n, f, family) => f > 0 && family !== 'huge' && (family !== 'outliers' || n === 7),
    unjudged: true,
    limitMs: 5000,
    remarks: [
      'the same without these two changes: another output for every seed; none on equal rows, and none in 5 s when rows are far',
    ],
  },
  {
    rule: 'smea',
    byzfl: (f) => ({ ...withF('SMEA')(f), exactEigenvectors: true }),
    ties: 'vector',
    accepts: (n) => n <= 11,
    remarks: ['as caf; ByzFL tries all subsets: compared up to n = 11'],
  },
  // For a neighbourhood: the mean of the n−f nearest to its own.
  { rule: 'nna', byzfl: withF('MoNNA') },
  { rule: 'mva' },
  { rule: 'phocas' },
  { rule: 'bulyan' },
  { rule: 'cge' },
  { rule: 'dnc' },
  { rule: 'signguard' },
  { rule: 'fltrust' },
  ...beforeLines('nnm', 'nnm', withF('NNM'), { ties: 'vector' }),
  ...beforeLines('arc', 'arc', withF('ARC'), {
    remarks: ['ByzFL changes its input in place, ours does not'],
  }),
  ...beforeLines('clipping', { clipping: { norm: 2 } }, withoutF('Clipping', { c: 2 }), {
    remarks: ['ByzFL changes its input in place, ours does not'],
  }),
  {
    kind: 'pre-rule',
    name: 'bucketing → median',
    rule: 'median',
    options: { before: [{ bucketing: { size: 2 } }] },
    byzfl: (f) => ({ ...through(withoutF('Bucketing', { s: 2 }), withoutF('Median'))(f), shuffles: true }),
    accepts: (n, f) => n <= 7 && f === 1,
    remarks: [
      'ByzFL shuffles by the global generator, ours by its seed: ours must be the result of one of all n! shuffles',
    ],
  },
]

/** A pre-rule is compared through rules that see different things of its output. */
function beforeLines(
  name: string,
  before: unknown,
  call: (f: number) => ByzflCall,
  more: Pick<Line, 'ties' | 'remarks'>,
): Line[] {
  const rules: [string, (f: number) => ByzflCall][] = [
    ['mean', withoutF('Average')],
    ['median', withoutF('Median')],
    ['trimmed-mean', withF('TrMean')],
  ]
  return rules.map(([rule, after]) => ({
    kind: 'pre-rule',
    name: `${name} → ${rule}`,
    rule,
    options: { before: [before] },
    byzfl: through(call, after),
    ...more,
  }))
}

/** All rules and pre-rules of the reference page. */
export const ruleComparisons = (): Comparison[] => lines.map(comparisonOf)

function comparisonOf(line: Line): Comparison {
  const spec = (f: number) => ({ ...line.options, rule: line.rule, tolerated: f }) as RuleSpec
  const { ties, unjudged, limitMs, byzfl } = line
  const head = { name: line.name ?? line.rule, kind: line.kind ?? ('rule' as const), remarks: line.remarks ?? [] }
  const absent = notHere(spec(1)) ?? (byzfl ? undefined : 'ByzFL does not have it')
  if (absent !== undefined) return { ...head, absent }
  return {
    ...head,
    ours: (rows, f) => aggregateVectors(spec(f), rows),
    accepts: (n, f, family) => isDefined(spec(f), n) && line.accepts?.(n, f, family) !== false,
    ...(byzfl && { byzfl }),
    ...(ties && { ties }),
    ...(unjudged && { unjudged }),
    ...(limitMs && { limitMs }),
  }
}

/** Why there is nothing to compare or to time. */
export function notHere(spec: RuleSpec): string | undefined {
  try {
    checkRule(spec, 43)
    return undefined
  } catch (error) {
    if (error instanceof AggregationError && error.code === 'unknown-rule') return 'not here yet'
    throw error
  }
}

function isDefined(spec: RuleSpec, n: number): boolean {
  try {
    checkRule(spec, n)
    return true
  } catch (error) {
    if (error instanceof AggregationError && error.code === 'requirement-unmet') return false
    throw error
  }
}
