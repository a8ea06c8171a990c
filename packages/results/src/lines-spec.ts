import type { LinesPlot, SummaryCell } from '@hearsay/scenario'
import {
  cellsOf,
  isOfParameter,
  isOfRounds,
  isShare,
  liarShare,
  lineOf,
  measuredAt,
  measureOf,
  placeOnLine,
} from '@hearsay/scenario'
import { confidence } from './confidence.ts'
import { scaleOf, shareScale } from './lane-scale.ts'
import { type Lane, type LanePoint, lanesPanel } from './lanes-spec.ts'
import { canDisagree, isStopped } from './stopped.ts'

/** What a panel shows of these cells: a lane for each line, in the order of the sweep, and its points by share or parameter. */
export function lanesOf(panel: LinesPlot, cells: readonly SummaryCell[]): Lane[] {
  const lanes = new Map<string, LanePoint[]>()
  for (const cell of cellsOf(panel, cells)) {
    const point = pointOf(panel, cell)
    const name = lineOf(panel, cell)
    if (point === undefined || name === undefined) continue
    lanes.set(name, [...(lanes.get(name) ?? []), point])
  }
  return [...lanes].map(([name, points]) => ({ name, points: points.sort((a, b) => a.x - b.x) }))
}

/** Of a cell, the mean of its seeds; undefined when it was not measured with every one. */
function pointOf(panel: LinesPlot, cell: SummaryCell): LanePoint | undefined {
  const { value: measure } = panel
  const x = placeOnLine(panel, cell.parameters)
  if (x === undefined) return undefined
  if (measure.startsWith('disagreement.') && !canDisagree(cell)) return undefined
  const going = isOfRounds(measure, cell) ? cell.bySeed.filter((one) => !isStopped(one)) : cell.bySeed
  const values = going.flatMap((one) => measuredAt(measure, cell, one) ?? []).filter(Number.isFinite)
  if (values.length < going.length) return undefined
  return {
    x,
    ...(values.length > 0 && { value: intervalOf(values, boundsOf(measure, cell)) }),
    stopped: going.length < cell.bySeed.length,
    word: '',
  }
}

/** The mean with its confidence, as far as there are such values. */
function intervalOf(values: readonly number[], [least, most]: [number, number]): NonNullable<LanePoint['value']> {
  const { mean, low, high } = confidence(values)
  return { middle: mean, least: Math.max(least, low), greatest: Math.min(most, high) }
}

/** Between which a measure is: those of a task may be below 0, no other is. */
function boundsOf(measure: string, cell: SummaryCell): [number, number] {
  if (isShare(measure, cell)) return [0, 1]
  if (measureOf(measure, cell.parameters.task) !== undefined)
    return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return [0, /^liveness\.|^disagreement\.forks$/.test(measure) ? cell.rounds : Number.POSITIVE_INFINITY]
}

/** What is on the x axis; beside a share of weight, that of heads. */
function against(panel: LinesPlot, cells: readonly SummaryCell[]): string {
  if (panel.against === 'heads') return 'share of peers that lie, b / n'
  const heads = cellsOf(panel, cells).map(({ parameters }) => liarShare(parameters, 'heads'))
  const most = Math.max(0, ...heads)
  return `share of weight of liars, up to ${(100 * most).toFixed(0)} % of heads`
}

/** A measure against the share of peers that lie, or the values of a parameter, evenly spaced. */
export function linesPanel(panel: LinesPlot, cells: readonly SummaryCell[]): object {
  const lanes = lanesOf(panel, cells)
  const points = lanes.flatMap((lane) => lane.points)
  const common = {
    title: panel.title ?? panel.value,
    subtitle: panel.subtitle ?? '',
    y: cells[0] !== undefined && isShare(panel.value, cells[0]) ? shareScale : scaleOf(points),
  }
  if (isOfParameter(panel)) {
    const values = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b)
    const placed = lanes.map(({ name, points }) => ({
      name,
      points: points.map((point) => ({ ...point, x: values.indexOf(point.x) })),
    }))
    const x = { title: panel.against.split('.').at(-1)!, greatest: values.length - 1, third: Number.POSITIVE_INFINITY }
    return lanesPanel({ ...common, lanes: placed, x: { ...x, isShare: false, values } })
  }
  return lanesPanel({
    ...common,
    lanes,
    x: {
      title: against(panel, cells),
      greatest: Math.max(0.4, ...points.map(({ x }) => x)),
      third: 1 / 3,
      isShare: true,
    },
  })
}
