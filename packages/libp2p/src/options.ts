import { mostEnvelopeBytes, type Receiving } from '@hearsay/peer'
import { type Keys, mostThatMayLie } from '@hearsay/protocol'
import type { Introduction } from './hello.ts'
import { NetworkError } from './network-error.ts'

/** What the application thinks of an envelope: pass it on, drop it silently, or drop it and hold it against the sender. */
export type Verdict = 'accept' | 'ignore' | 'reject'

export interface NetworkEvent {
  readonly kind: string
  readonly [field: string]: unknown
}

/** Called by the host. Nothing here may be trusted: bytes come from peers as they are, bounded by `limits` only. */
export interface NetworkHandlers {
  /** An envelope of at most `limits.envelopeBytes`. Throwing, or a promise that rejects, counts as 'ignore'. */
  envelope(bytes: Uint8Array, from: string, via: 'gossip' | 'direct'): Verdict | Promise<Verdict>
  /** Answers a question of at most `limits.askBytes` in at most `limits.answerBytes`; undefined is an empty answer. */
  ask(bytes: Uint8Array, from: string): Uint8Array | undefined
  /** The payload with this SHA-256, or undefined. What is sent of it is copied. */
  payload(digestHex: string, from: string): Uint8Array | undefined | Promise<Uint8Array | undefined>
  /** A roster peer can be reached (connected, and gossip flows both ways), or no longer. */
  neighbour(peer: string, connected: boolean): void
}

/** Sizes in bytes of what peers may send us, the largest unless it says otherwise; anything larger is refused before it is held. */
export interface NetworkLimits {
  readonly envelopeBytes: number
  /** Nobody who asks has so little to say: a shorter question ends its stream. */
  readonly leastAskBytes: number
  readonly askBytes: number
  readonly answerBytes: number
  readonly payloadBytes: number
}

/** Intervals and deadlines in milliseconds; the defaults suit the internet, a simulation may want shorter ones. */
export interface NetworkTiming {
  /** Gossip's repair interval, and how often half-dead gossip is looked for. */
  readonly heartbeatMs: number
  /** How long a connection may stay up without gossip in both directions before it is closed and dialled again. */
  readonly gossipGraceMs: number
  /** How long one source may take over one chunk of a payload, and a reader over taking one from us. */
  readonly chunkDeadlineMs: number
  readonly askDeadlineMs: number
  /** First wait before dialling again; doubled at each failure. */
  readonly redialMs: number
  readonly redialCeilingMs: number
}

export const defaultTiming: NetworkTiming = {
  heartbeatMs: 1000,
  gossipGraceMs: 5000,
  chunkDeadlineMs: 10_000,
  askDeadlineMs: 10_000,
  redialMs: 50,
  redialCeilingMs: 5000,
}

export interface NetworkOptions {
  /** Ed25519 seed, 32 bytes. */
  readonly privateKey: Uint8Array
  /** Peer ids that may connect, ours among them or not. */
  readonly roster: readonly string[]
  /** Of the peers of the roster to begin with, in the same order; each weighs 1 when left out. */
  readonly weights?: readonly number[]
  /** Hex digest of the genesis: in the topic and in every protocol id, so that networks do not mix. */
  readonly network: string
  readonly transport:
    | { readonly kind: 'memory'; readonly address?: string }
    | { readonly kind: 'tcp'; readonly listen: readonly string[] }
  readonly timing?: Partial<NetworkTiming>
  /** Peers that an envelope is passed on to, 1 to 12; by default as many as the peer's connections ask for (gossip.ts). */
  readonly gossip?: { readonly degree?: number }
  /** Peers tell each other where they can be reached. Without it a host knows the addresses that it was given, only. */
  readonly discovery?: DiscoveryOptions & { readonly keys: Keys }
  readonly limits: NetworkLimits
  readonly handlers: NetworkHandlers
  readonly log?: (event: NetworkEvent) => void
  /** What others may know of this peer before they are of one network with it; without it none is asked or told. */
  readonly hello?: Introduction
  /** Is told what libp2p tells, a line at a time. */
  readonly debug?: (line: string) => void
}

export interface DiscoveryOptions {
  /** What others are told in place of the addresses that this host listens on: behind a router, say, or in a container. */
  readonly announce?: readonly string[]
  /** Records of an earlier life, as `onRecords` gave them. What is none is left out. */
  readonly known?: readonly Uint8Array[]
  /** The records that are known have changed. */
  readonly onRecords?: (records: readonly Uint8Array[]) => void
  /** So often one neighbour is told all that is known, in ms; a minute when left out. */
  readonly refreshMs?: number
}

export interface FetchOptions {
  /** SHA-256 of the payload, 32 bytes. */
  readonly digest: Uint8Array
  readonly sizeBytes: number
  /** Peers that should hold it, best first; asked again while we wait, so the list may grow. */
  readonly sources: () => readonly string[]
  /** Where the payload goes, exactly `sizeBytes` long. Its content is undefined until the promise is fulfilled. */
  readonly into: Uint8Array
  readonly signal: AbortSignal
}

