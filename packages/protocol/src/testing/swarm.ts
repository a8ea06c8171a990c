/**
 * A swarm of peers for tests: every message, timer and piece of work is an event on a virtual clock, with delays drawn
 * from a seed. Envelopes are delivered once to each of their audience, relayed as gossip would; blocked links hold
 * what they carry until they heal. Signatures are modelled (a keyed hash that only the swarm can make).
 */

import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { averaging as averagingBy } from '../agreement/averaging/averaging.ts'
import type { Averaging } from '../agreement/averaging/settings.ts'
import { exactBy } from '../agreement/exact/exact.ts'
import { type Certificate, encodeCertificate } from '../chain/checkpoint.ts'
import { endedBy } from '../chain/ended.ts'
import type { Evidence } from '../chain/evidence.ts'
import { Quorums } from '../roster/quorums.ts'
import type { PeerOptions } from '../shell/peer.ts'
import { Peer } from '../shell/peer.ts'
import type { Event, Fault, Output, Participant, Result, Work } from '../shell/step.ts'
import type { Memory } from '../shell/vigil.ts'
import { type Digest, digestOf, sha256 } from '../words/digest.ts'
import { createNetwork, type Keys, type Network } from '../words/network.ts'
import type { Envelope } from '../words/words.ts'

export interface Liar {
  readonly self: number
  readonly network: Network
  /** An honest peer under this identity; each call makes another. */
  honest(): Participant
  /** Makes an update that can be fetched, and gives its digest. */
  offer(text: string): Digest
}

export interface SwarmOptions {
  readonly peers: number
  readonly tolerated: number
  /** Of the peers; each weighs 1 when left out. */
  readonly weights?: readonly number[]
  /** In every so manieth round those who are proven to lie lose their weight. */
  readonly evictEvery?: number
  readonly seed: number
  readonly liars?: ReadonlyMap<number, (liar: Liar) => Participant>
  /** Links that hold messages now; asked at every delivery. */
  readonly blocked?: (from: number, to: number, swarm: Swarm) => boolean
  /** Envelopes that are lost for ever; asked at every delivery. Only asks bring back what they said. */
  readonly lost?: (from: number, to: number, swarm: Swarm) => boolean
  /** Extra virtual ms that an envelope takes from one honest peer to another. */
  readonly delay?: (hop: { from: number; to: number; envelope: Envelope; nowMs: number }) => number
  /** Updates that this peer cannot fetch from anybody, now. */
  readonly withheld?: (digest: Digest, by: number) => boolean
  /** False: honest peers pass nothing on, so that equivocation shows only when peers ask each other. */
  readonly relay?: boolean
  /** The largest delay of a message, in virtual ms. */
  readonly delayMs?: number
  /** Events that come to a peer within so many virtual ms are handled in one step; 0 is each in its own. */
  readonly batchMs?: number
  /** Rounds after which peers start no further training. */
  readonly rounds: number
  /** Whether peers know these rounds, and end after them. */
  readonly ends?: boolean
  /** The least time from one beginning of a round to the next, in virtual ms. */
  readonly roundMs?: number
  /** How long this peer trains, in virtual ms; unless given, as long as a message takes. */
  readonly trainingMs?: (peer: number) => number
  /** What honest peers know of what they said when they begin; that they said nothing, unless given. */
  readonly memory?: Memory
  /** How peers average; without it they agree exactly. */
  readonly averaging?: Averaging
  /** The numbers of averaging: the result of work that no digest of a text stands for, undefined for all other. */
  readonly perform?: (peer: number, work: Work) => Result | undefined
}

interface Delivery {
  readonly atMs: number
  readonly order: number
  readonly from: number
  readonly to: number
  readonly run: () => void
}

type Averaged = Extract<Output, { kind: 'round-ended' }>

const encoder = new TextEncoder()

/** Signatures that nobody but the swarm can make, for as many peers as there are. */
export function modelledKeys(self: number): Keys {
  const signature = (peer: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const half = sha256(encoder.encode(`secret of ${peer}`), bytes)
    const whole = new Uint8Array(64)
    whole.set(half)
    whole.set(half, 32)
    return whole
  }
  return {
    sign: (bytes) => signature(self, bytes),
    verify: (peer, bytes, given) => Buffer.compare(signature(peer, bytes), given) === 0,
  }
}

