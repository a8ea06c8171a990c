/**
 * The vectors of all peers of a process: each is there once, by digest, as long as any peer holds it: an update until the
 * round after its own is over, a model until five newer ones are there. What many would compute alike is computed once.
 */
import { isSparse, type RowShape, type RuleSpec, type SparseUpdate, type Update, Workspace } from '@hearsay/aggregation'
import {
  Arrivals,
  addTo,
  averagedOf,
  benchOf,
  bytesOf,
  distanceBetween,
  goesOn,
  headBytes,
  heldRows,
  keyOf,
  type LossyExchange,
  modelsKept,
  moved,
  nextModel,
  nextModelOfRows,
  noRows,
  type Room,
  scaleBy,
  scaledRows,
  type Vector,
  type Vectors,
  type WorkOf,
  withstanding,
} from '@hearsay/peer'
import {
  type Averaged,
  average,
  type Contribution,
  type Digest,
  digestOfVector,
  type Order,
  type Ordered,
} from '@hearsay/protocol'
import { type Content, Copies, type Known } from './content.ts'

/** So many results of the newest rounds are not computed again. */
const computedKept = 64
const distancesKept = 1024

interface Stored extends Content {
  holders: number
}

interface Held {
  /** By digest, with the newest round that they are of. */
  readonly updates: Map<Digest, number>
  /** However old they are, those that its agreement needs. */
  needed: ReadonlySet<Digest>
  /** Oldest first. */
  models: Digest[]
}

export class SharedVectors {
  readonly #stored = new Map<Digest, Stored>()
  /** By the digest of its body, the update that has one. */
  readonly #bodies = new Map<Digest, Digest>()
  readonly #peers: readonly Held[]
  readonly #initial: Vector
  readonly #rule: RuleSpec
  readonly #rows: RowShape | undefined
  readonly #workspace: Workspace
  /** By what they were computed from. */
  readonly #computed = new Map<string, Vector>()
  readonly #ordered = new Map<string, Ordered & { readonly vector: Vector }>()
  readonly #copies = new Copies()
  readonly #modelsKept: number
  readonly #digests = new WeakMap<Vector, Digest>()
  /** By peer, where updates lose chunks on their way to it. */
  readonly #arrivals: readonly Arrivals[]
  /** By the two that they are between. */
  readonly #distances = new Map<string, number>()