export type ReceiveOptions = Omit<Receiving, 'round' | 'from'>

export interface NetworkStats {
  readonly connections: number
  readonly neighbours: number
  /** Members of the gossip mesh that we relay to. */
  readonly mesh: number
  readonly envelopes: { readonly accepted: number; readonly ignored: number; readonly rejected: number }
  readonly payloads: {
    readonly fetched: number
    readonly served: number
    /** Sources that sent wrong bytes or a wrong size. */
    readonly bad: number
    /** Requests for what another source was asked for too, since that one was slow. */
    readonly hedged: number
    readonly inFlightBytes: number
  }
  /** Connections closed because gossip over them had died. */
  readonly healed: number
  /** Gossip scores by peer id: 0 is neutral, far below it the peer is no longer listened to. */
  readonly scores: Readonly<Record<string, number>>
}

export interface NetworkHost {
  readonly id: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Multiaddrs that others can dial, each with /p2p/ and our id. */
  addresses(): string[]
  /** Ids of the peers that can be reached now, sorted. */
  neighbours(): string[]
  /**
   * Adds an address of a roster peer to those we keep dialling, and is fulfilled when the peer is a neighbour.
   * Rejects when the peer leaves the wanted set first; failures to dial are tried again and do not reject.
   */
  connect(address: string, peer?: string): Promise<void>
  /** Takes the peer out of the wanted set and hangs up. */
  disconnect(peer: string): Promise<void>
  /** Hangs up, and neither dials this peer nor lets it in again as long as this host lives. */
  cutOff(peer: string): void
  /** The peers of the roster weigh so from now on, in its order. */
  weigh(weights: readonly number[]): void
  /** Gossips to all. Throws only when the envelope is larger than `limits.envelopeBytes`. */
  publish(envelope: Uint8Array): void
  /** Pushes to one neighbour only; best effort, without a copy: do not change the bytes afterwards. Throws only when larger than `limits.envelopeBytes`. */
  send(to: string, envelope: Uint8Array): void
  /** Asks one neighbour; an empty answer means that it had nothing to say. */
  ask(to: string, request: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>
  /** Pulls a payload by its digest, trying sources until one has it right or `signal` aborts. */
  fetch(options: FetchOptions): Promise<void>
  /** Asks a peer for chunks, each of which it sends once, and tells what arrives until the signal aborts. */
  receive(peer: string, reception: ReceiveOptions): void
  /** Cuts the links to peers that are not allowed, in both directions, until called again; undefined allows all. */
  setLinks(allowed: ((peer: string) => boolean) | undefined): void
  /** Bytes over connections since they were upgraded, with all framing; TCP and IP headers not included. */
  readonly bytes: { readonly sent: number; readonly received: number }
  stats(): NetworkStats
}

/** In the order of the roster. */
export function weightsOf({
  roster,
  weights,
}: Pick<NetworkOptions, 'roster'> & { readonly weights?: readonly number[] | undefined }): readonly number[] {
  return weights ?? roster.map(() => 1)
}

/** Who weighs nothing is a neighbour all the same, and whoever came without a vouch may lie. */
export function mostNeighboursThatLie(weights: readonly number[]): number {
  return mostThatMayLie(weights) + weights.filter((weight) => weight === 0).length
}

const sizeCeilingBytes = 2 ** 32 - 1

/** Throws `bad-options` when something that the caller wrote cannot work. */
export function checkOptions(options: NetworkOptions): void {
  const fail = (what: string): never => {
    throw new NetworkError('bad-options', what)
  }
  if (options.privateKey.byteLength !== 32)
    fail(`privateKey has ${options.privateKey.byteLength} bytes; it takes the 32 of an Ed25519 seed`)
  if (!/^[0-9a-f]{8,128}$/.test(options.network))
    fail(`network is '${options.network}'; it takes the genesis digest in lower-case hex`)
  for (const [name, value] of Object.entries(options.limits)) {
    if (!Number.isSafeInteger(value) || value < 1 || value > sizeCeilingBytes)
      fail(`limits.${name} is ${value}; it takes a size of 1 to ${sizeCeilingBytes} bytes`)
  }
  if (options.limits.envelopeBytes > mostEnvelopeBytes)
    fail(
      `limits.envelopeBytes is ${options.limits.envelopeBytes}; gossip carries at most ${mostEnvelopeBytes}: pull larger things as payloads`,
    )
  const degree = options.gossip?.degree ?? 3
  if (!Number.isInteger(degree) || degree < 1 || degree > 12) fail(`gossip.degree is ${degree}; it takes 1 to 12`)
  for (const [name, value] of Object.entries(options.timing ?? {})) {
    if (value !== undefined && !(Number.isFinite(value) && value > 0))
      fail(`timing.${name} is ${value}; it takes a positive number of milliseconds`)
  }
}

/** Largest gossip frame we take; one over it would end gossip with its sender for good, so what we send stays below. */
export const mostGossipFrameBytes = 256 * 1024
