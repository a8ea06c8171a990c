import type { Driver, DriverOptions, Store } from '@hearsay/peer'
import type { Event, Kept, Message, Statement, Step } from '@hearsay/protocol'
import type { LinkOptions } from './links.ts'

/** One place in the network. */
export interface VirtualPeer {
  /** What others call it: its peer id. */
  readonly id: string
  readonly honest: boolean
  /** Makes the peer, at first and whenever it starts again after a crash. */
  create(life: Life): Pick<Driver, 'start' | 'stop'>
}

/** From one start of a peer to its crash: what comes of it afterwards comes to nothing. */
export interface Life extends Pick<DriverOptions, 'carrier' | 'clock' | 'stepMs'> {
  readonly store: Store
  /** What it kept of the lives before; undefined in its first. */
  readonly kept: Kept | undefined
  readonly onStep: NonNullable<DriverOptions['onStep']>
}

export interface VirtualNetworkOptions {
  /** In the order of the roster. */
  readonly peers: readonly VirtualPeer[]
  /** Of the peers, in the same order; each weighs 1 when left out. */
  readonly weights?: readonly number[] | undefined
  /** Pairs of positions. */
  readonly connections: readonly (readonly [number, number])[]
  /** Root of all that is drawn at random. */
  readonly seed: number
  readonly links?: Partial<LinkOptions>
  /**
   * To how many others an envelope of somebody else is passed on; by default as many as on libp2p (`meshDegree`). With 0
   * nobody passes anything on, and each hears what it is told.
   */
  readonly relayDegree?: number
  /** Envelopes that this link loses now, for ever, besides those that any link may lose: only asks bring back what they said. */
  readonly loses?: ((link: Omit<Message, 'envelope'>) => boolean) | undefined
  /** Further milliseconds for a message between honest peers: an adversary's power over the schedule. */
  readonly delay?: ((message: Message) => number) | undefined
  /** The same for answers to asks. */
  readonly delayAnswer?: ((hop: Omit<Message, 'envelope'>) => number) | undefined
  /** The most that `delay` may add: nothing is held back for ever. */
  readonly longestDelayMs?: number
  /** How long a step takes: what comes meanwhile is handled in the next, and so said in one envelope. 0 if left out. */
  readonly stepMs?: number
  /** Told of every step of every peer, before it is performed. */
  readonly onStep?: (peer: number, step: Step, events: readonly Event[], nowMs: number) => void
}

/** What bytes that a peer receives are: envelopes, copies of envelopes that it had, or what a stream carries. */
export type Carried = 'envelope' | 'copy' | StreamCarried
type StreamCarried = 'ask' | 'answer' | 'request' | 'payload'

/** Something that a stream carries, and its size. */
export interface OnStream {
  readonly carried: StreamCarried
  readonly bytes: number
}

/** What went over the network so far. */
export interface Counters {
  /** Envelopes that came to a peer for the first time and were handed to it, directly or by gossip. */
  delivered: number
  /** Copies that a peer had already. */
  duplicates: number
  /** Envelopes that `open` rejected. */
  rejected: number
  /** Messages that a link, a partition or a crash swallowed. */
  lost: number
  asks: number
  answers: number
  /** Steps of peers. */
  steps: number
  /** By position. */
  readonly sentBytes: Float64Array
  readonly receivedBytes: Float64Array
  /** By all peers together, with what travels around it. */
  readonly received: Record<Carried, number>
  /** Statements in envelopes that were said, by kind, each counted once. */
  readonly said: Map<Statement['kind'], number>
}

export function newCounters(peers: number): Counters {
  return {
    delivered: 0,
    duplicates: 0,
    rejected: 0,
    lost: 0,
    asks: 0,
    answers: 0,
    steps: 0,
    sentBytes: new Float64Array(peers),
    receivedBytes: new Float64Array(peers),
    received: { envelope: 0, copy: 0, ask: 0, answer: 0, request: 0, payload: 0 },
    said: new Map(),
  }
}
