import type { Spread, Summary, SummaryCell } from '@hearsay/scenario'
import { endOfRounds, measuredAt, median } from '@hearsay/scenario'
import type { Measure } from '@hearsay/training/schema'
import { headlinesOf, isHeadline } from './headlines.ts'
import { scaleOf, shareScale } from './lane-scale.ts'
import { type Lane, type LanePoint, lanesPanel } from './lanes-spec.ts'
import { seriesOf } from './series.ts'
import { canDisagree, isStopped } from './stopped.ts'

/**
 * The usual panels of a run, against the number of liars: the headline of each task, disagreement, and rounds. A lane for each
 * series of cells.
 */
export function usualPanels({ cells }: Summary): object[] {
  const sizes = [...new Set(cells.map(({ peers }) => peers))]
  // Networks of several sizes have no common number of liars, but a common share.
  const isShare = sizes.length > 1
  const x = {
    title: isShare ? 'share of peers that lie' : `liars among ${sizes[0] ?? 0} peers`,
    greatest: Math.max(isShare ? 0.4 : (sizes[0] ?? 3) / 3 + 0.5, ...cells.map((cell) => placeOf(cell, isShare))),
    third: isShare ? 1 / 3 : (sizes[0] ?? 3) / 3,
    isShare,
  }
  const lanes = (point: (cell: SummaryCell) => Omit<LanePoint, 'x'>, of = cells): Lane[] =>
    seriesOf(of).map(({ name, cells: members }) => ({
      name,
      points: members.map((cell) => ({ x: placeOf(cell, isShare), ...point(cell) })),
    }))
  const distances = lanes(distanceOf)
  return [
    ...headlinesOf(cells).map((measure) => {
      const own = cells.filter((cell) => isHeadline(measure, cell))
      const measured = lanes((cell) => headlineIn(cell, measure), own)
      return lanesPanel({
        x,
        y: measure.unit === '%' ? shareScale : wideScaleOf(measured),
        title: measure.name.replace(/^./, (letter) => letter.toUpperCase()),
        subtitle: subtitleOf(measure),
        lanes: measured,
      })
    }),
    lanesPanel({
      x,
      y: wideScaleOf(distances),
      title: 'Forks and disagreement',
      subtitle: 'distance of honest models; 0 is equal',
      lanes: distances,
    }),
    lanesPanel({
      x,
      y: shareScale,
      title: `Rounds ${endOfRounds(cells.map(({ parameters }) => parameters.agreement))}`,
      subtitle: 'share, by every honest peer',
      lanes: lanes(endedOf),
    }),
  ]
}

function wideScaleOf(lanes: readonly Lane[]) {
  const points = lanes.flatMap((lane) => lane.points)
  return scaleOf(points, { logarithmic: true })
}

function placeOf(cell: SummaryCell, isShare: boolean): number {
  return isShare ? cell.malicious / cell.peers : cell.malicious
}

function subtitleOf({ unit, better }: Measure): string {
  const parts = ['of honest models, at the end', unit === '%' ? '' : unit, better === 'lower' ? 'lower is better' : '']
  return parts.filter((part) => part !== '').join(', ')
}

/** Absent when an honest model is not finite. */
function headlineIn(cell: SummaryCell, { name }: Measure): Omit<LanePoint, 'x'> {
  const going = cell.bySeed.filter((one) => !isStopped(one))
  const of = (part: keyof Spread): number[] => going.flatMap((one) => measuredAt(`${name}.${part}`, cell, one) ?? [])
  const stopped = going.length < cell.bySeed.length
  if (going.length === 0) return { stopped, word: '' }
  const value = { middle: median(of('median')), least: Math.min(...of('least')), greatest: Math.max(...of('greatest')) }
  if (!Object.values(value).every(Number.isFinite)) return { stopped, word: 'not finite' }
  return { value, stopped, word: outcomeOf(cell) }
}

/** Absent when an honest model is not finite, or there is only one. */
function distanceOf(cell: SummaryCell): Omit<LanePoint, 'x'> {
  const { bySeed, disagreement } = cell
  const { forks } = disagreement
  if (!canDisagree(cell)) return { stopped: false, word: '' }
  const going = bySeed.filter((one) => !isStopped(one))
  const distances = going.flatMap((one) => one.disagreement.distance ?? [])
  return {
    ...(distances.length > 0 && distances.length === going.length && { value: spreadOf(distances) }),
    stopped: going.length < bySeed.length,
    word: forks === 0 ? '' : `${forks} ${forks === 1 ? 'fork' : 'forks'}`,
  }
}

function endedOf(cell: SummaryCell): Omit<LanePoint, 'x'> {
  const shares = cell.bySeed.map(({ liveness }) => liveness.ended / Math.max(1, liveness.rounds))
  return { value: spreadOf(shares), stopped: false, word: outcomeOf(cell) }
}

function spreadOf(values: readonly number[]): NonNullable<LanePoint['value']> {
  return { middle: median(values), least: Math.min(...values), greatest: Math.max(...values) }
}

/** `forked` or `stopped`, empty when the rounds went on to the last: without it, an accuracy says too little. */
function outcomeOf({ disagreement, stalled }: SummaryCell): string {
  return disagreement.forks > 0 ? 'forked' : stalled ? 'stopped' : ''
}
