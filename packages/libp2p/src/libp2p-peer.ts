import type { Holes, RowShape, RuleSpec } from '@hearsay/aggregation'
import type { Arrivals, Clock, Driver, Vector, Vectors } from '@hearsay/peer'
import { ChunkedVectors, chunkedHeadBytes, mostBytesOf, OwnVectors, SparseVectors } from '@hearsay/peer'
import { type Libp2pCarrier, type Libp2pOptions, libp2pCarrier, machineClock } from './libp2p-carrier.ts'

/** A network without a last round has vectors of as many stages as one of some years: one more whenever rounds double. */
const manyRounds = 2 ** 24

/** A peer of this machine on libp2p. */
export interface Libp2pPeer {
  readonly driver: Driver
  readonly host: Libp2pCarrier['host']
  readonly vectors: Vectors
}

export interface Libp2pPeerOptions extends Omit<Libp2pOptions, 'payloadBytes'> {
  readonly rule: RuleSpec
  /** Of a network whose updates are of rows. */
  readonly rows?: RowShape | undefined
  /** The model of the genesis. */
  readonly initial: Vector
  /** Models that it has when it starts again, the one that it starts from last. */
  readonly models?: readonly Vector[] | undefined
  /** Where updates go in chunks, and peers agree on the holes. */
  readonly holes?: Holes | undefined
  /** Where updates lose chunks on their way. */
  readonly arrivals?: Arrivals | undefined
  /** The last round, if there is one. */
  readonly rounds?: number | undefined
}

/** What libp2p and this machine give a peer, which `compose` makes of it. The host is not started. */
export async function createLibp2pPeer(
  { rule, rows, initial, models, holes, arrivals, rounds = manyRounds, ...options }: Libp2pPeerOptions,
  compose: (ports: { readonly carrier: Libp2pCarrier; readonly clock: Clock; readonly vectors: Vectors }) => Driver,
): Promise<Libp2pPeer> {
  const headBytes = holes === undefined ? 0 : chunkedHeadBytes({ ...holes, length: initial.length })
  const payloadBytes = Math.max(initial.byteLength, rows === undefined ? headBytes : mostBytesOf(rows))
  const carrier = await libp2pCarrier({ ...options, payloadBytes })
  const { agreement, peers } = options.network
  const given = { rule, peers, initial, models, pauses: agreement.pauses !== undefined }
  const vectorsOf = (): Vectors => {
    if (rows !== undefined) return new SparseVectors({ ...given, rows })
    if (holes !== undefined) return new ChunkedVectors({ ...given, holes })
    return new OwnVectors({
      ...given,
      arrivals,
      stages: agreement.stages?.(rounds),
      remembered: agreement.ordering?.remembered,
    })
  }
  const vectors = vectorsOf()
  return { driver: compose({ carrier, clock: machineClock, vectors }), host: carrier.host, vectors }
}
