import {
  type Arrived,
  aggregate,
  aggregateHoles,
  aggregateRows,
  type Chunks,
  chunkCount,
  type Holes,
  type RowShape,
  type RuleSpec,
  rules,
  type SparseUpdate,
  type Workspace,
} from '@hearsay/aggregation'
import { type Digest, fromHex, sha256 } from '@hearsay/protocol'

/**
 * The model of a round, as every peer computes it and anybody may check: the one before and, on top, the aggregate of
 * the updates in `rows` of the workspace, in the order of their authors, whose `digests` they are, and who have these
 * weights, 1 each unless given. A rule that goes on from its last output goes on from what the model is more than the one
 * that it was aggregated onto, `before`; from zero in the first round. Rules that draw at
 * random draw by these, which nobody knows before all updates are given: only who comes last could try some of its own.
 * Fresh; changes nothing. Throws AggregationError.
 */
export function nextModel(
  rule: RuleSpec,
  workspace: Workspace,
  rows: readonly number[],
  model: Float32Array,
  digests: readonly Digest[],
  weights?: readonly number[],
  before?: Float32Array,
): Float32Array<ArrayBuffer> {
  return ontoModel(model, before, (previous) =>
    aggregate(rule, workspace, rows, { ...contextOf(digests, weights), ...previous }),
  )
}

/** The same where chunks of updates are lost, which `holes` say what to do with. */
export function nextModelOfHoles(
  rule: RuleSpec,
  holes: Holes,
  arrived: readonly Arrived[],
  model: Float32Array,
  digests: readonly Digest[],
  weights?: readonly number[],
  before?: Float32Array,
): Float32Array<ArrayBuffer> {
  return ontoModel(model, before, (previous) =>
    aggregateHoles(rule, arrived, holes, { ...contextOf(digests, weights), ...previous }),
  )
}

/** What is made of updates, added to the model that they are of; it is told what the model is more than `before`, if there is that. */
function ontoModel(
  model: Float32Array,
  before: Float32Array | undefined,
  make: (given: { readonly previous?: Float32Array<ArrayBuffer> }) => Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const next = make(
    before === undefined ? {} : { previous: Float32Array.from(model, (value, i) => value - before[i]!) },
  )
  for (let i = 0; i < next.length; i++) next[i]! += model[i]!
  return next
}

/** The same where updates speak about rows of the model: what nobody speaks about stays, bit for bit, and costs no more than a copy. */
export function nextModelOfRows(
  rule: RuleSpec,
  { width }: RowShape,
  updates: readonly SparseUpdate[],
  model: Float32Array,
  digests: readonly Digest[],
  weights?: readonly number[],
): Float32Array<ArrayBuffer> {
  const { rows, values } = aggregateRows(rule, updates, width, contextOf(digests, weights))
  const next = Float32Array.from(model)
  for (let k = 0; k < rows.length; k++) {
    const [from, to] = [k * width, rows[k]! * width]
    for (let column = 0; column < width; column++) next[to + column]! += values[from + column]!
  }
  return next
}

/** Multiplies, in place, what a member counts more or less than once. */
export function scaleBy(vector: Float32Array, scale = 1): void {
  if (scale !== 1) for (let i = 0; i < vector.length; i++) vector[i]! *= scale
}

/** The same of an update with holes, which it does not change; without one, zeros without a hole. */
export function scaledArrived(update: Arrived | undefined, scale: number, chunks: Chunks): Arrived {
  if (update === undefined)
    return { vector: new Float32Array(chunks.length), present: new Uint8Array(chunkCount(chunks)).fill(1) }
  if (scale === 1) return update
  const vector = Float32Array.from(update.vector)
  scaleBy(vector, scale)
  return { vector, present: update.present }
}

/** The same of an update of rows, which it does not change. */
export function scaledRows(update: SparseUpdate, scale = 1): SparseUpdate {
  if (scale === 1) return update
  const values = Float32Array.from(update.values)
  scaleBy(values, scale)
  return { ...update, values }
}

/** About nothing. */
export const noRows: SparseUpdate = { rows: new Uint32Array(), values: new Float32Array() }

/** Whether a rule goes on from its last output. */
export function goesOn({ rule }: RuleSpec): boolean {
  return rules.get(rule)?.context === 'previous'
}

/** The rule, where so much less may lie. */
export function withstanding(rule: RuleSpec, fewer = 0): RuleSpec {
  return { ...rule, tolerated: Math.max(0, rule.tolerated - fewer) }
}

/** What rules are told besides the updates with these digests. */
export function contextOf(digests: readonly Digest[], weights?: readonly number[]) {
  const draw = Buffer.from(sha256(...digests.map(fromHex))).readUInt32LE()
  return { draw, weights }
}
