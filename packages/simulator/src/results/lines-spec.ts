import { cellsOf } from '../scenario/panels.ts'
import { getPath, parsePath } from '../scenario/parameter-path.ts'
import type { LinesPlot } from '../scenario/schema.ts'
import { describeValue } from '../scenario/sweep.ts'
import { confidence } from './confidence.ts'
import { isShare, scaleOf, shareScale } from './lane-scale.ts'
import { type Lane, type LanePoint, lanesPanel } from './lanes-spec.ts'
import { canDisagree, isOfRounds, isStopped } from './stopped.ts'
import type { SummaryCell } from './summary.ts'

/** What a panel shows of these cells: a lane for each line, in the order of the sweep, and its points by share. */
export function lanesOf(panel: LinesPlot, cells: readonly SummaryCell[]): Lane[] {
  const linePath = parsePath(panel.lines)
  const word = panel.lines.split('.').at(-1)!
  const lanes = new Map<string, LanePoint[]>()
  for (const cell of cellsOf(panel, cells)) {
    const point = pointOf(panel.value, cell)
    if (point === undefined) continue
    const name = `${word} ${describeValue(getPath(cell.parameters, linePath))}`
    lanes.set(name, [...(lanes.get(name) ?? []), point])
  }
  return [...lanes].map(([name, points]) => ({ name, points: points.sort((a, b) => a.x - b.x) }))
}

/** Of a cell, the mean of its seeds; undefined when it was not measured with every one. */
function pointOf(measure: string, cell: SummaryCell): LanePoint | undefined {
  if (measure.startsWith('disagreement.') && !canDisagree(cell)) return undefined
  const path = parsePath(measure)
  const going = isOfRounds(measure) ? cell.bySeed.filter((one) => !isStopped(one)) : cell.bySeed
  const values = going.flatMap((one) => {
    const value = getPath({ ...cell, ...one }, path)
    return typeof value === 'number' ? [value] : []
  })
  if (values.length < going.length) return undefined
  return {
    x: cell.malicious / cell.peers,
    ...(values.length > 0 && { value: intervalOf(values, greatestOf(measure, cell)) }),
    stopped: going.length < cell.bySeed.length,
    word: '',
  }
}

/** The mean with its confidence, as far as there are such values: no measure is below 0. */
function intervalOf(values: readonly number[], most: number): NonNullable<LanePoint['value']> {
  const { mean, low, high } = confidence(values)
  return { middle: mean, least: Math.max(0, low), greatest: Math.min(most, high) }
}

function greatestOf(measure: string, cell: SummaryCell): number {
  if (isShare(measure)) return 1
  return /^liveness\.|^disagreement\.forks$/.test(measure) ? cell.rounds : Number.POSITIVE_INFINITY
}

/** A measure against the share of peers that lie. */
export function linesPanel(panel: LinesPlot, cells: readonly SummaryCell[]): object {
  const lanes = lanesOf(panel, cells)
  const points = lanes.flatMap((lane) => lane.points)
  return lanesPanel({
    title: panel.title ?? panel.value,
    subtitle: panel.subtitle ?? '',
    lanes,
    x: {
      title: 'share of peers that lie, b / n',
      greatest: Math.max(0.4, ...points.map(({ x }) => x)),
      third: 1 / 3,
      isShare: true,
    },
    y: isShare(panel.value) ? shareScale : scaleOf(points),
  })
}
