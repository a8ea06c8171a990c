import { maliciousCount } from '../scenario/adversaries.ts'
import type { Cell } from '../scenario/cells.ts'
import type { SeedMeasures, SummaryCell } from './summary.ts'

/**
 * One cell over its seeds, at least one. What must hold is told at its worst: the least of least accuracies, of
 * certified rounds and of culprits named, the most distance, forks, false accusations, divergence and success of backdoors. Accuracy
 * in the middle and costs are told at the median of seeds; times not at all when a seed has none.
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
  const backdoors = bySeed.flatMap((one) => one.backdoor ?? [])
  return {
    label: cell.label,
    parameters: cell.parameters,
    malicious: maliciousCount(cell.parameters),
    tolerated: cell.parameters.tolerated,
    peers: cell.parameters.peers,
    rounds: cell.parameters.rounds,
    accuracy: {
      least: least((one) => one.accuracy.least),
      median: middle((one) => one.accuracy.median),
      greatest: most((one) => one.accuracy.greatest),
    },
    disagreement: {
      distance: finite ? most((one) => one.disagreement.distance ?? 0) : null,
      forks: most((one) => one.disagreement.forks),
    },
    liveness: { certified: least((one) => one.liveness.certified), rounds: cell.parameters.rounds },
    evidence: {
      culprits: least((one) => one.evidence.culprits),
      falseAccusations: most((one) => one.evidence.falseAccusations),
    },
    bytes: { sent: middle((one) => one.bytes.sent), received: middle((one) => one.bytes.received) },
    timeMs: {
      training: time('training'),
      exchange: time('exchange'),
      agreement: time('agreement'),
      aggregation: time('aggregation'),
      total: time('total'),
    },
    backdoor: backdoors.length > 0 ? Math.max(...backdoors) : null,
    diverged: most((one) => one.diverged),
    stalled: bySeed.some((one) => one.stalled),
    bySeed: [...bySeed],
  }
}

/** The middle value, or the mean of the middle two; of at least one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
