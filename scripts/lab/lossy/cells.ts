/** The cells of the table: AggregaThor's n = 19, rules and fills, at what share of the chunks is lost. */
import type { Fill, RuleSpec } from '@hearsay/aggregation'

export const workers = 19

export interface Row {
  readonly name: string
  readonly rule: RuleSpec
  readonly fill: Fill
  /** So many links lose; all unless given. */
  readonly lossy?: number
}

export const rates = [0, 0.01, 0.1, 0.3] as const

const mean: RuleSpec = { rule: 'mean', tolerated: 0 }
const median: RuleSpec = { rule: 'median', tolerated: 0 }
const trimmed: RuleSpec = { rule: 'trimmed-mean', tolerated: 4 }
const multiKrum: RuleSpec = { rule: 'multi-krum', tolerated: 8, chosen: 'n-f-2' }

const fills: readonly Fill[] = ['zero', 'scale', 'skip', 'last', 'normal', 'drop', 'garbage']

export const rows: readonly Row[] = [
  ...fills.map((fill) => ({ name: `mean, ${fill}`, rule: mean, fill })),
  { name: 'median, skip', rule: median, fill: 'skip' },
  { name: 'median, garbage', rule: median, fill: 'garbage' },
  { name: 'trimmed mean f 4, garbage', rule: trimmed, fill: 'garbage' },
  { name: 'multi-krum f 8, zero', rule: multiKrum, fill: 'zero' },
  { name: 'multi-krum f 8, last', rule: multiKrum, fill: 'last' },
  { name: 'multi-krum f 8, normal', rule: multiKrum, fill: 'normal' },
  { name: 'multi-krum f 8, garbage', rule: multiKrum, fill: 'garbage' },
  ...([mean, median, multiKrum] as const).map(
    (rule): Row => ({ name: `${rule.rule}, garbage on 8 of 19 links`, rule, fill: 'garbage', lossy: 8 }),
  ),
]
