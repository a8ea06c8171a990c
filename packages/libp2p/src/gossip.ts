import { hash } from 'node:crypto'
import {
  type GossipSub,
  type GossipsubOpts,
  type Message,
  StrictNoSign,
  type TopicValidatorFn,
  TopicValidatorResult,
} from '@chainsafe/libp2p-gossipsub'
import { fewCopies, meshDegree } from '@hearsay/peer'
import type { Connection, PeerId, Stream, StreamMessageEvent } from '@libp2p/interface'
import { mostGossipFrameBytes, type NetworkLimits, type NetworkTiming, type Verdict } from './options.ts'

// A peer that reads nothing may make us hold this much; then its stream is reset and the watchdog dials it again.
const mostOutboundBufferBytes = 4 * 1024 * 1024
const mostPendingVerdicts = 1024

/** Envelopes carry their author's signature, so gossip needs no key and no number: the content is the identity. */
export function contentId(message: Message): Uint8Array {
  return hash('sha256', message.data, 'buffer').subarray(0, 20)
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex')
}

/** What gossipsub is to make of it, now and at each heartbeat; `told` is the degree that somebody asks for. */
export function meshOf(mesh: {
  weights: readonly number[]
  neighbours: number
  told?: number | undefined
}): Pick<GossipsubOpts, 'D' | 'Dlo' | 'Dhi' | 'Dscore' | 'Dout' | 'Dlazy'> {
  const degree = mesh.told ?? meshDegree(mesh.weights, mesh.neighbours)
  // Each asks one, and so is asked by one on average; and turns nobody away who needs more.
  if (mesh.told === undefined && degree === fewCopies) return { D: 1, Dlo: 1, Dhi: 7, Dscore: 1, Dout: 0, Dlazy: 3 }
  return {
    D: degree,
    Dlo: degree,
    Dhi: degree + 1,
    Dscore: Math.min(2, degree),
    Dout: Math.min(1, Math.floor(degree / 2)),
    Dlazy: degree,
  }
}

export function gossipOptions(
  topic: string,
  timing: NetworkTiming,
  mesh: { weights: readonly number[]; degree?: number | undefined },
): Partial<GossipsubOpts> {
  return {
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: contentId,
    msgIdToStrFn: hexOf,
    allowedTopics: [topic],
    fallbackToFloodsub: false,
    floodPublish: true,
    batchPublish: true,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    emitSelf: false,
    doPX: false,
    tagMeshPeers: false,
    heartbeatInterval: timing.heartbeatMs,
    // What the mesh misses, above all because a liar in it does not relay, IHAVE repairs at the next heartbeat.
    // As if all could be reached, until it shows that they cannot.
    ...meshOf({ weights: mesh.weights, neighbours: mesh.weights.length - 1, told: mesh.degree }),
    // An envelope is hardly longer than the notice that would save its copy.
    idontwantMinDataSize: 1024,
    maxInboundDataLength: mostGossipFrameBytes,
    maxOutboundBufferSize: mostOutboundBufferBytes,
    decodeRpcLimits: {
      maxSubscriptions: 8,
      maxMessages: 256,
      maxIhaveMessageIDs: 5000,
      maxIwantMessageIDs: 5000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 16,
      maxPeerInfos: 0,
    },
    maxTopicBytesPerPeer: 16 * 1024,
    maxInboundStreams: 4,
    maxOutboundStreams: 2,
    scoreParams: {
      // P6 punishes peers that share an address. Here the roster decides who is a peer, so an address proves nothing,
      // and ten peers of one machine or one house are the rule.
      IPColocationFactorWeight: 0,
      // P7: links that are cut and come back break a few promises without any malice.
      behaviourPenaltyWeight: -1,
      behaviourPenaltyThreshold: 6,
      behaviourPenaltyDecay: 0.9,
      topics: {
        [topic]: {
          topicWeight: 1,
          timeInMeshWeight: 0.01,
          timeInMeshQuantum: 1000,
          timeInMeshCap: 100,
          firstMessageDeliveriesWeight: 0.05,
          firstMessageDeliveriesDecay: 0.9,
          firstMessageDeliveriesCap: 100,
          // P3 expects a steady flow; rounds come in bursts, and a training pause is no fault.
          meshMessageDeliveriesWeight: 0,
          meshMessageDeliveriesDecay: 0.5,
          meshMessageDeliveriesCap: 1,
          meshMessageDeliveriesThreshold: 1,
          meshMessageDeliveriesWindow: 10,
          meshMessageDeliveriesActivation: 5000,
          meshFailurePenaltyWeight: 0,
          meshFailurePenaltyDecay: 0.5,
          // P4: the third rejected envelope silences its sender's gossip, the fifth its every frame.
          invalidMessageDeliveriesWeight: -10,
          invalidMessageDeliveriesDecay: 0.97,
        },
      },
    },
    scoreThresholds: {
      gossipThreshold: -80,
      publishThreshold: -120,
      graylistThreshold: -200,
      acceptPXThreshold: 1000,
      opportunisticGraftThreshold: 1,
    },
  }
}

