import { limitsOf, pauseBytes } from '@hearsay/protocol'

/** What gossip carries: room is left for the frame around an envelope, and for what gossip piggybacks on it. */
export const mostEnvelopeBytes = 128 * 1024

/**
 * The largest roster whose envelopes gossip carries: a peer says something of every other in one envelope, and an envelope
 * grows by some hundred bytes with each. `rule` is the text of the aggregation rule, which every checkpoint names; where vouches are
 * heard or pauses count, it has these too.
 */
export function mostPeers(
  rule: string,
  counts: { readonly vouches?: boolean; readonly pauses?: boolean } = {},
): number {
  const fits = (peers: number): boolean =>
    limitsOf(peers, rule, counts.vouches, { state: counts.pauses ? pauseBytes(peers) : 0 }).envelopeBytes <=
    mostEnvelopeBytes
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
