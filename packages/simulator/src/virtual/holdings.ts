/**
 * Which peer holds which updates and models. The vectors themselves are there once for all, by digest, as long as any
 * peer holds them: an update until the round after its own is over, a model until five newer ones are there.
 */
import { type Digest, digestOfVector } from '@hearsay/protocol'

type Vector = Float32Array<ArrayBuffer>

const modelsKept = 6

interface Stored {
  readonly vector: Vector
  readonly finite: boolean
  holders: number
}

interface Held {
  /** By digest, with the newest round that they are of. */
  readonly updates: Map<Digest, number>
  /** Oldest first. */
  models: Digest[]
}

export class Holdings {
  readonly #stored = new Map<Digest, Stored>()
  readonly #peers: readonly Held[]

  constructor(peers: number, initial: Vector) {
    this.#peers = Array.from({ length: peers }, () => ({ updates: new Map(), models: [] }))
    for (const peer of this.#peers.keys()) this.holdModel(peer, initial)
  }

  vector(digest: Digest): Vector | undefined {
    return this.#stored.get(digest)?.vector
  }

  isFinite(digest: Digest): boolean {
    return this.#stored.get(digest)?.finite ?? false
  }

  holds(peer: number, digest: Digest): boolean {
    const held = this.#peers[peer]
    return held !== undefined && (held.updates.has(digest) || held.models.includes(digest))
  }

  /** An update of this round, or one more round of an update that the peer has. */
  hold(peer: number, round: number, vector: Vector, digest = digestOfVector(vector)): Digest {
    const { updates } = this.#peers[peer]!
    const before = updates.get(digest)
    if (before === undefined) this.#take(digest, vector)
    updates.set(digest, Math.max(round, before ?? round))
    return digest
  }

  holdModel(peer: number, vector: Vector, digest = digestOfVector(vector)): Digest {
    const held = this.#peers[peer]!
    if (held.models.includes(digest)) held.models = held.models.filter((model) => model !== digest)
    else this.#take(digest, vector)
    held.models.push(digest)
    if (held.models.length > modelsKept) this.#release(held.models.shift()!)
    return digest
  }

  /** The peer is in this round: what is older than the one before is gone. */
  beginRound(peer: number, round: number): void {
    const { updates } = this.#peers[peer]!
    for (const [digest, newest] of updates) {
      if (newest >= round - 1) continue
      updates.delete(digest)
      this.#release(digest)
    }
  }

  #take(digest: Digest, vector: Vector): void {
    const stored = this.#stored.get(digest)
    if (stored !== undefined) stored.holders++
    else this.#stored.set(digest, { vector, finite: vector.every(Number.isFinite), holders: 1 })
  }

  #release(digest: Digest): void {
    const stored = this.#stored.get(digest)
    if (stored !== undefined && --stored.holders === 0) this.#stored.delete(digest)
  }
}
