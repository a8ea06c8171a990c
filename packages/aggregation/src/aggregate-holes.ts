/**
 * Aggregation of updates of which chunks are lost.
 *
 * What a rule promises of f liars it promises of f updates that are anything, so of f that have holes however they are filled:
 * "unreliable communication can be viewed as a Byzantine fault" (AggregaThor). Where more than f have holes the promise is gone,
 * and what is left is what the fill is worth:
 *
 * - with `skip` a rule that goes column by column takes each chunk among the m updates that have it, if it is defined for m and f
 *   (aggregate-rows.ts): f liars among them are withstood wherever m is enough, and where it is not, nothing moves. A rule over
 *   distances compares vectors, and an absent coordinate has none: it refuses.
 * - `drop` takes the m updates that are whole, by the rule for m and f. Where it is not defined for so few, nothing moves.
 * - any other fill gives n vectors, which the rule takes as if they were whole.
 */
import { aggregateRows, aggregateVectors } from './aggregate.ts'
import { type Chunks, chunkCount, chunkSpan } from './holes/chunks.ts'
import { type Arrived, type Fill, filled } from './holes/fills.ts'
import { AggregationError } from './machine/error.ts'
import type { Context, Masks } from './rule/rule.ts'
import type { RuleSpec } from './rule-names.ts'
import { beforeRules, rules } from './rules.ts'
import type { SparseUpdate } from './sparse.ts'

export interface Holes {
  readonly fill: Fill
  /** How many numbers a chunk has. */
  readonly size: number
}

export interface HolesContext extends Pick<Context, 'draw' | 'weights' | 'previous'> {
  /** Of each update, in their order, what was taken for its author the last time, of the fill `last`. */
  readonly last?: readonly (Float32Array | undefined)[]
}

/** Why such a rule cannot be used with holes that are skipped; undefined if it can, and with any other fill. */
export function faultOfSkip({ rule, before = [] }: RuleSpec, fill: Fill): string | undefined {
  if (fill !== 'skip') return undefined
  const names = before.map((each) => (typeof each === 'string' ? each : Object.keys(each)[0]!))
  const masks: (readonly [string, Masks | undefined])[] = [
    ...names.map((name) => [name, beforeRules.get(name)?.masks] as const),
    [rule, rules.get(rule)?.masks],
  ]
  const refuses = masks.find(([, how]) => how !== 'among those who speak')
  if (refuses === undefined) return undefined
  return (
    `with fill skip a lost chunk is absent, and "${refuses[0]}" compares whole updates: take a rule that goes coordinate by ` +
    'coordinate, such as median or trimmed-mean (one of your own says so by masks), or a fill such as scale'
  )
}

/**
 * What the rule makes of n updates of length d: a fresh vector of length d. Of those without holes it has the bits of `aggregate`. Throws
 * AggregationError as `aggregateVectors`, and `mask-refused` as `faultOfSkip` says.
 */
export function aggregateHoles(
  spec: RuleSpec,
  arrived: readonly Arrived[],
  { fill, size }: Holes,
  { last, ...context }: HolesContext = {},
): Float32Array<ArrayBuffer> {
  const fault = faultOfSkip(spec, fill)
  if (fault !== undefined) throw new AggregationError('mask-refused', `Rule "${spec.rule}": ${fault}.`)
  const chunks = { length: arrived[0]!.vector.length, size }
  const isWhole = arrived.map(({ present }) => present.every((each) => each === 1))
  if (fill === 'drop') return ofWhole(spec, arrived, isWhole, context)
  if (fill === 'skip' && isWhole.includes(false)) return ofPresent(spec, arrived, chunks, context)
  const vectors = arrived.map((each, i) => {
    if (fill === 'skip' || isWhole[i]) return each.vector
    return filled(each, { chunks, fill, last: last?.[i], draw: ((context.draw ?? 0) + 0x9e3779b1 * i) | 0 })
  })
  return aggregateVectors(spec, vectors, context)
}

function ofWhole(
  spec: RuleSpec,
  arrived: readonly Arrived[],
  isWhole: readonly boolean[],
  { weights, ...context }: Context,
): Float32Array<ArrayBuffer> {
  const nothing = new Float32Array(arrived[0]!.vector.length)
  const whole = arrived.filter((_, i) => isWhole[i]).map(({ vector }) => vector)
  if (whole.length === 0) return nothing
  try {
    return aggregateVectors(spec, whole, { ...context, weights: weights?.filter((_, i) => isWhole[i]) })
  } catch (error) {
    if (error instanceof AggregationError && error.code === 'requirement-unmet') return nothing
    throw error
  }
}

/** Chunks are rows; the last is filled up with zeros to their width. */
function ofPresent(
  spec: RuleSpec,
  arrived: readonly Arrived[],
  chunks: Chunks,
  { draw, weights }: Context,
): Float32Array<ArrayBuffer> {
  const { length, size } = chunks
  const updates = arrived.map((each) => presentRows(each, chunks))
  const { rows, values } = aggregateRows(spec, updates, size, { ...(draw !== undefined && { draw }), weights })
  const result = new Float32Array(chunkCount(chunks) * size)
  for (const [k, row] of rows.entries()) result.set(values.subarray(k * size, (k + 1) * size), row * size)
  return result.slice(0, length)
}

function presentRows({ vector, present }: Arrived, chunks: Chunks): SparseUpdate {
  const rows = Uint32Array.from([...present.keys()].filter((chunk) => present[chunk] === 1))
  const values = new Float32Array(rows.length * chunks.size)
  for (const [k, chunk] of rows.entries()) values.set(vector.subarray(...chunkSpan(chunks, chunk)), k * chunks.size)
  return { rows, values }
}
