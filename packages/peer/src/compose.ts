/** The one way from a network, an identity and ports to a running peer: of `hearsay start`, and of every simulation. */
import { type Digest, type Kept, type Participant, Peer, type PeerOptions, type Timing } from '@hearsay/protocol'
import { Driver, type DriverOptions } from './driver.ts'

export interface PeerParts extends Omit<DriverOptions, 'participant'> {
  /** Digest of the model of the genesis. */
  readonly initial: Digest
  readonly timing: Timing
  /** What it knows when it starts again. */
  readonly kept?: Kept
  /** What takes part in place of the honest peer that a call makes: an adversary around it. */
  readonly instead?: ((honest: () => Peer) => Participant) | undefined
  /** Rounds after which the network ends, if its peers know; `rounds` only ends training. */
  readonly lastRound?: number
}

/** A peer that is ready to start. Throws RangeError when its timing does not fit its agreement. */
export function composePeer(parts: PeerParts): Driver {
  const { network, self, initial, timing, kept, vectors, lastRound, instead } = parts
  const options: PeerOptions = {
    network,
    self,
    initial,
    timing,
    ...kept,
    ...(kept?.head && { holdsModel: vectors.vector(kept.head.model) !== undefined }),
    ...(lastRound && { rounds: lastRound }),
  }
  const honest = (): Peer => new Peer(options)
  return new Driver({ ...parts, participant: instead === undefined ? honest() : instead(honest) })
}