export class Swarm {
  readonly participants: Participant[] = []
  readonly honest: number[] = []
  /** Certificates by peer, in the order of their adoption. */
  readonly certified: Certificate[][] = []
  /** Models of averaging agreement by peer, in the order of rounds. */
  readonly averaged: Averaged[][] = []
  readonly evidence: Evidence[] = []
  readonly halted = new Set<number>()
  /** By peer, when it began to train for each round, in virtual ms. */
  readonly begun: { readonly round: number; readonly atMs: number }[][] = []
  readonly ended = new Set<number>()
  readonly faults: { by: number; peer: number; what: string }[] = []
  /** What each peer sent, in order. */
  readonly sent: Envelope[][] = []
  /** What was handled, in order: the same events give the same steps. */
  readonly journal: { peer: number; events: readonly Event[]; nowMs: number }[] = []
  nowMs = 0
  #queue: Delivery[] = []
  #held: Delivery[] = []
  #order = 0
  readonly #options: SwarmOptions
  readonly #random: ReturnType<typeof xoroshiro128plus>
  readonly #offered = new Set<Digest>()
  readonly #seen: Set<Digest>[] = []
  readonly #waiting: Event[][] = []
  readonly #trace: string[] = []
  /** How often a peer was started: what a killed one began comes to nothing. */
  readonly #lives: number[] = []

  constructor(options: SwarmOptions) {
    this.#options = options
    this.#random = xoroshiro128plus(options.seed)
    for (let self = 0; self < options.peers; self++) {
      const { network } = this.optionsOf(self)
      const liar = options.liars?.get(self)
      const memory = liar === undefined ? (options.memory ?? 'whole') : 'heedless'
      const honest = (): Participant => new Peer({ ...this.optionsOf(self), memory })
      if (liar === undefined) this.honest.push(self)
      const offer = (text: string): Digest => this.#offer(text)
      this.participants.push(liar === undefined ? honest() : liar({ self, network, honest, offer }))
      this.certified.push([])
      this.averaged.push([])
      this.begun.push([])
      this.sent.push([])
      this.#seen.push(new Set())
      this.#waiting.push([])
      this.#lives.push(0)
    }
    for (let peer = 0; peer < options.peers; peer++)
      this.#later(peer, peer, () => this.#handle(peer, { kind: 'start' }))
  }

  /** How a peer at this position begins that knows nothing of what it said. */
  optionsOf(self: number): PeerOptions {
    const { peers, tolerated, seed, averaging, rounds, ends, roundMs } = this.#options
    const { weights = Array<number>(peers).fill(1) } = this.#options
    const quorums = new Quorums(weights, tolerated)
    const genesis = digestOf(encoder.encode(`swarm ${seed}`))
    return {
      network: createNetwork({
        genesis,
        quorums,
        keys: modelledKeys(self),
        rule: '{"rule":"mean"}',
        agreement: averaging === undefined ? exactBy(this.#options) : averagingBy(averaging),
      }),
      self,
      initial: digestOf(encoder.encode('initial model')),
      ...(ends && { rounds }),
      timing: { graceMs: 200, timeoutMs: 100, askMs: 300, ...(roundMs !== undefined && { roundMs }) },
    }
  }

  /** Kills an honest peer and starts it again with what it keeps: its certificates and what it said since. */
  restart(self: number, holdsModel = true): void {
    this.#place(self, this.#again(self, holdsModel))
  }

  /** Kills a peer and starts another in its place, which finds the others as its neighbours. */
  replace(self: number, participant: Participant): void {
    this.#place(self, participant)
    for (const other of this.participants.keys())
      if (other !== self) this.#handle(self, { kind: 'neighbour', peer: other })
  }

  #place(self: number, participant: Participant): void {
    this.#seen[self] = new Set()
    this.#waiting[self] = []
    this.#lives[self]!++
    this.participants[self] = participant
    this.#handle(self, { kind: 'start' })
  }

