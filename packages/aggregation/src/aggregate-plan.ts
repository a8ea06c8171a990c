import type { Options } from '@hearsay/catalogue'
import type { Mixture } from './geometry/geometry.ts'
import { NotFinite, Updates } from './geometry/updates.ts'
import { AggregationError } from './machine/error.ts'
import { Workspace } from './machine/workspace.ts'
import { checkGiven } from './rule/define-rule.ts'
import type { Before, Plan } from './rule/plan.ts'
import type { Context } from './rule/rule.ts'

/** Numbers of a root update may not be greater: it is scaled, and the result must stay finite. */
const mostRootNorm = 1e30

/** What a plan is used for: `isOwn`, whether a user wrote the rule, so that what it gives is looked at before it is taken. */
export interface Use {
  readonly plan: Plan
  readonly context: Context
  readonly isOwn: boolean
}

/** See `aggregate`, but for what a spec means. */
export function aggregatePlan(
  use: Use,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
): Float32Array<ArrayBuffer> {
  const { context, isOwn } = use
  const plan = drawn(use.plan, context)
  checkContext(plan, context, workspace.length)
  if (new Set(rows).size < rows.length) {
    throw new AggregationError('bad-rows', `A row is given twice in ${rows.join(', ')}: each update counts once.`)
  }
  if (plan.rule.context) workspace.setExtra(context[plan.rule.context])
  try {
    return run(plan, workspace, rows, { tolerated: plan.tolerated, isOwn })
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error
  }
  const finite = workspace.finiteRows(rows)
  return run(plan, workspace, finite, { tolerated: toleratedAfterRemoval(plan, rows.length, finite.length), isOwn })
}

/** See `aggregateVectors`, but for what a spec means. */
export function aggregatePlanOfVectors(use: Use, vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const { rows, length } = checkVectors(vectors)
  const workspace = new Workspace({ rows, length })
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  return aggregatePlan(use, workspace, [...vectors.keys()])
}

/** See `reference`, but for what a spec means. */
export function referenceOfPlan(use: Use, vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const { context, isOwn } = use
  const { length } = checkVectors(vectors)
  const plan = drawn(use.plan, context)
  checkContext(plan, context, length)
  const finite = vectors.filter((vector) => vector.every(Number.isFinite)).map((vector) => Float64Array.from(vector))
  let f = toleratedAfterRemoval(plan, vectors.length, finite.length)
  let left: Float64Array[] = finite
  for (const { rule, options } of plan.before) {
    const counts = rule.counts(left.length, f, options)
    left = rule.reference(left, f, options)
    f = counts.f
  }
  const compute = (): Float64Array => plan.rule.reference(left, f, plan.options, context)
  return Float32Array.from(isOwn ? givenBy(plan.rule.name, compute, length) : compute())
}

/** With seeds for this time. */
function drawn({ before, rule, options, tolerated }: Plan, { draw = 0 }: Context): Plan {
  const reseeded = (given: Options): Options =>
    typeof given.seed === 'number' ? { ...given, seed: (given.seed ^ draw) >>> 0 } : given
  return {
    before: before.map((each) => ({ ...each, options: reseeded(each.options) })),
    rule,
    options: reseeded(options),
    tolerated,
  }
}

function run(
  { before, rule, options }: Plan,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  { tolerated, isOwn }: { readonly tolerated: number; readonly isOwn: boolean },
) {
  const points: ('origin' | 'extra')[] = []
  if (before.some((each) => each.rule.origin) || rule.origin?.(options, before.length > 0)) points.push('origin')
  if (rule.context) points.push('extra')
  let updates = new Updates({ workspace, rows, points })
  let f = tolerated
  for (const each of before) {
    const counts = each.rule.counts(updates.count, f, each.options)
    updates = updates.mixed(mixtureOf(each, updates, f, counts.n))
    f = counts.f
  }
  const compute = (): Float32Array<ArrayBuffer> => rule.aggregate(updates, f, options)
  return isOwn ? givenBy(rule.name, compute, workspace.length) : compute()
}

/** What a pre-rule makes of the updates, if it is as many combinations as it said: a user may have written it. */
export function mixtureOf({ rule, options }: Before, updates: Updates, tolerated: number, count: number): Mixture {
  const mixture = rule.mixture(updates, tolerated, options)
  const { weights } = mixture
  const whole = weights instanceof Float64Array && weights.length === count * updates.count
  if (mixture.count === count && whole && weights.every(Number.isFinite)) return mixture
  const due = `${count} combinations of ${updates.count} vectors with finite weights are due`
  throw new AggregationError('bad-rule', `Pre-rule "${rule.name}" gave something else where ${due}.`)
}

/** What a rule of one's own gives, if it is a vector of that length. */
function givenBy<T extends ArrayLike<number>>(name: string, compute: () => T, length: number): T {
  let given: T
  try {
    given = compute()
  } catch (error) {
    if (error instanceof AggregationError || error instanceof NotFinite) throw error
    throw new AggregationError('bad-rule', `Rule "${name}" throws: ${String(error)}`, { cause: error })
  }
  checkGiven(name, given, length)
  return given
}

export function toleratedAfterRemoval({ rule, tolerated }: Plan, n: number, finite: number): number {
  const removed = n - finite
  if (removed > tolerated || finite === 0) {
    throw new AggregationError(
      'too-many-non-finite',
      `${removed} of ${n} updates have NaN or infinite numbers; rule "${rule.name}" tolerates ${tolerated}, ` +
        'and needs one that has not.',
    )
  }
  return tolerated - removed
}

function checkContext({ rule }: Plan, context: Context, length: number): void {
  const name = rule.context
  if (!name) return
  const vector = context[name]
  if (vector === undefined && name === 'previous') return
  const most = name === 'root' ? mostRootNorm / Math.sqrt(length + 1) : Number.MAX_VALUE
  if (vector?.length === length && isWithin(vector, most)) return
  const found = vector === undefined ? 'none' : `${vector.length} numbers, or some that are not finite`
  throw new AggregationError(
    'bad-context',
    `Rule "${rule.name}" needs a ${name} vector of ${length} finite numbers in its context; it got ${found}.`,
  )
}

/** A plain loop: a vector may be long, and this is one of the few things that only one thread does. */
export function isWithin(vector: Float32Array, most: number): boolean {
  for (let column = 0; column < vector.length; column++) if (!(Math.abs(vector[column]!) <= most)) return false
  return true
}

function checkVectors(vectors: readonly Float32Array[]): { rows: number; length: number } {
  const length = vectors[0]!.length
  for (const [index, vector] of vectors.entries()) {
    if (vector.length !== length) {
      throw new AggregationError(
        'bad-vectors',
        `Vectors must have one length: the first has ${length} numbers, number ${index + 1} has ${vector.length}.`,
      )
    }
  }
  return { rows: vectors.length, length }
}
