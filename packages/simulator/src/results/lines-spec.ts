import { cellsOf } from '../scenario/panels.ts'
import { getPath, parsePath } from '../scenario/parameter-path.ts'
import type { LinesPlot } from '../scenario/schema.ts'
import { describeValue } from '../scenario/sweep.ts'
import { confidence } from './confidence.ts'
import { faint } from './plot-style.ts'
import type { SummaryCell } from './summary.ts'

// From blue over green to red: a larger network is a warmer line. Distinct in lightness too, for print.
const scheme = 'turbo'
const size = { width: 330, height: 240 }

/** One cell of a run on a line. */
interface Point {
  readonly line: string
  /** b/n. */
  readonly share: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** What a panel shows of these cells: by line, then by share. Cells of which nothing was measured are left out. */
export function pointsOf(panel: LinesPlot, cells: readonly SummaryCell[]): Point[] {
  const path = parsePath(panel.value)
  const linePath = parsePath(panel.lines)
  return cellsOf(panel, cells).flatMap((cell): Point[] => {
    const values = cell.bySeed.flatMap((one) => {
      const value = getPath({ ...cell, ...one }, path)
      return typeof value === 'number' ? [value] : []
    })
    if (values.length < cell.bySeed.length) return []
    const name = panel.lines.split('.').at(-1)!
    const line = `${name} ${describeValue(getPath(cell.parameters, linePath))}`
    return [{ line, share: cell.malicious / cell.peers, ...confidence(values) }]
  })
}

/** A measure against the share of peers that lie, as a part of a vega-lite specification. */
export function linesPanel(panel: LinesPlot, cells: readonly SummaryCell[]) {
  const points = pointsOf(panel, cells)
  const names = [...new Set(points.map(({ line }) => line))]
  const isShare = panel.value.startsWith('accuracy.') || panel.value === 'backdoor'
  const domain = [0, Math.max(0.5, ...points.map(({ share }) => share)) + 0.03]
  const x = {
    field: 'share',
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: { title: 'share of peers that lie, b / n', grid: false, tickCount: 6, format: '.1f' },
  }
  const greatest = Math.max(...points.map(({ high }) => high), 0)
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: isShare ? { domain: [0, 1], clamp: true } : { domain: [0, greatest || 1], clamp: true },
    axis: { title: null, tickCount: 5, ...(isShare && { format: '.0%' }) },
  })
  const color = {
    field: 'line',
    type: 'nominal',
    scale: { domain: names, scheme },
    legend: { title: null, orient: 'bottom', symbolSize: 90, columns: 6 },
  }
  const third = { data: { values: [{ from: 1 / 3, to: domain[1], label: 'one third' }] } }
  return {
    title: { text: panel.title ?? panel.value, subtitle: panel.subtitle ?? '' },
    ...size,
    data: { values: points },
    layer: [
      {
        ...third,
        mark: { type: 'rect', color: '#8a6d3b', opacity: 0.09 },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
      },
      {
        ...third,
        mark: { type: 'rule', color: faint, strokeDash: [5, 4] },
        encoding: { x: { ...x, field: 'from' } },
      },
      {
        ...third,
        mark: { type: 'text', y: -8, color: '#8a6d3b', fontSize: 11 },
        encoding: { x: { ...x, field: 'from' }, text: { field: 'label' } },
      },
      { mark: { type: 'line', strokeWidth: 1.8 }, encoding: { x, y: y('mean'), color } },
      { mark: { type: 'rule', strokeWidth: 1.4 }, encoding: { x, y: y('low'), y2: { field: 'high' }, color } },
      {
        mark: { type: 'point', filled: true, size: 55, opacity: 1, stroke: 'white', strokeWidth: 0.8 },
        encoding: { x, y: y('mean'), color },
      },
    ],
  }
}