  #again(self: number, holdsModel: boolean): Participant {
    const certificates = this.certified[self]!
    const certificate = certificates.at(-1)
    const head = certificate === undefined ? this.averaged[self]!.at(-1) : endedBy(certificate)
    // What it repeated when it was started before is in there twice.
    const said = new Map(this.sent[self]!.map((envelope) => [envelope.id, envelope]))
    return new Peer({
      ...this.optionsOf(self),
      memory: 'whole',
      ...(head && { head, holdsModel }),
      archive: { certificate: (round) => encodedOf(certificates[round - 1]) },
      said: [...said.values()].filter(({ round }) => round >= (head?.round ?? 0)),
    })
  }

  /** One digest of all that was sent, by whom, when and in which order. */
  traceDigest(): Digest {
    return digestOf(...this.#trace.map((line) => encoder.encode(line)))
  }

  random(most: number): number {
    return uniformInt(this.#random, 0, most)
  }

  /** Runs until `done` holds or nothing is left to happen before `untilMs`; `check` is called after every event. */
  run(untilMs: number, done: () => boolean = () => false, check: () => void = () => {}): void {
    while (!done()) {
      const next = this.#queue.shift()
      if (next === undefined || next.atMs > untilMs) {
        if (next !== undefined) this.#queue.unshift(next)
        return
      }
      this.nowMs = next.atMs
      if (this.#options.blocked?.(next.from, next.to, this)) this.#held.push(next)
      else {
        next.run()
        check()
      }
    }
  }

  /** Delivers what blocked links hold, and lets peers who were apart find each other. */
  heal(): void {
    const held = this.#held
    this.#held = []
    for (const { from, to, run } of held) this.#later(from, to, run)
    for (const a of this.honest)
      for (const b of this.honest) if (a !== b) this.#later(a, b, () => this.#handle(b, { kind: 'neighbour', peer: a }))
  }

  /** True when every honest peer has certified (or adopted the certificate of) this round. */
  allCertified(round: number): boolean {
    return this.honest.every((peer) => (this.certified[peer]?.at(-1)?.checkpoint.round ?? 0) >= round)
  }

  /** True when every honest peer has averaged the models of this round. */
  allAveraged(round: number): boolean {
    return this.honest.every((peer) => (this.averaged[peer]?.at(-1)?.round ?? 0) >= round)
  }

  /** Honest peers that certified different checkpoints for one round. */
  forks(): number {
    const digests = new Map<number, Set<Digest>>()
    for (const peer of this.honest)
      for (const { checkpoint, digest } of this.certified[peer] ?? []) {
        const seen = digests.get(checkpoint.round) ?? new Set()
        digests.set(checkpoint.round, seen.add(digest))
      }
    return [...digests.values()].filter((seen) => seen.size > 1).length
  }

  culprits(): number[] {
    return [...new Set(this.evidence.flatMap(({ culprits }) => culprits))].sort((a, b) => a - b)
  }

  #later(from: number, to: number, run: () => void, delayMs = this.random(this.#options.delayMs ?? 40)): void {
    const delivery = { atMs: this.nowMs + delayMs, order: this.#order++, from, to, run }
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#queue[middle]!.atMs <= delivery.atMs) low = middle + 1
      else high = middle
    }
    this.#queue.splice(low, 0, delivery)
  }

  #offer(text: string): Digest {
    const digest = digestOf(encoder.encode(text))
    this.#offered.add(digest)
    return digest
  }

  #envelope(from: number, to: number, envelope: Envelope): void {
    const { bytes, id } = envelope
    const { liars, delay, delayMs = 40 } = this.#options
    const honest = !liars?.has(from) && !liars?.has(to)
    const extraMs = (honest && delay?.({ from, to, envelope, nowMs: this.nowMs })) || 0
    const deliver = (): void => {
      const seen = this.#seen[to]!
      if (seen.has(id) || this.#options.lost?.(from, to, this)) return
      const opened = this.participants[to]!.open(bytes)
      if (opened.verdict === 'reject') this.#blame(to, { peer: from, what: opened.reason })
      if (opened.verdict === 'reject' || opened.envelope === undefined) return
      if (opened.verdict === 'accept') {
        seen.add(id)
        // An honest peer passes on what it accepts.
        if (this.#options.relay !== false && !this.#options.liars?.has(to))
          for (let other = 0; other < this.participants.length; other++)
            if (other !== to && !this.#seen[other]!.has(id)) this.#envelope(to, other, opened.envelope)
      }
      this.#handle(to, { kind: 'envelope', envelope: opened.envelope })
    }
    this.#later(from, to, deliver, extraMs + this.random(delayMs))
  }

  #has(digest: Digest, peer: number): boolean {
    return this.#offered.has(digest) && !this.#options.withheld?.(digest, peer)
  }

  #blame(by: number, ...faults: readonly Fault[]): void {
    if (this.honest.includes(by)) this.faults.push(...faults.map((fault) => ({ by, ...fault })))
  }

  #handle(peer: number, event: Event): void {
    const { batchMs = 0 } = this.#options
    const waiting = this.#waiting[peer]!
    if (waiting.push(event) > 1) return
    if (batchMs === 0) this.#drain(peer)
    else this.#own(peer, () => this.#drain(peer), this.random(batchMs))
  }

  #drain(peer: number): void {
    const events = this.#waiting[peer]!.splice(0)
    this.journal.push({ peer, events, nowMs: this.nowMs })
    const step = this.participants[peer]!.handle(events, this.nowMs)
    for (const { to, envelope } of step.sends) {
      this.sent[peer]!.push(envelope)
      this.#trace.push(`${this.nowMs} ${peer} ${envelope.id} ${to}\n`)
      this.#seen[peer]!.add(envelope.id)
      const audience = to === 'all' ? this.participants.map((_, other) => other) : to
      for (const other of audience) if (other !== peer) this.#envelope(peer, other, envelope)
    }
    for (const { to, bytes } of step.asks) this.#ask(peer, to, bytes)
    for (const { id, atMs } of step.timers)
      this.#own(peer, () => this.#handle(peer, { kind: 'timer', id }), atMs - this.nowMs)
    for (const work of step.work) this.#perform(peer, work)
    if (this.honest.includes(peer)) {
      for (const output of step.outputs) {
        if (output.kind === 'round-ended' && output.certificate) this.certified[peer]!.push(output.certificate)
        else if (output.kind === 'round-ended') this.averaged[peer]!.push(output)
        if (output.kind === 'evidence') this.evidence.push(output.evidence)
        if (output.kind === 'halted') this.halted.add(peer)
        if (output.kind === 'ended') this.ended.add(peer)
      }
    }
    this.#blame(peer, ...step.faults)
  }

  #ask(peer: number, to: number | undefined, bytes: Uint8Array): void {
    const others = this.participants.length - 1
    if (others === 0) return
    const other = to === undefined ? (peer + 1 + this.random(others - 1)) % (others + 1) : to
    this.#later(peer, other, () => {
      const answer = this.participants[other]!.answer(bytes, peer)
      if (answer !== undefined)
        this.#later(other, peer, () => this.#handle(peer, { kind: 'answer', from: other, bytes: answer }))
    })
  }

  /** Something of the peer's own, which dies with it. */
  #own(peer: number, run: () => void, delayMs?: number): void {
    const life = this.#lives[peer]
    this.#later(peer, peer, () => this.#lives[peer] === life && run(), delayMs)
  }

  #perform(peer: number, work: Work): void {
    if (work.kind === 'train' && work.round > this.#options.rounds) return
    if (work.kind === 'train') this.begun[peer]!.push({ round: work.round, atMs: this.nowMs })
    const tookMs = work.kind === 'train' ? this.#options.trainingMs?.(peer) : undefined
    const done = (result: Result): void =>
      this.#own(peer, () => this.#handle(peer, { kind: 'done', id: work.id, result }), tookMs)
    const performed = this.#options.perform?.(peer, work)
    if (performed !== undefined) done(performed)
    else if (work.kind === 'train')
      done({ kind: 'trained', digest: this.#offer(`update ${peer} ${work.round} ${work.model}`) })
    else if (work.kind === 'aggregate') {
      const text = work.members.map(({ peer: member, digest }) => `${member}:${digest}`).join()
      done({ kind: 'aggregated', model: digestOf(encoder.encode(`${work.model} ${text}`)) })
    } else if (work.kind === 'adopt') done({ kind: 'adopted' })
    else if (work.kind === 'fetch' && this.#has(work.member.digest, peer)) done({ kind: 'held' })
    // As a driver does: what cannot be had now is asked for again.
    else if (this.#options.withheld !== undefined) this.#own(peer, () => this.#perform(peer, work), 100)
  }
}

function encodedOf(certificate: Certificate | undefined): Uint8Array | undefined {
  return certificate === undefined ? undefined : encodeCertificate(certificate)
}
