/**
 * Updates in chunks, and models, of one peer: what it made itself, what it received of others' offers, and what was announced. Which
 * chunks count is in the head of an announced update, so all peers that hold it aggregate the same bits.
 */
import {
  Assembly,
  areFinite,
  type Chunks,
  chunkCount,
  chunkSpan,
  type Holes,
  isSparse,
  type RuleSpec,
  type Update,
} from '@hearsay/aggregation'
import { type Digest, digestOf, digestOfVector } from '@hearsay/protocol'
import { goesOn, nextModelOfHoles, scaledArrived, withstanding } from '../next-model.ts'
import {
  type Chunked,
  notFinite,
  type Part,
  type Room,
  type Vector,
  type Vectors,
  type Wanted,
  type WorkOf,
} from '../ports.ts'
import { ModelStore } from '../update-store.ts'
import {
  chunkedHeadBytes,
  chunkName,
  decodeChunkedHead,
  decodeList,
  decodePresent,
  encodeChunks,
  encodeHead,
  encodePresent,
  faultOfChunks,
  listBytes,
} from './chunked-payload.ts'

/** An announced update of which all that counts is held, or what is wrong with its head or its numbers. */
interface Announced {
  readonly parts: readonly Part[]
  readonly update: Assembly | string
}

interface Kept<T> {
  readonly value: T
  /** The newest that it is of. */
  round: number
}

export interface ChunkedVectorsOptions {
  readonly rule: RuleSpec
  readonly holes: Holes
  readonly initial: Vector
  /** Models that this peer has when it starts again, the one that it starts from last. */
  readonly models?: readonly Vector[] | undefined
}

export class ChunkedVectors implements Vectors {
  readonly chunked: Chunked
  readonly #rule: RuleSpec
  readonly #holes: Holes
  readonly #chunks: Chunks
  readonly #models = new ModelStore()
  /** Lists, heads and chunks, by their digests, and own chunks by their names too: all that is served but models. */
  readonly #pieces = new Map<Digest, Kept<Uint8Array<ArrayBuffer>>>()
  /** By list, chunks that came before it did: one of each, of the length that it must have. */
  readonly #early = new Map<Digest, Kept<Map<number, Uint8Array<ArrayBuffer>>>>()
  readonly #announced = new Map<Digest, Kept<Announced>>()

