import type { Clock, DriverEvent } from '@hearsay/peer'
import type { Digest } from '@hearsay/protocol'
import type { Partition } from '@hearsay/scenario'

/** Gets what happens at peers, by scenario index. */
export type Watch = (index: number, event: DriverEvent) => void

/** When a cell has come to its end: known at once, and waited for. */
export interface Ending {
  readonly over: boolean
  /** Rejects when something broke. */
  readonly promise: Promise<void>
}

/** The peers of one cell and what is between them. Peers are scenario indices; positions are those in the roster. */
export interface CellNetwork {
  /** The honest peers, sorted. */
  readonly honest: readonly number[]
  /** The genesis record. */
  readonly record: string
  /** Of this network: all that is timed in a cell is timed by it. */
  readonly clock: Clock
  /** The scenario index of a position in the roster; −1 if there is none. */
  indexOf(position: number): number
  /** The scenario index of a peer id; −1 if there is none. */
  indexOfId(id: string): number
  /** A model that any peer holds. */
  model(digest: Digest): Float32Array | undefined
  /** An update or a model that an honest peer holds. */
  payload(digest: Digest): Uint8Array | undefined
  /** What a peer sent and received so far. */
  bytes(index: number): { readonly sent: number; readonly received: number }
  /** Connects the peers and starts them. */
  start(watch: Watch): Promise<void>
  /** Lets time go on until the cell is over. */
  runUntil(ending: Ending): Promise<void>
  /** Cuts the links that the partition cuts, or restores all. */
  partition(partition: Partition | undefined): void
  /** Of all that happened, where the same seed gives the same. */
  traceDigest?(): Digest
  stop(): Promise<void>
}
