/**
 * The vectors of all peers of a process: each is there once, by digest, as long as any peer holds it: an update until the
 * round after its own is over, a model until five newer ones are there. What many would compute alike is computed once.
 */
import { type RuleSpec, Workspace } from '@hearsay/aggregation'
import { addTo, bytesOf, keyOf, nextModel, type Vector, type Vectors } from '@hearsay/peer'
import { average, type Digest, digestOfVector, type Member } from '@hearsay/protocol'

const modelsKept = 6
/** So many results of the newest rounds are not computed again. */
const computedKept = 64

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

export class SharedVectors {
  readonly #stored = new Map<Digest, Stored>()
  readonly #peers: readonly Held[]
  readonly #initial: Vector
  readonly #rule: RuleSpec
  readonly #workspace: Workspace
  /** By what they were computed from. */
  readonly #computed = new Map<string, Vector>()

  constructor(peers: number, initial: Vector, rule: RuleSpec) {
    this.#initial = initial
    this.#rule = rule
    this.#workspace = new Workspace({ rows: peers, length: initial.length })
    this.#peers = Array.from({ length: peers }, () => ({ updates: new Map(), models: [] }))
    for (const peer of this.#peers.keys()) this.#holdModel(peer, initial)
  }

  vector(digest: Digest): Vector | undefined {
    return this.#stored.get(digest)?.vector
  }

  holds(peer: number, digest: Digest): boolean {
    const held = this.#peers[peer]
    return held !== undefined && (held.updates.has(digest) || held.models.includes(digest))
  }

  /** Those that this peer holds. A crash does not end them: they are its disk. */
  of(peer: number): Vectors {
    const vector = (digest: Digest): Vector | undefined => (this.holds(peer, digest) ? this.vector(digest) : undefined)
    return {
      sizeBytes: this.#initial.byteLength,
      vector,
      payload: (digest) => {
        const held = vector(digest)
        return held && bytesOf(held)
      },
      hold: (round, update) => this.#hold(peer, round, Float32Array.from(update)),
      renew: (digest, round) => {
        if (!this.holds(peer, digest)) return false
        this.#hold(peer, round, this.#get(digest), digest)
        return true
      },
      reserve: (round, what) => ({
        into: undefined,
        commit: (digest) => {
          if (what === 'model') this.#holdModel(peer, this.#get(digest), digest)
          else this.#hold(peer, round, this.#get(digest), digest)
          return true
        },
        release: () => {},
      }),
      isFinite: (digest) => this.#stored.get(digest)?.finite ?? false,
      heldOf: (round) => [...this.#peers[peer]!.updates].flatMap(([digest, of]) => (of === round ? digest : [])),
      aggregate: ({ model, members }) =>
        this.#holdModel(
          peer,
          this.#once(`${model} ${keyOf(members)}`, () => {
            const digests = members.map(({ digest }) => digest)
            return nextModel(this.#rule, this.#workspace, this.#rowsOf(members), this.#get(model), digests)
          }),
        ),
      average: ({ round, by, members, onto, into }) => {
        const result = this.#once(`${JSON.stringify(by)} ${onto} ${keyOf(members)}`, () => {
          const rows = this.#rowsOf(members)
          const made = average(by, this.#rule, this.#workspace, rows, (digest) => this.#get(digest))
          addTo(made, onto === undefined ? undefined : this.#get(onto))
          return made
        })
        return into === 'vector' ? this.#hold(peer, round, result) : this.#holdModel(peer, result)
      },
      beginRound: (round) => this.#forgetBefore(peer, round - 1),
    }
  }

  #get(digest: Digest): Vector {
    const vector = this.vector(digest)
    if (vector === undefined) throw new Error(`the vector ${digest} is held by nobody: this is a bug`)
    return vector
  }

  /** An update of this round, or one more round of an update that the peer has. */
  #hold(peer: number, round: number, vector: Vector, digest = digestOfVector(vector)): Digest {
    if (vector.length !== this.#initial.length)
      throw new RangeError(`an update of ${vector.length} parameters for a model of ${this.#initial.length}`)
    const { updates } = this.#peers[peer]!
    const before = updates.get(digest)
    if (before === undefined) this.#take(digest, vector)
    updates.set(digest, Math.max(round, before ?? round))
    return digest
  }

  #holdModel(peer: number, vector: Vector, digest = digestOfVector(vector)): Digest {
    const held = this.#peers[peer]!
    if (held.models.includes(digest)) held.models = held.models.filter((model) => model !== digest)
    else this.#take(digest, vector)
    held.models.push(digest)
    if (held.models.length > modelsKept) this.#release(held.models.shift()!)
    return digest
  }

  #forgetBefore(peer: number, round: number): void {
    const { updates } = this.#peers[peer]!
    for (const [digest, newest] of updates) {
      if (newest >= round) continue
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

  /** The vectors of the members as rows of the workspace, in their order. */
  #rowsOf(members: readonly Member[]): number[] {
    return members.map(({ digest }, row) => {
      this.#workspace.vector(row).set(this.#get(digest))
      return row
    })
  }

  #once(key: string, compute: () => Vector): Vector {
    const before = this.#computed.get(key)
    if (before !== undefined) return before
    const vector = compute()
    this.#computed.set(key, vector)
    for (const oldest of this.#computed.keys()) if (this.#computed.size > computedKept) this.#computed.delete(oldest)
    return vector
  }
}
