/**
 * What is known after an epoch of the ordered variant: all that the next one is judged by, and nothing that is not in the
 * checkpoint. In bytes, of which there is one encoding; models are named by the epochs that gave them.
 */
import type { Position } from '../../roster/position.ts'
import { type Digest, digestBytes, fromHex, toHex } from '../../words/digest.ts'
import type { JudgeState, Sample, WorkerState } from './judge.ts'

/** In place of the digest of a gradient: the step that a robust epoch made of the model before it. */
export const step: Digest = 'step'

export interface OrderState {
  /** Its `model` and `before` are the last two of the models. */
  readonly judge: JudgeState
  /** What gradients are compared with: the last that was applied, which is the judge's too, and the last before it of another model. */
  readonly anchors: readonly Sample[]
  /** Of the newest epochs, the last at the end, with how many updates there had been. */
  readonly models: readonly { readonly digest: Digest; readonly updates: number }[]
  /** Whether the next epoch is robust. */
  readonly robust: boolean
  /** By position, how many updates there had been when one of its own was applied last; 0 if none was. */
  readonly turns: readonly number[]
}

/** What bounds a state. */
export interface StateBounds {
  readonly peers: number
  readonly tolerated: number
  /** So many models, at most. */
  readonly models: number
  /** So many coefficients of each worker, at most. */
  readonly memory: number
}

export function mostStateBytes({ peers, tolerated, models, memory }: StateBounds): number {
  return 83 + 4 * tolerated + 36 * models + (49 + 8 * memory) * peers
}

export function encodeState({ judge, models, anchors, robust, turns }: OrderState): Uint8Array<ArrayBuffer> {
  const out = new Writer()
  const epochOf = (model: Digest): number => models.findLastIndex(({ digest }) => digest === model)
  out.u8(robust ? 1 : 0)
  out.u32(judge.epoch)
  out.u32(judge.refusals)
  out.u8(anchors.length)
  for (const { gradient, model } of anchors) {
    out.u8(gradient === step ? 1 : 0)
    if (gradient !== step) out.digest(gradient)
    out.u8(epochOf(model))
  }
  out.u16(judge.authors.length)
  for (const author of judge.authors) out.u16(author)
  out.u8(models.length)
  for (const { digest, updates } of models) {
    out.digest(digest)
    out.u32(updates)
  }
  for (const turn of turns) out.u32(turn)
  out.u16(judge.workers.length)
  for (const { author, sample, coefficients, moved } of judge.workers) {
    out.u16(author)
    out.digest(sample.gradient)
    out.u8(epochOf(sample.model))
    out.u8(coefficients.length)
    for (const coefficient of coefficients) out.f64(coefficient)
    out.u8(moved === undefined ? 0 : 1)
    if (moved !== undefined) out.f64(moved)
  }
  return out.bytes()
}

/** Undefined if these bytes are none of so many peers and models. */
export function decodeState(bytes: Uint8Array, bounds: StateBounds): OrderState | undefined {
  if (bytes.length > mostStateBytes(bounds)) return undefined
  try {
    return read(new Reader(bytes), bounds)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function read(from: Reader, { peers, tolerated, models: most, memory }: StateBounds): OrderState {
  const robust = from.upTo(1, from.u8()) === 1
  const [epoch, refusals] = [from.u32(), from.u32()]
  const compared = from.times(2, from.u8(), () => ({
    gradient: from.upTo(1, from.u8()) === 1 ? step : from.digest(),
    model: from.u8(),
  }))
  const position = (): Position => from.upTo(peers - 1, from.u16())
  const authors = from.times(2 * tolerated, from.u16(), position)
  const models = from.times(most, from.u8(), () => ({ digest: from.digest(), updates: from.upTo(epoch, from.u32()) }))
  const modelAt = (at: number): Digest => models[from.upTo(models.length - 1, at)]!.digest
  const turns = from.times(peers, peers, () => from.upTo(epoch, from.u32()))
  const workers = from.times(peers, from.u16(), (): WorkerState => {
    const author = position()
    const sample: Sample = { gradient: from.digest(), model: modelAt(from.u8()) }
    const coefficients = from.times(memory, from.u8(), () => from.f64())
    const [moved] = from.times(1, from.u8(), () => from.f64())
    return { author, sample, coefficients, ...(moved !== undefined && { moved }) }
  })
  from.upTo(0, from.left)
  for (const [at, { author }] of workers.entries())
    if (author <= (workers[at - 1]?.author ?? -1)) throw new RangeError()
  const [before, model] = models.slice(-2).map(({ digest }) => digest)
  if (before === undefined || model === undefined) throw new RangeError()
  const anchors = compared.map((anchor) => ({ ...anchor, model: modelAt(anchor.model) }))
  const [last] = anchors
  const judge = { epoch, model, before, authors, workers, refusals, ...(last && { last }) }
  return { judge, models, anchors, robust, turns }
}

class Writer {
  readonly #parts: Buffer[] = []

  u8(value: number): void {
    this.#parts.push(Buffer.of(value))
  }

  u16(value: number): void {
    this.#parts.push(Buffer.of(value >> 8, value & 0xff))
  }

  u32(value: number): void {
    const part = Buffer.alloc(4)
    part.writeUInt32BE(value)
    this.#parts.push(part)
  }

  f64(value: number): void {
    const part = Buffer.alloc(8)
    part.writeDoubleBE(value)
    this.#parts.push(part)
  }

  digest(digest: Digest): void {
    this.#parts.push(Buffer.from(fromHex(digest)))
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}

/** Throws RangeError at the end of the bytes, and beyond a bound. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#past(1))
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#past(2))
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#past(4))
  }

  /** A number that is not below 0. */
  f64(): number {
    const value = this.#bytes.readDoubleBE(this.#past(8))
    if (!(value >= 0)) throw new RangeError()
    return value
  }

  digest(): Digest {
    const at = this.#past(digestBytes)
    return toHex(this.#bytes.subarray(at, at + digestBytes))
  }

  upTo(most: number, value: number): number {
    if (value > most) throw new RangeError()
    return value
  }

  times<T>(most: number, count: number, next: () => T): T[] {
    return Array.from({ length: this.upTo(most, count) }, next)
  }

  #past(count: number): number {
    const at = this.#at
    this.#at += count
    return at
  }
}
