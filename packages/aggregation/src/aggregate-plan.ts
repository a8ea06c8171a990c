import type { Options } from '@hearsay/catalogue'
import type { Mixture } from './geometry/geometry.ts'
import { NotFinite, Updates } from './geometry/updates.ts'
import { totalOf } from './geometry/weights.ts'
import { AggregationError } from './machine/error.ts'
import type { Row } from './machine/source.ts'
import { Workspace } from './machine/workspace.ts'
import { checkGiven } from './rule/define-rule.ts'
import type { Before, Plan } from './rule/plan.ts'
import type { Context } from './rule/rule.ts'

/** Numbers of a root update may not be greater: it is scaled, and the result must stay finite. */
const mostRootNorm = 1e30

/**
 * What a plan is used for: `isOwn`, whether a user wrote the rule, so that what it gives is looked at before it is taken;
 * `repeated`, whether a row may be given twice.
 */
export interface Use {
  readonly plan: Plan
  readonly context: Context
  readonly isOwn: boolean
  readonly repeated?: boolean
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
  if (!use.repeated && new Set(rows).size < rows.length) {
    throw new AggregationError('bad-rows', `A row is given twice in ${rows.join(', ')}: each update counts once.`)
  }
  if (plan.rule.context) workspace.setExtra(context[plan.rule.context])
  try {
    return run(plan, workspace, rows, isOwn)
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error
  }
  const finite = new Set(workspace.finiteRows(rows))
  const left = rows.filter((row) => finite.has(row))
  return run(
    ofFinite(
      plan,
      rows.map((row) => finite.has(row)),
    ),
    workspace,
    left,
    isOwn,
  )
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
  const all = drawn(use.plan, context)
  checkContext(all, context, length)
  const areFinite = vectors.map((vector) => vector.every(Number.isFinite))
  const plan = ofFinite(all, areFinite)
  let f = plan.tolerated
  let left: Float64Array[] = vectors.filter((_, i) => areFinite[i]).map((vector) => Float64Array.from(vector))
  for (const { rule, options } of plan.before) {
    const counts = rule.counts(left.length, f, options)
    left = rule.reference(left, f, options, plan.weights)
    f = counts.f
  }
  const { weights: _, ...others } = context
  const known = plan.weights ? { ...others, weights: plan.weights } : others
  const compute = (): Float64Array => plan.rule.reference(left, f, plan.options, known)
  return Float32Array.from(isOwn ? givenBy(plan.rule.name, compute, length) : compute())
}

/** With seeds for this time. */
export function drawn(plan: Plan, { draw = 0 }: Context): Plan {
  const reseeded = (given: Options): Options =>
    typeof given.seed === 'number' ? { ...given, seed: (given.seed ^ draw) >>> 0 } : given
  const before = plan.before.map((each) => ({ ...each, options: reseeded(each.options) }))
  return { ...plan, before, options: reseeded(plan.options) }
}

function run(plan: Plan, workspace: Workspace<ArrayBufferLike>, rows: readonly number[], isOwn: boolean) {
  return finish(plan, prepared(plan, workspace, rows), workspace.length, isOwn)
}

/** What comes to a rule, and how many of it are tolerated. */
export interface Prepared {
  readonly updates: Updates
  readonly tolerated: number
}

/** What pre-rules make of the updates; by these squared distances, where they are known. */
export function prepared(
  { before, rule, options, tolerated, weights }: Plan,
  workspace: Workspace<ArrayBufferLike>,
  rows: readonly number[],
  distances?: (rows: readonly Row[]) => Float64Array,
): Prepared {
  const points: ('origin' | 'extra')[] = []
  if (before.some((each) => each.rule.origin) || rule.origin?.(options, before.length > 0)) points.push('origin')
  if (rule.context) points.push('extra')
  let updates = new Updates({ workspace, rows, points, weights, distances })
  let f = tolerated
  for (const each of before) {
    const counts = each.rule.counts(updates.count, f, each.options)
    updates = updates.mixed(mixtureOf(each, updates, f, counts.n))
    f = counts.f
  }
  return { updates, tolerated: f }
}

/** What the rule makes of that. */
export function finish({ rule, options }: Plan, { updates, tolerated }: Prepared, length: number, isOwn: boolean) {
  const compute = (): Float32Array<ArrayBuffer> => rule.aggregate(updates, tolerated, options)
  return isOwn ? givenBy(rule.name, compute, length) : compute()
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

/** Of the updates that are finite: those that are not are tolerated no more, as they have no part in it. */
export function ofFinite(plan: Plan, areFinite: readonly boolean[]): Plan {
  const { rule, tolerated, weights } = plan
  const removed = areFinite.reduce((sum, fits, i) => sum + (fits ? 0 : (weights?.[i] ?? 1)), 0)
  if (removed > tolerated || !areFinite.includes(true)) {
    const [of, inWeight] = weights ? [totalOf(weights), ' in weight'] : [areFinite.length, '']
    throw new AggregationError(
      'too-many-non-finite',
      `${removed} of ${of}${inWeight} updates have NaN or infinite numbers; rule "${rule.name}" tolerates ${tolerated}, ` +
        'and needs one that has not.',
    )
  }
  return { ...plan, tolerated: tolerated - removed, weights: weights?.filter((_, i) => areFinite[i]) }
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
