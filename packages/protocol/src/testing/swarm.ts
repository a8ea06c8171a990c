/**
 * A swarm of peers for tests: every message, timer and piece of work is an event on a virtual clock, with delays drawn
 * from a seed. Envelopes are delivered once to each of their audience, relayed as gossip would; blocked links hold
 * what they carry until they heal. Signatures are modelled (a keyed hash that only the swarm can make).
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Certificate } from '../checkpoint.ts'
import { type Digest, digestOf, sha256 } from '../digest.ts'
import type { Evidence } from '../evidence.ts'
import { createNetwork, type Keys, type Network } from '../network.ts'
import { Peer } from '../peer.ts'
import { Quorums } from '../quorums.ts'
import type { Event, Participant, Result, Work } from '../step.ts'

export interface Liar {
  readonly self: number
  readonly network: Network
  /** An honest peer under this identity; each call makes another. */
  honest(): Peer
  /** Makes an update that can be fetched, and gives its digest. */
  offer(text: string): Digest
}

export interface SwarmOptions {
  readonly peers: number
  readonly tolerated: number
  readonly seed: number
  readonly liars?: ReadonlyMap<number, (liar: Liar) => Participant>
  /** Links that hold messages now; asked at every delivery. */
  readonly blocked?: (from: number, to: number, swarm: Swarm) => boolean
  /** The largest delay of a message, in virtual ms. */
  readonly delayMs?: number
  /** Rounds after which peers start no further training. */
  readonly rounds: number
}

interface Delivery {
  readonly atMs: number
  readonly order: number
  readonly from: number
  readonly to: number
  readonly run: () => void
}

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
  readonly evidence: Evidence[] = []
  readonly halted = new Set<number>()
  readonly faults: { by: number; peer: number | string; what: string }[] = []
  nowMs = 0
  #queue: Delivery[] = []
  #held: Delivery[] = []
  #order = 0
  readonly #options: SwarmOptions
  readonly #random: ReturnType<typeof xoroshiro128plus>
  readonly #offered = new Set<Digest>()
  readonly #seen: Set<Digest>[] = []
  readonly #networks: Network[] = []

  constructor(options: SwarmOptions) {
    this.#options = options
    this.#random = xoroshiro128plus(options.seed)
    const genesis = digestOf(encoder.encode(`swarm ${options.seed}`))
    const initial = digestOf(encoder.encode('initial model'))
    const timing = { graceMs: 200, timeoutMs: 100, askMs: 300 }
    for (let self = 0; self < options.peers; self++) {
      const quorums = new Quorums(Array(options.peers).fill(1), options.tolerated)
      const network = createNetwork({ genesis, quorums, keys: modelledKeys(self), rule: '{"rule":"mean"}' })
      const honest = (): Peer => new Peer({ network, self, initial, timing })
      const liar = options.liars?.get(self)
      if (liar === undefined) this.honest.push(self)
      const offer = (text: string): Digest => this.#offer(text)
      this.participants.push(liar === undefined ? honest() : liar({ self, network, honest, offer }))
      this.#networks.push(network)
      this.certified.push([])
      this.#seen.push(new Set())
    }
    for (let peer = 0; peer < options.peers; peer++)
      this.#later(peer, peer, () => this.#handle(peer, { kind: 'start' }))
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
      for (const b of this.honest)
        if (a !== b) this.#later(a, b, () => this.#handle(b, { kind: 'neighbour', peer: String(a) }))
  }

  /** True when every honest peer has certified (or adopted the certificate of) this round. */
  allCertified(round: number): boolean {
    return this.honest.every((peer) => (this.certified[peer]?.at(-1)?.checkpoint.round ?? 0) >= round)
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

  #envelope(from: number, to: number, bytes: Uint8Array, id: Digest): void {
    this.#later(from, to, () => {
      const seen = this.#seen[to]!
      if (seen.has(id)) return
      const opened = this.participants[to]!.open(bytes)
      if (opened.verdict !== 'accept') return
      seen.add(id)
      // An honest peer passes on what it accepts.
      if (!this.#options.liars?.has(to))
        for (let other = 0; other < this.participants.length; other++)
          if (other !== to && !this.#seen[other]!.has(id)) this.#envelope(to, other, bytes, id)
      this.#handle(to, { kind: 'envelope', envelope: opened.envelope })
    })
  }

  #handle(peer: number, event: Event): void {
    const step = this.participants[peer]!.handle([event], this.nowMs)
    for (const { to, envelope } of step.sends) {
      this.#seen[peer]!.add(envelope.id)
      const audience = to === 'all' ? this.participants.map((_, other) => other) : to
      for (const other of audience) if (other !== peer) this.#envelope(peer, other, envelope.bytes, envelope.id)
    }
    for (const { to, bytes } of step.asks) {
      const other =
        to === undefined
          ? (peer + 1 + this.random(this.participants.length - 2)) % this.participants.length
          : Number(to)
      this.#later(peer, other, () => {
        const answer = this.participants[other]!.answer(bytes, String(peer))
        if (answer !== undefined)
          this.#later(other, peer, () => this.#handle(peer, { kind: 'answer', from: String(other), bytes: answer }))
      })
    }
    for (const { id, atMs } of step.timers)
      this.#later(peer, peer, () => this.#handle(peer, { kind: 'timer', id }), atMs - this.nowMs)
    for (const work of step.work) this.#perform(peer, work)
    if (this.honest.includes(peer)) {
      for (const output of step.outputs) {
        if (output.kind === 'certified') this.certified[peer]!.push(output.certificate)
        if (output.kind === 'evidence') this.evidence.push(output.evidence)
        if (output.kind === 'halted') this.halted.add(peer)
      }
      this.faults.push(...step.faults.map((fault) => ({ by: peer, ...fault })))
    }
  }

  #perform(peer: number, work: Work): void {
    if (work.kind === 'train' && work.round > this.#options.rounds) return
    const done = (result: Result): void =>
      this.#later(peer, peer, () => this.#handle(peer, { kind: 'done', id: work.id, result }))
    if (work.kind === 'train')
      done({ kind: 'trained', digest: this.#offer(`update ${peer} ${work.round} ${work.model}`) })
    else if (work.kind === 'aggregate') {
      const text = work.members.map(({ peer: member, digest }) => `${member}:${digest}`).join()
      done({ kind: 'aggregated', model: digestOf(encoder.encode(`${work.model} ${text}`)) })
    } else if (work.kind === 'adopt') done({ kind: 'adopted' })
    else if (this.#offered.has(work.member.digest)) done({ kind: 'held' })
  }
}
