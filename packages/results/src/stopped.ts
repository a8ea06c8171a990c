import type { SeedMeasures, SummaryCell } from '@hearsay/scenario'

/**
 * Whether no round was finished: every honest model is still the one that all began with. That these are equal, or right
 * about a tenth of the digits, says nothing of the network, and is not told as if it did.
 */
export function isStopped({ liveness, disagreement }: Pick<SeedMeasures, 'liveness' | 'disagreement'>): boolean {
  return liveness.ended === 0 && disagreement.forks === 0 && disagreement.distance === 0
}

/** Whether there are honest peers to disagree: one alone is at distance 0 from itself, and forks with nobody. */
export function canDisagree({ peers, malicious }: Pick<SummaryCell, 'peers' | 'malicious'>): boolean {
  return peers - malicious > 1
}
