import type { Cell, SeedMeasures, Spread, SummaryCell } from '@hearsay/scenario'
import { maliciousCount, median, spreadOf } from '@hearsay/scenario'
import { type Measure, measuresOf, worstValue } from '@hearsay/training/schema'

/**
 * One cell over its seeds, at least one. What must hold is told at its worst: the least of certified rounds and of culprits
 * named, the most distance, forks, false accusations and divergence. Costs are told at the median of seeds, times not at all
 * when a seed has none.
 */
export function summarise(cell: Cell, bySeed: readonly SeedMeasures[]): SummaryCell {
  if (bySeed.length === 0) throw new RangeError(`cell "${cell.label}" has no results: give at least one seed's`)
  const every = (measure: (one: SeedMeasures) => number): number[] => bySeed.map(measure)
  const least = (measure: (one: SeedMeasures) => number): number => Math.min(...every(measure))
  const most = (measure: (one: SeedMeasures) => number): number => Math.max(...every(measure))
  const middle = (measure: (one: SeedMeasures) => number): number => median(every(measure))
  // The quick seeds alone would tell less than nothing of those that stalled.
  const time = (part: keyof SeedMeasures['timeMs']): number | null => {
    const times = bySeed.flatMap((one) => one.timeMs[part] ?? [])
    return times.length === bySeed.length ? median(times) : null
  }
  const finite = bySeed.every((one) => one.disagreement.distance !== null)
  return {
    label: cell.label,
    ...(cell.labelled && { labelled: true as const }),
    parameters: cell.parameters,
    malicious: maliciousCount(cell.parameters),
    tolerated: cell.parameters.tolerated,
    peers: cell.parameters.peers,
    rounds: cell.parameters.rounds,
    evaluation: Object.fromEntries(
      measuresOf(cell.parameters.task).map((measure) => [measure.name, overSeeds(measure, bySeed)]),
    ),
    disagreement: {
      distance: finite ? most((one) => one.disagreement.distance ?? 0) : null,
      forks: most((one) => one.disagreement.forks),
    },
    liveness: { ended: least((one) => one.liveness.ended), rounds: cell.parameters.rounds },
    evidence: {
      culprits: least((one) => one.evidence.culprits),
      falseAccusations: most((one) => one.evidence.falseAccusations),
    },
    ...weightOver(bySeed),
    ...pausesOver(bySeed),
    ...gradientsOver(bySeed),
    bytes: { sent: middle((one) => one.bytes.sent), received: middle((one) => one.bytes.received) },
    timeMs: {
      training: time('training'),
      exchange: time('exchange'),
      agreement: time('agreement'),
      aggregation: time('aggregation'),
      total: time('total'),
    },
    diverged: most((one) => one.diverged),
    stalled: bySeed.some((one) => one.stalled),
    bySeed: [...bySeed],
  }
}

/** The most that liars weigh, where weights follow vouches. */
function weightOver(bySeed: readonly SeedMeasures[]): Pick<SummaryCell, 'weight'> {
  const weights = bySeed.flatMap(({ weight }) => weight ?? [])
  if (weights.length === 0) return {}
  const most = (part: 'liars' | 'most'): number => Math.max(...weights.map((weight) => weight[part]))
  return { weight: { liars: most('liars'), most: most('most') } }
}

/** The least that was learnt from, where pauses count. */
function pausesOver(bySeed: readonly SeedMeasures[]): Pick<SummaryCell, 'pauses'> {
  const all = bySeed.flatMap(({ pauses }) => pauses ?? [])
  if (all.length === 0) return {}
  const least = (part: 'learnt' | 'share'): number => Math.min(...all.map((pauses) => pauses[part]))
  return { pauses: { learnt: least('learnt'), share: least('share') } }
}

/** The median of what was applied, where gradients are judged. */
function gradientsOver(bySeed: readonly SeedMeasures[]): Pick<SummaryCell, 'gradients'> {
  const all = bySeed.flatMap(({ gradients }) => gradients ?? [])
  if (all.length === 0) return {}
  const middle = (part: 'honest' | 'liars'): number | null => {
    const shares = all.flatMap((gradients) => gradients[part] ?? [])
    return shares.length === 0 ? null : median(shares)
  }
  return { gradients: { honest: middle('honest'), liars: middle('liars') } }
}

/** The least of the least, the median of medians, the greatest of the greatest; of those seeds that it was measured with. */
function overSeeds(measure: Measure, bySeed: readonly SeedMeasures[]): Spread | null {
  const spreads = bySeed.flatMap((one) => one.evaluation[measure.name] ?? [])
  const over = (part: keyof Spread): Spread | null =>
    spreadOf(spreads.map((spread) => spread[part] ?? worstValue(measure)))
  const middle = over('median')
  return middle && { least: over('least')!.least, median: middle.median, greatest: over('greatest')!.greatest }
}
