/** A vector of `length` numbers in chunks of `size`; the last one is as long as what is left. */
export interface Chunks {
  readonly length: number
  readonly size: number
}

/** Of each chunk whether it is there: 1, or 0. */
export type Present = Uint8Array

export function chunkCount({ length, size }: Chunks): number {
  return Math.ceil(length / size)
}

/** Where a chunk begins, and where the next one does. */
export function chunkSpan({ length, size }: Chunks, chunk: number): readonly [start: number, end: number] {
  return [chunk * size, Math.min(length, (chunk + 1) * size)]
}

/** A vector of which chunks arrive in any order, some twice and some never. Where one is missing the vector is 0. */
export class Assembly {
  readonly vector: Float32Array<ArrayBuffer>
  readonly present: Present
  readonly #chunks: Chunks

  constructor(chunks: Chunks) {
    this.#chunks = chunks
    this.vector = new Float32Array(chunks.length)
    this.present = new Uint8Array(chunkCount(chunks))
  }

  /** False of what is no chunk of this vector, and of one that is there already: the first stands. */
  put(chunk: number, values: Float32Array): boolean {
    if (this.present[chunk] !== 0) return false
    const [start, end] = chunkSpan(this.#chunks, chunk)
    if (values.length !== end - start) return false
    this.vector.set(values, start)
    this.present[chunk] = 1
    return true
  }
}
