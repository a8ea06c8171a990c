import type { Clock, DriverEvent, Part, Vector } from '@hearsay/peer'
import type { Digest, Position } from '@hearsay/protocol'
import type { Partition } from '@hearsay/scenario'
import type { ScenarioIndex } from './scenario-index.ts'

/** Gets what happens at peers. */
export type Watch = (index: ScenarioIndex, event: DriverEvent) => void

/** When a cell has come to its end: known at once, and waited for. */
export interface Ending {
  readonly over: boolean
  /** Rejects when something broke. */
  readonly promise: Promise<void>
}

/** The peers of one cell and what is between them. */
export interface CellNetwork {
  /** The honest peers, sorted. */
  readonly honest: readonly ScenarioIndex[]
  /** The genesis record. */
  readonly record: string
  /** Of this network: all that is timed in a cell is timed by it. */
  readonly clock: Clock
  /** −1 if there is none. */
  indexOf(position: Position): ScenarioIndex
  /** −1 if there is none. */
  indexOfId(id: string): ScenarioIndex
  /** A model that any peer holds. */
  model(digest: Digest): Float32Array | undefined
  /** What each peer sent last, by position, where it sends momentum. */
  momenta(executed: readonly number[] | undefined): readonly (Vector | undefined)[]
  /** What an update or a model that an honest peer holds travels as; nothing if none holds it. */
  parts(digest: Digest): readonly Part[]
  /** What a peer sent and received so far. */
  bytes(index: ScenarioIndex): { readonly sent: number; readonly received: number }
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
