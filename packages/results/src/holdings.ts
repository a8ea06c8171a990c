import { oneLine } from '@hearsay/catalogue/words'
import type { Holdings } from '@hearsay/training'
import { drawPicture, type Plot } from './picture.ts'
import { faint, ink } from './plot-style.ts'
import { wrap } from './wrap.ts'

/** More than can be told apart are drawn and printed together. */
const mostColumns = 24
const mostRows = 100
const mostNameLength = 24
const all = 'all'
/** Of a square, pixels. */
const size = { width: 58, height: 27 }

export interface HoldingsTable {
  readonly columns: readonly string[]
  /** Of each peer its counts, a number for each column, and their sum. */
  readonly rows: readonly { readonly name: string; readonly counts: readonly number[]; readonly size: number }[]
  /** Peers that are left out. */
  readonly more: number
}

/** Who has what as people read it: the rarest of many classes together, and the first of many peers. */
export function holdingsTable({ columns, counts, sizes }: Holdings, liars: ReadonlySet<number>): HoldingsTable {
  const totals = columns.map((_, column) => counts.reduce((sum, row) => sum + row[column]!, 0))
  const byTotal = [...columns.keys()].sort((a, b) => totals[b]! - totals[a]! || a - b)
  const shown = new Set(columns.length > mostColumns ? byTotal.slice(0, mostColumns - 1) : byTotal)
  const kept = [...columns.keys()].filter((column) => shown.has(column))
  const others = [...columns.keys()].filter((column) => !shown.has(column))
  const names = kept.map((column) => shortened(columns[column]!))
  // Two names that are the same when they are short are told apart.
  const unique = names.map((name, at) => (names.indexOf(name) < at || name === all ? `${name} (${kept[at]})` : name))
  return {
    columns: others.length > 0 ? [...unique, `${others.length} others`] : unique,
    rows: counts.slice(0, mostRows).map((row, peer) => ({
      name: `peer ${peer}${liars.has(peer) ? ', lies' : ''}`,
      counts: [
        ...kept.map((column) => row[column]!),
        ...(others.length > 0 ? [others.reduce((sum, column) => sum + row[column]!, 0)] : []),
      ],
      size: sizes[peer]!,
    })),
    more: Math.max(0, sizes.length - mostRows),
  }
}

function shortened(name: string): string {
  const line = oneLine(name)
  // Not with the sign by which Vega tells that it cut something off, which no picture should.
  return line.length > mostNameLength ? `${line.slice(0, mostNameLength - 3)}...` : line
}

/** As lines of text, aligned. */
export function renderHoldings({ columns, rows, more }: HoldingsTable): string {
  const table = [
    ['', ...columns, all],
    ...rows.map(({ name, counts, size }) => [name, ...counts.map(String), String(size)]),
  ]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const lines = table.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join('  '),
  )
  return [...lines, ...(more > 0 ? [`and ${more} peers more`] : [])].join('\n')
}

export interface HoldingsPicture {
  readonly name: string
  /** What was divided, and how. */
  readonly setting: string
  readonly holdings: Holdings
  readonly liars: ReadonlySet<number>
}

/** Peers by classes, or by fifths of the numbers that are learnt: the more samples, the darker. */
export function drawHoldings({ name, setting, holdings, liars }: HoldingsPicture): Promise<Plot> {
  const table = holdingsTable(holdings, liars)
  const left = table.more > 0 ? ` · the first ${mostRows} of ${holdings.sizes.length} peers` : ''
  return drawPicture({
    name,
    question: 'Who has which of the training samples?',
    setting: setting + left,
    legend: [],
    panels: [panelOf(table, holdings.kind)],
  })
}

const titles = { classes: 'Samples by class', quantiles: 'Samples by what is learnt', none: 'Samples' }

function panelOf({ columns, rows }: HoldingsTable, kind: Holdings['kind']) {
  // What is together is not one of the classes that are compared.
  const most = Math.max(1, ...rows.flatMap(({ counts }) => counts.slice(0, mostColumns - 1)))
  const squares = rows.flatMap(({ name, counts }) =>
    counts.map((count, at) => ({
      row: name,
      column: columns[at]!,
      text: String(count),
      shade: Math.min(1, count / most),
    })),
  )
  const sums = rows.map(({ name, size }) => ({ row: name, column: all, text: String(size) }))
  const domain = [...columns, all]
  const axis = { title: null, domain: false, ticks: false, grid: false, labelLimit: 0 }
  const x = {
    field: 'column',
    type: 'nominal',
    scale: { domain },
    axis: { ...axis, orient: 'top', labelAngle: -35, labelAlign: 'left', labelBaseline: 'bottom' },
  }
  const y = { field: 'row', type: 'nominal', scale: { domain: rows.map((row) => row.name) }, axis }
  const shade = { field: 'shade', type: 'quantitative', scale: { scheme: 'blues', domain: [0, 1] }, legend: null }
  const text = { field: 'text', type: 'nominal' }
  return {
    title: { text: wrap(titles[kind], 30, 600), frame: 'bounds' },
    description: titles[kind],
    width: size.width * domain.length,
    height: size.height * rows.length,
    layer: [
      {
        data: { values: squares },
        mark: { type: 'rect', stroke: 'white', strokeWidth: 1 },
        encoding: { x, y, color: { ...shade, condition: { test: 'datum.shade === 0', value: '#f6f8fa' } } },
      },
      {
        data: { values: squares },
        mark: { type: 'text', fontSize: 11 },
        encoding: { x, y, text, color: { condition: { test: 'datum.shade > 0.55', value: 'white' }, value: ink } },
      },
      {
        data: { values: sums },
        mark: { type: 'text', fontSize: 11, color: faint },
        encoding: { x, y, text },
      },
    ],
  }
}