  /** Throws RangeError when the chunks are too many. */
  constructor({ rule, holes, initial, models = [] }: ChunkedVectorsOptions) {
    this.#rule = rule
    this.#holes = holes
    this.#chunks = { length: initial.length, size: holes.size }
    const fault = faultOfChunks(this.#chunks)
    if (fault !== undefined) throw new RangeError(fault)
    for (const known of [initial, ...models]) this.#models.set(digestOfVector(known), known)
    this.chunked = {
      wanted: (list) => this.#wanted(list),
      take: (round, list, wanted, bytes) => this.#take(round, list, wanted, bytes),
      held: (list) =>
        encodePresent(Uint8Array.from(this.#digestsOf(list), (digest) => (this.#pieces.has(digest) ? 1 : 0))),
      announce: (round, list, counted) => this.#announce(round, list, counted),
    }
  }

  /** How many chunks an update has. */
  get count(): number {
    return chunkCount(this.#chunks)
  }

  vector(digest: Digest): Vector | undefined {
    return this.#models.get(digest)
  }

  /** With zeros where it has holes. */
  update(digest: Digest): Vector | undefined {
    const update = this.#announced.get(digest)?.value.update
    return typeof update === 'string' ? undefined : update?.vector
  }

  payload(digest: Digest): Uint8Array | undefined {
    return this.#pieces.get(digest)?.value ?? this.#models.parts(digest)[0]?.bytes
  }

  parts(digest: Digest): readonly Part[] {
    const announced = this.#announced.get(digest)
    if (announced !== undefined) return announced.value.parts
    const list = this.#pieces.get(digest)?.value
    if (list?.length !== listBytes(this.#chunks)) return this.#models.parts(digest)
    return [digest, ...this.#digestsOf(digest)].flatMap((each) => {
      const bytes = this.#pieces.get(each)?.value
      return bytes === undefined ? [] : [{ digest: each, bytes }]
    })
  }

  /** Gives the digest of the list of its chunks. */
  hold(round: number, update: Update): Digest {
    const { length } = this.#chunks
    if (isSparse(update) || update.length !== length)
      throw new RangeError(`an update that is none of a model of ${length} parameters`)
    const { list, chunks } = encodeChunks(update, this.#chunks)
    for (const { digest, bytes } of [list, ...chunks]) this.#keep(round, digest, bytes)
    for (const [chunk, { bytes }] of chunks.entries()) this.#keep(round, chunkName(list.digest, chunk), bytes)
    return list.digest
  }

  renew(digest: Digest, round: number): boolean {
    const announced = this.#announced.get(digest)
    // A chunk of somebody else may have the bytes of a head: that is a piece that is held, and no update.
    if (announced === undefined) return false
    announced.round = Math.max(announced.round, round)
    for (const part of announced.value.parts) this.#renewPiece(part.digest, round)
    return true
  }

  reserve(round: number, what: 'update' | 'model' | 'offer' | 'chunks', digest: Digest): Room {
    if (what === 'model') return this.#models.room(digest, this.#chunks.length)
    if (what === 'chunks')
      return this.#roomOf(digest, listBytes(this.#chunks), () =>
        this.#roomsOfLacking(round, this.#digestsOf(digest), () => true),
      )
    if (what === 'offer')
      return this.#roomOf(digest, listBytes(this.#chunks), (list) => this.#takeList(round, digest, list))
    return this.#roomOf(digest, chunkedHeadBytes(this.#chunks), (bytes) => {
      const head = { digest, bytes }
      const digests = decodeChunkedHead(bytes, this.#chunks)
      return typeof digests === 'string'
        ? this.#hold(round, head, digests)
        : this.#roomsOfLacking(round, digests, () => this.#assemble(round, head, digests))
    })
  }

  fault(digest: Digest): string | undefined {
    const announced = this.#announced.get(digest)?.value
    if (announced === undefined) return 'it is not held'
    return typeof announced.update === 'string' ? announced.update : undefined
  }

  heldOf(round: number): Digest[] {
    return [...this.#announced].flatMap(([digest, kept]) => (kept.round === round ? digest : []))
  }

  get needsBefore(): boolean {
    return goesOn(this.#rule)
  }

  aggregate({ model, before, members, weights, fewer }: WorkOf<'aggregate'>): Digest {
    const digests = members.map(({ digest }) => digest)
    const arrived = members.map(({ digest, scale = 1 }) => {
      if (scale === 0) return scaledArrived(undefined, 0, this.#chunks)
      const update = this.#announced.get(digest)?.value.update
      if (update === undefined || typeof update === 'string')
        throw new Error(`the update ${digest} that was held is not: this is a bug`)
      return scaledArrived(update, scale, this.#chunks)
    })
    const earlier = before && this.needsBefore ? this.#model(before.model) : undefined
    const rule = withstanding(this.#rule, fewer)
    return this.#models.add(nextModelOfHoles(rule, this.#holes, arrived, this.#model(model), digests, weights, earlier))
  }

  average(): Digest {
    throw new Error('updates in chunks are not averaged: this is a bug')
  }

  measure(): number[] {
    throw new Error('updates in chunks are not measured: this is a bug')
  }

  apply(): Digest {
    throw new Error('updates in chunks are not applied one by one: this is a bug')
  }

  need(_: number, digests: readonly Digest[]): void {
    this.#models.need(digests)
  }

  beginRound(round: number): void {
    for (const kept of [this.#pieces, this.#announced])
      for (const [digest, { round: newest }] of kept) if (newest < round - 1) kept.delete(digest)
    for (const [list, early] of this.#early) if (early.round < round) this.#early.delete(list)
  }

  #wanted(list: Digest): Wanted[] {
    const digests = this.#holdsList(list) ? this.#digestsOf(list) : undefined
    return Array.from({ length: this.count }, (_, chunk) => chunk).flatMap((chunk) => {
      if (digests !== undefined && this.#pieces.has(digests[chunk]!)) return []
      return { chunk, name: chunkName(list, chunk), sizeBytes: this.#bytesOf(chunk) }
    })
  }

  #take(round: number, list: Digest, { chunk, sizeBytes }: Wanted, bytes: Uint8Array): boolean {
    if (bytes.length !== sizeBytes) return false
    if (this.#holdsList(list)) return this.#takeChunk(round, this.#digestsOf(list)[chunk]!, bytes)
    const early = this.#early.get(list) ?? { round, value: new Map() }
    if (early.value.has(chunk)) return false
    early.value.set(chunk, Uint8Array.from(bytes))
    this.#early.set(list, early)
    return true
  }

  #takeChunk(round: number, digest: Digest, bytes: Uint8Array): boolean {
    if (digestOf(bytes) !== digest) return false
    this.#keep(round, digest, Uint8Array.from(bytes))
    return true
  }

  #takeList(round: number, list: Digest, bytes: Uint8Array<ArrayBuffer>): true {
    this.#keep(round, list, bytes)
    const digests = this.#digestsOf(list)
    for (const [chunk, early] of this.#early.get(list)?.value ?? []) this.#takeChunk(round, digests[chunk]!, early)
    this.#early.delete(list)
    // Mostly all chunks count, and nobody has to ask what the head of that is.
    const whole = encodeHead(digests, new Uint8Array(digests.length).fill(1))
    this.#keep(round, whole.digest, whole.bytes)
    return true
  }

  #announce(round: number, list: Digest, counted: string): Digest {
    const digests = this.#digestsOf(list)
    const present = decodePresent(counted, this.#chunks)
    const head = encodeHead(digests, present)
    this.#assemble(
      round,
      head,
      digests.map((digest, chunk) => (present[chunk] === 1 ? digest : undefined)),
    )
    return head.digest
  }

  /** Rooms for those of the chunks that are not held, so many at once; `all` is told when all are. */
  #roomsOfLacking(
    round: number,
    digests: readonly (Digest | undefined)[],
    all: () => boolean,
  ): readonly Room[] | boolean {
    const lacking = [...digests.entries()].flatMap(([chunk, digest]) =>
      digest === undefined || this.#pieces.has(digest) ? [] : [{ chunk, digest }],
    )
    if (lacking.length === 0) return all()
    let left = lacking.length
    const rest = lacking.values()
    const next = (): readonly Room[] => {
      const { value } = rest.next()
      if (value === undefined) return []
      const { chunk, digest } = value
      const room = this.#roomOf(digest, this.#bytesOf(chunk), (bytes) => {
        this.#keep(round, digest, bytes)
        return --left === 0 ? all() : next()
      })
      return [{ ...room, chunk }]
    }
    return Array.from({ length: mostLackingAtOnce }, next).flat()
  }

  /** Room for a piece, which may be held by now. */
  #roomOf(
    digest: Digest,
    sizeBytes: number,
    commit: (bytes: Uint8Array<ArrayBuffer>) => readonly Room[] | boolean,
  ): Room {
    const held = this.#pieces.get(digest)?.value
    const there = held?.length === sizeBytes
    const into = there ? held : new Uint8Array(sizeBytes)
    return { digest, sizeBytes, into, ...(there && { there }), commit: () => commit(into), release: () => {} }
  }

  #bytesOf(chunk: number): number {
    const [start, end] = chunkSpan(this.#chunks, chunk)
    return 4 * (end - start)
  }

  #assemble(round: number, head: Part, digests: readonly (Digest | undefined)[]): true {
    const update = new Assembly(this.#chunks)
    const parts = [head]
    for (const [chunk, digest] of digests.entries()) {
      const bytes = digest === undefined ? undefined : this.#pieces.get(digest)?.value
      if (digest === undefined) continue
      if (bytes === undefined || !update.put(chunk, new Float32Array(bytes.buffer)))
        return this.#hold(round, head, 'it names a chunk of another length')
      this.#renewPiece(digest, round)
      parts.push({ digest, bytes })
    }
    return this.#hold(round, head, areFinite(update.vector) ? update : notFinite, parts)
  }

  #hold(round: number, head: Part, update: Assembly | string, parts: readonly Part[] = [head]): true {
    this.#keep(round, head.digest, head.bytes)
    this.#announced.set(head.digest, { round, value: { parts, update } })
    return true
  }

  #keep(round: number, digest: Digest, value: Uint8Array<ArrayBuffer>): void {
    if (!this.#renewPiece(digest, round)) this.#pieces.set(digest, { round, value })
  }

  #renewPiece(digest: Digest, round: number): boolean {
    const piece = this.#pieces.get(digest)
    if (piece !== undefined) piece.round = Math.max(piece.round, round)
    return piece !== undefined
  }

  #holdsList(list: Digest): boolean {
    return this.#pieces.get(list)?.value.length === listBytes(this.#chunks)
  }

  #digestsOf(list: Digest): Digest[] {
    if (!this.#holdsList(list)) throw new Error(`the list ${list} is not held: this is a bug`)
    return decodeList(this.#pieces.get(list)!.value, this.#chunks)
  }

  #model(digest: Digest): Vector {
    const model = this.#models.get(digest)
    if (model === undefined) throw new Error(`the model ${digest} is not held: this is a bug`)
    return model
  }
}

/** Of one update. A liar may name what nobody holds. */
const mostLackingAtOnce = 32
