import type { Digest } from '@hearsay/protocol'
import type { Observation } from './observation.ts'

/** Rounds for which honest peers hold different certificates. */
export function forks(observed: readonly Observation[]): number {
  const digests = new Map<number, Set<Digest>>()
  for (const { rounds } of observed)
    for (const { round, digest } of rounds) digests.set(round, (digests.get(round) ?? new Set()).add(digest))
  return [...digests.values()].filter((seen) => seen.size > 1).length
}

/** The largest Euclidean distance between two models; null when one is not finite. */
export function distance(models: readonly Float32Array[]): number | null {
  let largest = 0
  const distinct = [...new Set(models)]
  for (const [i, a] of distinct.entries())
    for (const b of distinct.slice(i + 1)) {
      let sum = 0
      for (let k = 0; k < a.length; k++) sum += (a[k]! - b[k]!) ** 2
      largest = Math.max(largest, Math.sqrt(sum))
      if (Number.isNaN(sum)) largest = Number.POSITIVE_INFINITY
    }
  return Number.isFinite(largest) ? largest : null
}

export function outsideTraining(observed: readonly Observation[]): number[] {
  const rounds = Math.min(...observed.map(({ rounds }) => rounds.length))
  return Array.from({ length: rounds }, (_, i) => {
    const trained = Math.max(...observed.map(({ rounds }) => rounds[i]?.trainedMs ?? 0))
    return Math.max(...observed.map(({ rounds }) => rounds[i]?.endedMs ?? 0)) - trained
  })
}

export function round1(value: number): number {
  return Math.round(value * 10) / 10
}
