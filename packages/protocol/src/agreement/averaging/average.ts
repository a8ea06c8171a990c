import { aggregate, averageOfNearest, type RuleSpec, type Workspace } from '@hearsay/aggregation'
import type { AverageBy } from '../../shell/step.ts'
import type { Digest } from '../../words/digest.ts'

/**
 * The numbers of averaging: one vector from those in `rows` (distinct, in the order of summation), the same bits on every
 * machine. `rule` is that of the network. `vector` gives what is held by digest.
 */
export function average(
  by: AverageBy,
  rule: RuleSpec,
  workspace: Workspace,
  rows: readonly number[],
  vector: (digest: Digest) => Float32Array,
): Float32Array<ArrayBuffer> {
  switch (by.kind) {
    case 'rule':
      return aggregate(rule, workspace, rows)
    case 'trimmed-mean':
    case 'mda':
      return aggregate({ rule: by.kind, tolerated: by.tolerated }, workspace, rows)
    case 'nna':
      return averageOfNearest(workspace, rows, vector(by.nearestTo), by.keep)
  }
}
