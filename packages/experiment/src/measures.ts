import type { Digest } from '@hearsay/protocol'
import type { Observation } from './observation.ts'

/** The rounds for which honest peers hold different certificates. */
export function forkedRounds(observed: readonly Observation[]): Set<number> {
  const digests = new Map<number, Digest>()
  const forked = new Set<number>()
  for (const { rounds } of observed)
    for (const { round, digest } of rounds) {
      // Nothing was certified: that models differ is no fork.
      if (digest === undefined) continue
      if ((digests.get(round) ?? digest) !== digest) forked.add(round)
      digests.set(round, digest)
    }
  return forked
}

/** The largest Euclidean distance between two of several distinct models; null when one is not finite. */
export function largestDistance(distinct: readonly Float32Array[]): number | null {
  if (distinct.length > 1 && !distinct.every((model) => model.every(Number.isFinite))) return null
  let largest = 0
  for (const [i, a] of distinct.entries())
    for (const b of distinct.slice(i + 1)) {
      let sum = 0
      for (let k = 0; k < a.length; k++) sum += (a[k]! - b[k]!) ** 2
      largest = Math.max(largest, Math.sqrt(sum))
    }
  return largest
}

/**
 * Of each round that all have certified: ms from when the last had trained to when the last had certified. What an
 * honest peer had not trained when the round was over is not waited for.
 */
export function outsideTraining(observed: readonly Observation[]): number[] {
  const rounds = Math.min(...observed.map(({ rounds }) => rounds.length))
  return Array.from({ length: rounds }, (_, i) => {
    const trained = Math.max(...observed.map(({ rounds }) => rounds[i]?.trainedMs ?? 0))
    return Math.max(...observed.map(({ rounds }) => rounds[i]?.endedMs ?? 0)) - trained
  })
}
