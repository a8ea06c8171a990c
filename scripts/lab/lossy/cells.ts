/** The cells of the table: AggregaThor's n = 19, rules and fills, at what share of the chunks is lost. */
import type { Fill, RuleSpec } from '@hearsay/aggregation'

export const workers = 19

export interface Row {
  readonly name: string
  readonly rule: RuleSpec
  readonly fill: Fill
  /** So many links lose; all unless given. */
  readonly lossy?: number
  /** At the same rates, of another program with other draws; null where its model was no number any more, undefined where it was not run. */
  readonly reference?: readonly (number | null | undefined)[]
}

export const rates = [0, 0.01, 0.1, 0.3] as const

const mean: RuleSpec = { rule: 'mean', tolerated: 0 }
const median: RuleSpec = { rule: 'median', tolerated: 0 }
const trimmed: RuleSpec = { rule: 'trimmed-mean', tolerated: 4 }
const multiKrum: RuleSpec = { rule: 'multi-krum', tolerated: 8, chosen: 'n-f-2' }

const fills: readonly Fill[] = ['zero', 'scale', 'skip', 'last', 'normal', 'drop', 'garbage']

/** One seed, ±0.003. Its garbage may be NaN, which is no number to a receiver here. */
const references: Readonly<Record<string, Row['reference']>> = {
  'mean, zero': [0.901, 0.901, 0.9, 0.897],
  'mean, scale': [0.901, 0.901, 0.901, 0.901],
  'mean, skip': [0.901, 0.901, 0.901, 0.902],
  'mean, last': [0.901, 0.901, 0.902, 0.901],
  'mean, normal': [0.901, 0.883, 0.794, 0.699],
  'mean, drop': [0.901, 0.902, 0.89, 0.098],
  'mean, garbage': [0.901, null, null, null],
  'median, skip': [0.896, 0.896, 0.897, 0.897],
  'median, garbage': [0.896, 0.897, 0.896, 0.834],
  'trimmed mean f 4, garbage': [undefined, 0.899, 0.101, 0.096],
  'multi-krum f 8, zero': [0.899, 0.9, 0.898, 0.893],
  'multi-krum f 8, last': [0.899, 0.9, 0.899, 0.899],
  'multi-krum f 8, normal': [0.899, 0.9, 0.778, 0.65],
  'mean, garbage on 8 of 19 links': [undefined, undefined, null],
  'median, garbage on 8 of 19 links': [undefined, undefined, 0.896],
  'multi-krum, garbage on 8 of 19 links': [undefined, undefined, 0.9],
}

const cells: readonly Row[] = [
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

export const rows: readonly Row[] = cells.map((row) => ({ ...row, reference: references[row.name] ?? [] }))
