import type { Options } from '@hearsay/catalogue'
import { meanOf } from '../geometry/plain-vectors.ts'
import { Random } from '../geometry/random.ts'
import { numberOf, seedOption } from '../rule/option.ts'
import type { BeforeRule } from '../rule/rule.ts'

/**
 * Bucketing: the rows in random order, in buckets of s, the last of which may be smaller; each bucket becomes its mean
 * (Karimireddy, He, Jaggi: Byzantine-Robust Learning on Heterogeneous Datasets via Bucketing, ICLR 2022).
 *
 * Options: `size` s, `seed`. The order follows from n, the seed and the `draw` of the context: peers of a run have another
 * in every round (see `dnc`).
 *
 * Requires n ≥ 1; leaves ⌈n/s⌉ vectors, of which f may still be Byzantine, and the rule must allow that. Cost O(nd).
 *
 * Arithmetic: as `nnm`.
 *
 * Example, s = 2: 1, 2, 3, 4, 5 in the order 2, 5, 1, 4, 3 → 3.5, 2.5, 3.
 */
export const bucketing: BeforeRule<'bucketing'> = {
  name: 'bucketing',
  summary: 'means of s updates in random order',
  options: {
    size: { kind: 'integer', summary: 's: updates in a bucket', least: 1, most: 1e6, default: 2 },
    seed: seedOption,
  },
  requirement: (n) => n >= 1,
  requirementText: 'n ≥ 1',
  masks: 'absent rows are zero',
  counts: (n, f, options) => ({ n: Math.ceil(n / numberOf(options, 'size')), f }),
  mixture(updates, _tolerated, options) {
    const n = updates.count
    const all = buckets(n, options)
    const weights = new Float64Array(all.length * n)
    for (const [i, bucket] of all.entries()) for (const j of bucket) weights[i * n + j] = 1 / bucket.length
    return { count: all.length, weights }
  },
  reference: (vectors, _tolerated, options) =>
    buckets(vectors.length, options).map((bucket) => meanOf(bucket.map((j) => vectors[j]!))),
}

function buckets(n: number, options: Options): number[][] {
  const order = new Random(numberOf(options, 'seed')).permutation(n)
  const size = numberOf(options, 'size')
  return Array.from({ length: Math.ceil(n / size) }, (_, i) =>
    order.slice(i * size, (i + 1) * size).sort((a, b) => a - b),
  )
}