export interface VerdictCounts {
  accepted: number
  ignored: number
  rejected: number
}

/** One adapter from the application's verdicts to gossip's; it owns the counts. A handler that throws is 'ignore'. */
export class EnvelopeGate {
  readonly counts: VerdictCounts = { accepted: 0, ignored: 0, rejected: 0 }
  readonly #judge: (bytes: Uint8Array, from: string, via: 'gossip' | 'direct') => Verdict | Promise<Verdict>
  readonly #envelopeBytes: number
  readonly #onThrow: (error: unknown, from: string) => void
  readonly #onTooLarge: (from: string) => void
  #pending = 0

  constructor(
    judge: (bytes: Uint8Array, from: string, via: 'gossip' | 'direct') => Verdict | Promise<Verdict>,
    limits: NetworkLimits,
    onThrow: (error: unknown, from: string) => void,
    onTooLarge: (from: string) => void,
  ) {
    this.#judge = judge
    this.#envelopeBytes = limits.envelopeBytes
    this.#onThrow = onThrow
    this.#onTooLarge = onTooLarge
  }

  judge(bytes: Uint8Array, from: string, via: 'gossip' | 'direct'): Verdict | Promise<Verdict> {
    if (bytes.byteLength > this.#envelopeBytes) {
      this.#onTooLarge(from)
      return this.#count('reject')
    }
    // A verdict that never comes would hold its envelope for ever.
    if (this.#pending >= mostPendingVerdicts) return this.#count('ignore')
    try {
      const verdict = this.#judge(bytes, from, via)
      if (typeof verdict === 'string') return this.#count(verdict)
      this.#pending++
      return verdict
        .catch((error: unknown): Verdict => {
          this.#onThrow(error, from)
          return 'ignore'
        })
        .then((late) => {
          this.#pending--
          return this.#count(late)
        })
    } catch (error) {
      this.#onThrow(error, from)
      return this.#count('ignore')
    }
  }

  validator(): TopicValidatorFn {
    return (peer: PeerId, message: Message) => {
      // A copy: over memory all receivers share one frame, and an envelope that is kept must not keep its frame alive.
      const verdict = this.judge(new Uint8Array(message.data), peer.toString(), 'gossip')
      return typeof verdict === 'string' ? results[verdict] : verdict.then((late) => results[late])
    }
  }

  #count(verdict: Verdict): Verdict {
    if (verdict === 'accept') this.counts.accepted++
    else if (verdict === 'reject') this.counts.rejected++
    else this.counts.ignored++
    return verdict
  }
}

const results: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

/** Gossipsub keeps scores and meshes on its class but not in its interface. */
export interface GossipInside extends GossipSub {
  getScore(peer: string): number
  getMeshPeers(topic: string): string[]
  readonly opts: Partial<GossipsubOpts>
  readonly streamsOutbound: ReadonlyMap<string, unknown>
  onIncomingStream(stream: Stream, connection: Connection): void
  /** Handles the frames of a neighbour, one after the other. */
  pipePeerReadStream(peer: PeerId, frames: AsyncIterable<StreamMessageEvent['data']>): Promise<void>
}