  /**
   * With `rows`, updates are of those that they speak about. All peers hold `models` besides, the newest last. With an exchange
   * that loses, each takes in what arrives at it. Models of `remembered` rounds may be trained on, where updates are
   * judged in an order.
   */
  constructor(
    peers: number,
    initial: Vector,
    rule: RuleSpec,
    rows?: RowShape,
    models: readonly Vector[] = [],
    exchange?: LossyExchange,
    remembered?: number,
  ) {
    this.#arrivals =
      exchange === undefined ? [] : Array.from({ length: peers }, (_, peer) => new Arrivals(exchange, peer))
    this.#modelsKept = modelsKept(remembered)
    this.#initial = initial
    this.#rule = rule
    this.#rows = rows
    this.#workspace = new Workspace({ rows: peers, length: rows === undefined ? initial.length : 0 })
    this.#peers = Array.from({ length: peers }, () => ({ updates: new Map(), needed: new Set(), models: [] }))
    for (const model of [initial, ...models]) {
      const digest = digestOfVector(model)
      for (const peer of this.#peers.keys()) this.#holdModel(peer, model, digest)
    }
  }

  vector(digest: Digest): Vector | undefined {
    const update = this.#stored.get(digest)?.update
    return update === undefined || isSparse(update) ? undefined : (update as Vector)
  }

  holds(peer: number, digest: Digest): boolean {
    const held = this.#peers[peer]
    return held !== undefined && (held.updates.has(digest) || held.models.includes(digest) || held.needed.has(digest))
  }

  /** Those that this peer holds. A crash does not end them: they are its disk. */
  of(peer: number): Vectors {
    const stored = (digest: Digest): Stored | undefined =>
      this.holds(peer, digest) ? this.#stored.get(digest) : undefined
    return {
      vector: (digest) => (this.holds(peer, digest) ? this.vector(digest) : undefined),
      update: (digest) => stored(digest)?.update,
      payload: (digest) => {
        const parts = stored(this.#bodies.get(digest) ?? digest)?.parts
        return parts?.find((part) => part.digest === digest)?.bytes
      },
      parts: (digest) => stored(digest)?.parts ?? [],
      hold: (round, update) => {
        const { digest, content } = this.#contentOf(update)
        return this.#hold(peer, round, digest, content)
      },
      renew: (digest, round) => {
        if (!this.holds(peer, digest)) return false
        this.#hold(peer, round, digest, this.#get(digest))
        return true
      },
      reserve: (round, what, digest) => this.#room(peer, round, what, digest),
      fault: (digest) => (stored(digest) === undefined ? 'it is not held' : this.#get(digest).fault),
      heldOf: (round) => [...this.#peers[peer]!.updates].flatMap(([digest, of]) => (of === round ? digest : [])),
      needsBefore: this.#rows === undefined && goesOn(this.#rule),
      aggregate: (work) => {
        const { model, members, weights = '', fewer = 0 } = work
        // What is computed of the same updates in another era is another model.
        const key = `${model} ${keyOf(members)} ${fewer} ${weights}`
        const arrivals = this.#arrivals[peer]
        if (arrivals !== undefined) return this.#holdModel(peer, this.#ofArrived(arrivals, work))
        return this.#holdModel(
          peer,
          this.#once(key, () => this.#nextModel(work)),
        )
      },
      order: (work, order) => {
        const { vector, ...ordered } = this.#orderedOnce(work, order)
        this.#holdModel(peer, vector, ordered.model)
        for (const digest of ordered.keeps)
          if (this.holds(peer, digest)) this.#hold(peer, work.round, digest, this.#get(digest))
        return ordered
      },
      average: ({ round, by, members, onto, into }) => {
        const arrivals = by.kind === 'rule' ? this.#arrivals[peer] : undefined
        if (arrivals !== undefined) {
          const made = arrivals.aggregate(this.#rule, this.#sent(round, members))
          addTo(made, onto === undefined ? undefined : this.#vector(onto))
          return this.#hold(peer, round, digestOfVector(made), this.#contentOf(made).content)
        }
        const result = this.#once(`${JSON.stringify(by)} ${onto} ${keyOf(members)}`, () => {
          const rows = this.#rowsOf(members)
          const made = average(by, this.#rule, this.#workspace, rows, (digest) => this.#vector(digest))
          addTo(made, onto === undefined ? undefined : this.#vector(onto))
          return made
        })
        if (into === 'model') return this.#holdModel(peer, result)
        const { digest, content } = this.#contentOf(result)
        return this.#hold(peer, round, digest, content)
      },
      measure: ({ pairs }) => pairs.map(([a, b]) => this.#distance(a, b)),
      apply: ({ model, update, factor }) =>
        this.#holdModel(
          peer,
          this.#once(`${model} ${update} ${factor}`, () => moved(this.#vector(model), this.#vector(update), factor)),
        ),
      need: (_, digests) => this.#need(peer, digests),
      beginRound: (round) => this.#forgetBefore(peer, round - 1),
    }
  }

  /** Many peers ask for the same. */
  #distance(a: Digest, b: Digest): number {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    const before = this.#distances.get(key)
    if (before !== undefined) return before
    const distance = distanceBetween(this.#vector(a), this.#vector(b))
    this.#distances.set(key, distance)
    for (const oldest of this.#distances.keys())
      if (this.#distances.size > distancesKept) this.#distances.delete(oldest)
    return distance
  }

  #need(peer: number, digests: readonly Digest[]): void {
    const held = this.#peers[peer]!
    const needed = new Set(digests.filter((digest) => this.holds(peer, digest)))
    for (const digest of needed) if (!held.needed.has(digest)) this.#take(digest, this.#get(digest))
    const before = held.needed
    held.needed = needed
    for (const digest of before) if (!needed.has(digest)) this.#release(digest)
  }

  #get(digest: Digest): Stored {
    const stored = this.#stored.get(digest)
    if (stored === undefined) throw new Error(`the vector ${digest} is held by nobody: this is a bug`)
    return stored
  }

  #vector(digest: Digest): Vector {
    return this.#get(digest).update as Vector
  }

  #ofArrived(arrivals: Arrivals, { round, model, before, members, weights, fewer }: WorkOf<'aggregate'>): Vector {
    const rule = withstanding(this.#rule, fewer)
    const from = this.#vector(model)
    const earlier = before && goesOn(rule) ? this.#vector(before.model) : undefined
    const previous = earlier && from.map((value, i) => value - earlier[i]!)
    const result = arrivals.aggregate(rule, this.#sent(round, members), weights, previous)
    addTo(result, from)
    return result
  }

  #sent(round: number, members: readonly Averaged[]) {
    return { round, members, vectors: members.map((member) => averagedOf(member, (digest) => this.#vector(digest))) }
  }

  #nextModel({ model, before, members, weights, fewer }: WorkOf<'aggregate'>): Vector {
    const rule = withstanding(this.#rule, fewer)
    const from = this.#vector(model)
    const digests = members.map(({ digest }) => digest)
    const earlier = before && goesOn(rule) ? this.#vector(before.model) : undefined
    if (this.#rows === undefined)
      return nextModel(rule, this.#workspace, this.#rowsOf(members), from, digests, weights, earlier)
    const updates = members.map(({ digest, scale }) =>
      scale === 0 ? noRows : scaledRows(this.#get(digest).update as SparseUpdate, scale),
    )
    return nextModelOfRows(rule, this.#rows, updates, from, digests, weights)
  }

  /**
   * Room where nothing is copied to: what is held by one is there, or was when the pull began, since who gives it may forget it before
   * it arrives. A body follows a head.
   */
  #room(peer: number, round: number, what: Parameters<Vectors['reserve']>[1], digest: Digest): Room {
    const begun = this.#stored.get(digest)
    const there = (): Stored => this.#stored.get(digest) ?? begun ?? this.#get(digest)
    const room = (of: Digest, sizeBytes: number, commit: Room['commit']): Room => ({
      digest: of,
      sizeBytes,
      into: undefined,
      commit,
      release: () => {},
    })
    const held = (stored: Stored) => (): true => {
      if (what === 'model') this.#holdModel(peer, stored.update as Vector, digest)
      else this.#hold(peer, round, digest, stored)
      return true
    }
    if (what === 'model' || this.#rows === undefined)
      return room(digest, this.#initial.byteLength, () => held(there())())
    return room(digest, headBytes, () => {
      const stored = there()
      const body = stored.parts[1]!
      return body.bytes.length === 0 ? held(stored)() : [room(body.digest, body.bytes.length, held(stored))]
    })
  }

  /** A copy of an update as it is stored. Throws RangeError unless it is one of this network. */
  #contentOf(update: Update): Known {
    if (this.#rows !== undefined) {
      const held = heldRows(update, this.#rows)
      const [{ digest }] = held.parts
      return { digest, content: { ...held, update: held.spoken } }
    }
    if (isSparse(update)) throw new RangeError('an update of rows for a model that has none')
    if (update.length !== this.#initial.length)
      throw new RangeError(`an update of ${update.length} parameters for a model of ${this.#initial.length}`)
    return this.#copies.of(update)
  }

  /** An update of this round, or one more round of an update that the peer has. */
  #hold(peer: number, round: number, digest: Digest, content: Content): Digest {
    const { updates } = this.#peers[peer]!
    const before = updates.get(digest)
    if (before === undefined) this.#take(digest, content)
    updates.set(digest, Math.max(round, before ?? round))
    return digest
  }

  #holdModel(peer: number, vector: Vector, digest = this.#digestOf(vector)): Digest {
    const held = this.#peers[peer]!
    if (held.models.includes(digest)) held.models = held.models.filter((model) => model !== digest)
    else this.#take(digest, { update: vector, fault: undefined, parts: [{ digest, bytes: bytesOf(vector) }] })
    held.models.push(digest)
    if (held.models.length > this.#modelsKept) this.#release(held.models.shift()!)
    return digest
  }

  /** Of a model, which nobody changes: all peers that compute it hold the same one. */
  #digestOf(model: Vector): Digest {
    const digest = this.#digests.get(model) ?? digestOfVector(model)
    this.#digests.set(model, digest)
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

  #take(digest: Digest, content: Content): void {
    const stored = this.#stored.get(digest)
    if (stored !== undefined) stored.holders++
    else {
      this.#stored.set(digest, { ...content, holders: 1 })
      for (const body of content.parts.slice(1)) this.#bodies.set(body.digest, digest)
    }
  }

  #release(digest: Digest): void {
    const stored = this.#stored.get(digest)
    if (stored === undefined || --stored.holders > 0) return
    this.#stored.delete(digest)
    for (const body of stored.parts.slice(1)) this.#bodies.delete(body.digest)
  }

  /** The vectors of the members as rows of the workspace, in their order. */
  #rowsOf(members: readonly (Contribution & Averaged)[]): number[] {
    return members.map((member, row) => {
      const vector = this.#workspace.vector(row)
      if (member.scale === 0) vector.fill(0)
      else vector.set(averagedOf(member, (digest) => this.#vector(digest)))
      scaleBy(vector, member.scale)
      return row
    })
  }

  #once(key: string, compute: () => Vector): Vector {
    return once(this.#computed, key, compute)
  }

  /** Of the same round and set all make the same of one state, which follows from the checkpoint before it. */
  #orderedOnce(work: WorkOf<'aggregate'>, order: Order): Ordered & { readonly vector: Vector } {
    const { model, members, round } = work
    const said = members.map(({ behind }) => behind)
    return once(this.#ordered, `${round} ${model} ${order.state} ${keyOf(members)} ${said}`, () => {
      let vector: Vector | undefined
      const ordered = order.make(
        benchOf({
          from: this.#vector(model),
          vector: (digest) => this.#vector(digest),
          byRule: () => this.#nextModel(work),
          hold: (made) => {
            vector = made
            return digestOfVector(made)
          },
        }),
      )
      return { ...ordered, vector: vector! }
    })
  }
}

/** What was computed before is not computed again, while it is among the newest. */
function once<T>(computed: Map<string, T>, key: string, compute: () => T): T {
  const before = computed.get(key)
  if (before !== undefined) return before
  const made = compute()
  computed.set(key, made)
  for (const oldest of computed.keys()) if (computed.size > computedKept) computed.delete(oldest)
  return made
}
