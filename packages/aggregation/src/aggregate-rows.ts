/**
 * Aggregation of updates that speak about some rows of a model only.
 *
 * A rule that goes column by column takes each row among the m updates that speak about it, as if there were no others. All
 * f liars may be among these m, so the row moves only where the rule is defined for m updates and f: where m ≤ 2f of them
 * speak, those f could be half or more, and own it. Where m > 2f, most of the m are honest, and the guarantee of the rule
 * holds for n = m; with weights, m is what they weigh. Honest updates that say nothing have no part in it, so nothing is voted away by their silence; what that
 * costs is that a row of few voices stays, unless a rule bounds what each voice does in another way.
 *
 * A rule over distances cannot take rows one by one: for it the absent is zero, or it refuses. Either way only the union of
 * the rows is looked at, so that cost follows what was touched.
 */
import { aggregatePlan, mixtureOf, ofFinite, type Use } from './aggregate-plan.ts'
import { areFinite } from './geometry/finite.ts'
import { Updates } from './geometry/updates.ts'
import { totalOf } from './geometry/weights.ts'
import { AggregationError } from './machine/error.ts'
import { Workspace } from './machine/workspace.ts'
import { groupsOf } from './row-groups.ts'
import type { Plan } from './rule/plan.ts'
import { checkSparse, type SparseUpdate, type Speech, speechOf } from './sparse.ts'

/** Columns that are worked on at a time: what a kernel does in one go. */
const blockColumns = 1 << 14
/** The same where groups are of those who speak, and not only of their number. */
const weightedColumns = 512
/** So many numbers are copied faster one by one than by a call. */
const fewNumbers = 48

/** See `aggregateRows`, but for what a spec means. */
export function aggregatePlanOfRows(use: Use, given: readonly SparseUpdate[], width: number): SparseUpdate {
  checkSparse(given, width)
  const { plan } = use
  const byRow = goesByRow(plan)
  const sound = given.map(({ values }) => areFinite(values))
  const left = ofFinite(plan, sound)
  const updates = given.filter((_, i) => sound[i])
  const speech = speechOf(updates)
  const { rows } = speech
  if (rows.length === 0) return { rows, values: new Float32Array(0) }
  if (byRow) return { rows, values: rowByRow({ ...use, plan: left }, updates, speech, width) }
  const workspace = dense(updates, speech, width)
  return { rows, values: aggregatePlan({ ...use, plan: left }, workspace, [...updates.keys()]) }
}

/** Throws AggregationError `mask-refused`. */
function goesByRow({ before, rule }: Plan): boolean {
  const all = [...before.map((each) => each.rule), rule]
  const refuses = all.find(({ masks = 'refuses' }) => masks === 'refuses')
  if (refuses === undefined) return all.every(({ masks }) => masks === 'among those who speak')
  throw new AggregationError(
    'mask-refused',
    `Rule "${refuses.name}" refuses updates of some rows only: choose one whose \`masks\` says what it does with them.`,
  )
}

/** Every update in a row of its own, over all rows that anybody speaks about; the absent is zero. */
function dense(updates: readonly SparseUpdate[], { rows, starts, ...entry }: Speech, width: number): Workspace {
  const workspace = new Workspace({ rows: updates.length, length: rows.length * width })
  const vectors = updates.map((_, i) => workspace.vector(i))
  for (let u = 0; u < rows.length; u++) {
    for (let e = starts[u]!; e < starts[u + 1]!; e++) {
      const i = entry.updates[e]!
      copy(updates[i]!.values, entry.places[e]! * width, vectors[i]!, u * width, width)
    }
  }
  return workspace
}

function rowByRow(
  use: Use,
  updates: readonly SparseUpdate[],
  speech: Speech,
  width: number,
): Float32Array<ArrayBuffer> {
  const { plan } = use
  const { rows } = speech
  const values = new Float32Array(rows.length * width)
  const factors = plan.before.length > 0 ? factorsOf(plan, dense(updates, speech, width), updates.length) : undefined
  const atOnce = Math.max(1, Math.floor((plan.weights ? weightedColumns : blockColumns) / width))
  const workspace = workspaceOf(updates.length, atOnce * width)
  for (const { voters, rows: group } of groupsOf(plan.weights, speech)) {
    if (!isMet(plan, voters)) continue
    const those = voters.map((_, k) => k)
    const ofThose = { ...plan, before: [], weights: plan.weights && voters }
    for (let first = 0; first < group.length; first += atOnce) {
      const block = group.subarray(first, first + atOnce)
      for (const k of those) fill(workspace.vector(k), block, k, updates, { speech, width, factors })
      spread(aggregatePlan({ ...use, plan: ofThose }, workspace, those), block, values, width)
    }
  }
  return values
}

function isMet({ rule, tolerated, options, weights }: Plan, voters: readonly number[]): boolean {
  if (!weights) return rule.requirement(voters.length, tolerated, options)
  return rule.requirement(totalOf(voters), tolerated, options, Math.max(...voters))
}

/** Of the last call, if it fits: a memory of kernels takes longer to make than a few rows to aggregate. */
let kept: Workspace | undefined

function workspaceOf(rows: number, length: number): Workspace {
  if (kept?.rows !== rows || kept.length !== length) kept = new Workspace({ rows, length })
  return kept
}

/** What the k-th of those who speak says about each row of a block. */
function fill(
  vector: Float32Array,
  block: Uint32Array,
  k: number,
  updates: readonly SparseUpdate[],
  { speech, width, factors }: { speech: Speech; width: number; factors: Float64Array | undefined },
): void {
  const { starts, updates: of, places } = speech
  for (let c = 0; c < block.length; ) {
    const entry = starts[block[c]!]! + k
    const [i, place] = [of[entry]!, places[entry]!]
    let rows = 1
    for (; c + rows < block.length; rows++) {
      const next = starts[block[c + rows]!]! + k
      if (of[next] !== i || places[next] !== place + rows) break
    }
    copy(updates[i]!.values, place * width, vector, c * width, rows * width, factors?.[i])
    c += rows
  }
}

/** Puts the rows of a block where they belong. */
function spread(from: Float32Array, block: Uint32Array, to: Float32Array, width: number): void {
  for (let c = 0, rows = 1; c < block.length; c += rows, rows = 1) {
    while (c + rows < block.length && block[c + rows] === block[c]! + rows) rows++
    copy(from, c * width, to, block[c]! * width, rows * width)
  }
}

/** By how much the pre-rules, which only scale here, scale each update. */
function factorsOf({ before, tolerated, weights }: Plan, workspace: Workspace, n: number): Float64Array {
  const factors = new Float64Array(n).fill(1)
  let updates = new Updates({ workspace, rows: [...factors.keys()], points: ['origin'], weights })
  for (const each of before) {
    const mixture = mixtureOf(each, updates, tolerated, n)
    for (let i = 0; i < n; i++) factors[i]! *= mixture.weights[i * n + i]!
    updates = updates.mixed(mixture)
  }
  return factors
}

function copy(from: Float32Array, at: number, to: Float32Array, toAt: number, length: number, factor = 1): void {
  if (factor !== 1) for (let k = 0; k < length; k++) to[toAt + k] = factor * from[at + k]!
  else if (length > fewNumbers) to.set(from.subarray(at, at + length), toAt)
  else for (let k = 0; k < length; k++) to[toAt + k] = from[at + k]!
}
