import { cellsOf, type LinesPlot, lineOf, measureOf, type Summary, type SummaryCell } from '@hearsay/scenario'
import { headlineOf, type Measure } from '@hearsay/training/schema'
import type { Picture } from './picture.ts'
import { describeSetting, faint } from './plot-style.ts'
import type { RoundRow } from './rounds.ts'
import { behaviourOf } from './series.ts'

/** A line of a panel, at a round: the median of seeds, and between which they are. */
interface CurvePoint {
  readonly line: string
  readonly round: number
  readonly value: number
  readonly least: number
  readonly greatest: number
}

/**
 * The headline of the task against rounds: a panel for each way of lying, and in it a line for each cell. Of a cell, the median
 * of its seeds, each of which is the median of its honest peers. Undefined where there are no two rounds to join.
 */
export function curvesPicture(summary: Summary, rows: readonly RoundRow[]): Picture | undefined {
  const byCell = Map.groupBy(rows, ({ label }) => label)
  const groups = Map.groupBy(summary.cells, titleOf)
  const panels = [...groups].flatMap(([title, cells]) => {
    const measure = headlineOf(cells[0]!.parameters.task)
    const points = cells.flatMap((cell) => pointsOf(cell, measure, byCell.get(cell.label) ?? []))
    const told = { title, subtitle: measure.name }
    return new Set(points.map(({ round }) => round)).size > 1 ? [panelOf(told, measure, shortened(points))] : []
  })
  if (panels.length === 0) return undefined
  const many = ofSeeds(summary)
  return {
    name: `${summary.scenario}: against rounds`,
    question: summary.question,
    setting: describeSetting(summary, many),
    legend: [],
    panels,
  }
}

/** What lines and areas are, in words, where there is more than one seed. */
export function ofSeeds({ seeds }: Summary): string[] {
  return seeds.length > 1 ? [`median of ${seeds.length} seeds, from the least to the greatest`] : []
}

/** A panel that a scenario asks for: what the task measures against rounds, a line for each cell. */
export function roundsPanel(panel: LinesPlot, cells: readonly SummaryCell[], rows: readonly RoundRow[]): object {
  const byCell = Map.groupBy(rows, ({ label }) => label)
  const own = cellsOf(panel, cells)
  const measured = own.flatMap(({ parameters }) => measureOf(panel.value, parameters.task) ?? [])
  const points = own.flatMap((cell) => {
    const [measure, line] = [measureOf(panel.value, cell.parameters.task), lineOf(panel, cell)]
    if (measure === undefined || line === undefined) return []
    return pointsOf(cell, measure, byCell.get(cell.label) ?? []).map((point) => ({ ...point, line }))
  })
  const { title = panel.value, subtitle = '' } = panel
  return panelOf({ title, subtitle }, measured[0] ?? { name: panel.value, unit: '' }, points)
}

/** Without what all lines of a panel begin with, up to a comma. */
function shortened(points: readonly CurvePoint[]): CurvePoint[] {
  const parts = [...new Set(points.map(({ line }) => line))].map((line) => line.split(', '))
  let same = 0
  while (parts.length > 1 && parts.every((each) => same < each.length - 1 && each[same] === parts[0]![same])) same++
  return points.map((point) => ({ ...point, line: point.line.split(', ').slice(same).join(', ') }))
}

function titleOf({ parameters }: SummaryCell): string {
  return behaviourOf(parameters) || 'no liars'
}

function pointsOf({ label }: SummaryCell, { name }: Measure, rows: readonly RoundRow[]): CurvePoint[] {
  const rounds = Map.groupBy(rows, ({ round }) => round)
  return [...rounds].flatMap(([round, all]) => {
    const seeds = [...Map.groupBy(all, ({ seed }) => seed).values()].flatMap((of) => middleOf(valuesOf(name, of)) ?? [])
    const value = middleOf(seeds)
    return value === undefined
      ? []
      : [{ line: label, round, value, least: Math.min(...seeds), greatest: Math.max(...seeds) }]
  })
}

function valuesOf(measure: string, rows: readonly RoundRow[]): number[] {
  return rows.flatMap(({ evaluation }) => evaluation[measure] ?? []).filter(Number.isFinite)
}

function middleOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

function panelOf(
  { title, subtitle }: { readonly title: string; readonly subtitle: string },
  { name, unit }: Pick<Measure, 'name' | 'unit'>,
  values: readonly CurvePoint[],
): object {
  const share = unit === '%'
  const axis = share ? { format: '.0%' } : {}
  const x = { field: 'round', type: 'quantitative', title: 'round', axis: { tickMinStep: 1, grid: false } }
  const scale = { zero: false, ...(share && { domainMax: 1 }) }
  const colour = { field: 'line', type: 'nominal', title: null, sort: null, scale: { scheme: 'tableau20' } }
  return {
    title: { text: title, subtitle, subtitleColor: faint },
    width: 360,
    height: 230,
    data: { values },
    encoding: {
      x,
      color: {
        ...colour,
        legend: {
          orient: 'bottom',
          columns: 1,
          labelLimit: 360,
          symbolType: 'stroke',
          symbolOpacity: 1,
          symbolStrokeWidth: 2,
        },
      },
    },
    layer: [
      {
        mark: { type: 'area', opacity: 0.15 },
        encoding: {
          y: { field: 'least', type: 'quantitative', title: name, scale, axis },
          y2: { field: 'greatest' },
        },
      },
      {
        mark: { type: 'line', strokeWidth: 1.8 },
        encoding: { y: { field: 'value', type: 'quantitative', title: name, scale, axis } },
      },
    ],
  }
}
