import type { HeatMap, SummaryCell } from '@hearsay/scenario'
import { type HeatMapTable, heatMapOf } from './heat-map.ts'
import { faint, ink } from './plot-style.ts'
import { wrap } from './wrap.ts'

/** Of a square, pixels. */
const size = { width: 58, height: 27 }

/** A heat map, as a part of a vega-lite specification. */
export function heatMapPanel(map: HeatMap, cells: readonly SummaryCell[]) {
  const measure = map.title === undefined ? '' : map.value
  return panelOf(heatMapOf(map, cells), measure, Math.max(0, ...cells.map(({ bySeed }) => bySeed.length)))
}

function panelOf(table: HeatMapTable, measure: string, seeds: number) {
  const { title, rows, columns, squares, isShare } = table
  const subtitle = [
    isShare ? 'per cent' : measure,
    seeds > 1 ? `median of ${seeds} seeds` : '',
    squares.some(({ text }) => text.endsWith('*')) ? '* the rounds stopped before the last' : '',
    squares.some((square) => square.isStopped) ? 'stopped: no round ended' : '',
  ]
  // Of the words above it: with the names of the rows it is wider than its squares.
  const room = Math.max(340, size.width * columns.length)
  const axis = { title: null, domain: false, ticks: false, grid: false, labelLimit: 0 }
  const x = {
    field: 'column',
    type: 'nominal',
    scale: { domain: columns },
    axis: { ...axis, orient: 'top', labelAngle: -35, labelAlign: 'left', labelBaseline: 'bottom' },
  }
  const y = { field: 'row', type: 'nominal', scale: { domain: rows }, axis }
  const shade = shadeOf(table)
  const colour = {
    field: 'shade',
    type: 'quantitative',
    scale: { scheme: 'viridis', domain: [0, 1] },
    legend: null,
  }
  const text = [
    { test: 'datum.isStopped', value: faint },
    { test: 'datum.shade < 0.5', value: 'white' },
  ]
  const grey = { test: 'datum.isStopped', value: '#e7eaee' }
  return {
    title: {
      text: wrap(title, room / 15, 600),
      subtitle: wrap(subtitle.filter((part) => part !== '').join('; '), room / 12, 400),
      frame: 'bounds',
    },
    description: title,
    data: {
      values: squares.map((each) => ({ ...each, shade: shade(each.value) })),
    },
    width: size.width * columns.length,
    height: size.height * rows.length,
    layer: [
      {
        mark: { type: 'rect', stroke: 'white', strokeWidth: 1 },
        encoding: { x, y, color: { ...colour, condition: grey } },
      },
      {
        mark: { type: 'text', fontSize: 11 },
        encoding: { x, y, text: { field: 'text' }, color: { condition: text, value: ink } },
      },
    ],
  }
}

/**
 * Where a value is between the worst, 0, and the best, 1. Shown in viridis, which people with any colour vision and
 * printers without colour keep in order.
 */
function shadeOf({ squares, isShare, isHarm }: HeatMapTable): (value: number) => number {
  const values = squares
    .filter(({ isStopped, value }) => !isStopped && Number.isFinite(value))
    .map(({ value }) => value)
  const [least, most] = isShare ? [0, 1] : [Math.min(0, ...values), Math.max(...values)]
  return (value) => {
    if (!Number.isFinite(value)) return 0
    const share = most > least ? (value - least) / (most - least) : 0
    return isHarm ? 1 - share : share
  }
}
