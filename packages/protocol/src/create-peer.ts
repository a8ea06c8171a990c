import { AveragingPeer } from './averaging/averaging-peer.ts'
import { Peer } from './peer.ts'
import type { PeerOptions } from './peer-options.ts'

/** An honest peer of the agreement of its network. Throws RangeError when the two do not fit. */
export function createPeer(options: PeerOptions): Peer | AveragingPeer {
  const { network, timing } = options
  if (network.averaging !== undefined) return new AveragingPeer(options)
  if (timing.timeoutMs === undefined) throw new RangeError('exact agreement needs timing.timeoutMs')
  return new Peer(options)
}
