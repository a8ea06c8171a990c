/** The one way from a network, an identity and ports to a running peer: of `hearsay start`, and of every simulation. */
import type { RuleSpec } from '@hearsay/aggregation'
import {
  type AgreementKind,
  createNetwork,
  type Digest,
  digestOf,
  type Kept,
  type Keys,
  type Network,
  type Participant,
  Peer,
  type PeerOptions,
  Quorums,
  type Timing,
} from '@hearsay/protocol'
import { canonical } from './canonical.ts'
import { Driver, type DriverOptions } from './driver.ts'

/** What all peers of a network have in common. */
export interface Charter {
  /** The genesis record: its digest names the network. */
  readonly record: string
  readonly peers: number
  /** f, n ≥ 3f+1. */
  readonly tolerated: number
  readonly rule: RuleSpec
  readonly agreement: AgreementKind
}

/** The network of a charter, as the peer with these keys has it. */
export function networkOf(charter: Charter, keys: Keys, opened?: Network['opened']): Network {
  const { record, peers, tolerated, rule, agreement } = charter
  return createNetwork({
    genesis: digestOf(new TextEncoder().encode(record)),
    quorums: new Quorums(Array(peers).fill(1), tolerated),
    keys,
    rule: canonical(rule),
    agreement,
    ...(opened && { opened }),
  })
}

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
