import { limitsOf, modelBytes, mostTolerated, type Ordering, pauseBytes } from '@hearsay/protocol'

/** What gossip carries: room is left for the frame around an envelope, and for what gossip piggybacks on it. */
export const mostEnvelopeBytes = 128 * 1024

/**
 * The largest roster whose envelopes gossip carries: a peer says something of every other in one envelope, and an envelope
 * grows by some hundred bytes with each. `rule` is the text of the aggregation rule, which every checkpoint names; where vouches are
 * heard or pauses count, it has these too; and what filters know, where updates are judged in an order.
 */
export function mostPeers(
  rule: string,
  counts: { readonly vouches?: boolean; readonly pauses?: boolean; readonly ordering?: Ordering | undefined } = {},
): number {
  const { vouches, pauses, ordering } = counts
  const fits = (peers: number): boolean => {
    const ordered = ordering?.stateBytes(peers, mostTolerated(peers)) ?? 0
    const state = ordered + (pauses ? pauseBytes(peers) : 0)
    const behind = ordering && { behind: modelBytes }
    return limitsOf(peers, rule, vouches, { state, ...behind }).envelopeBytes <= mostEnvelopeBytes
  }
  let [most, tooMany] = [0, 65_536]
  while (tooMany - most > 1) {
    const middle = (most + tooMany) >> 1
    if (fits(middle)) most = middle
    else tooMany = middle
  }
  return most
}

export function tooManyPeers(most: number): string {
  return `the envelopes of more than ${most} peers do not fit into gossip's ${mostEnvelopeBytes / 1024} KiB: make it at most ${most}`
}
