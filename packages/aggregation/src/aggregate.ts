import { AggregationError } from './error.ts'
import type { RuleSpec } from './rule.ts'
import { resolveRule } from './rules.ts'
import { Workspace } from './workspace.ts'

/**
 * Aggregates the n vectors in `rows`, distinct indices into the workspace, by a rule that tolerates f = `tolerated` of
 * them. Their order is the order of summation: peers that must agree on the bits give the same order, by peer id.
 * Does not change its input. Returns a fresh vector of length d.
 *
 * A row with NaN or ±Inf counts as Byzantine and never reaches the output: it is taken out, and both n and f are one
 * less for it. The requirement of every rule then still holds, and what is left is tolerated as before. More than f
 * such rows are an error, and so is having no other row.
 *
 * Throws AggregationError as `checkRule`, `bad-rows` for an index outside the workspace or given twice, and
 * `too-many-non-finite`.
 */
export function aggregate(spec: RuleSpec, workspace: Workspace, rows: readonly number[]): Float32Array<ArrayBuffer> {
  const { rule, options } = resolveRule(spec, rows.length)
  if (new Set(rows).size < rows.length) {
    throw new AggregationError('bad-rows', `A row is given twice in ${rows.join(', ')}: each update counts once.`)
  }
  const result = rule.aggregate(workspace, rows, spec.tolerated, options)
  if (result) return result
  const finite = rows.filter((row) => workspace.isFinite(row))
  const tolerated = toleratedAfterRemoval(spec, rows.length, finite.length)
  return rule.aggregate(workspace, finite, tolerated, options)!
}

/** `aggregate` of plain vectors of one length, copied into a workspace of their own. Also throws `bad-vectors`. */
export function aggregateVectors(spec: RuleSpec, vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const { rows, length } = checkVectors(spec, vectors)
  const workspace = new Workspace({ rows, length })
  for (const [row, vector] of vectors.entries()) workspace.vector(row).set(vector)
  return aggregate(spec, workspace, [...vectors.keys()])
}

/** The definition of `aggregateVectors` in plain TypeScript: the same bits and errors, slowly. For tests. */
export function reference(spec: RuleSpec, vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  checkVectors(spec, vectors)
  const { rule, options } = resolveRule(spec, vectors.length)
  const finite = vectors.filter((vector) => vector.every(Number.isFinite))
  return rule.reference(finite, toleratedAfterRemoval(spec, vectors.length, finite.length), options)
}

function toleratedAfterRemoval(spec: RuleSpec, n: number, finite: number): number {
  const removed = n - finite
  if (removed > spec.tolerated || finite === 0) {
    throw new AggregationError(
      'too-many-non-finite',
      `${removed} of ${n} updates have NaN or infinite numbers; rule "${spec.rule}" tolerates ${spec.tolerated}, ` +
        'and needs one that has not.',
    )
  }
  return spec.tolerated - removed
}

function checkVectors(spec: RuleSpec, vectors: readonly Float32Array[]): { rows: number; length: number } {
  resolveRule(spec, vectors.length)
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
