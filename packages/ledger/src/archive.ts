import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Assembly, type Chunks, type RowShape, type SparseUpdate } from '@hearsay/aggregation'
import { chunkedHeadBytes, decodeBody, decodeChunkedHead, decodeHead, headBytes } from '@hearsay/peer'
import { type Digest, digestOf } from '@hearsay/protocol'

/**
 * Updates and models by digest in folders, of anybody's making. What is asked for is undefined where it is not kept, and a text
 * where something is wrong with it; `what` it is begins that.
 */
export class Archive {
  readonly #folders: readonly string[]

  constructor(folders: readonly string[]) {
    this.#folders = folders
  }

  /** All parameters, of `most` bytes at most. */
  vector(digest: Digest, most: number, what: string): Float32Array | string | undefined {
    const bytes = this.#payload(digest, most, what)
    return typeof bytes === 'object' ? new Float32Array(bytes.buffer) : bytes
  }

  /** An update of rows. */
  ofRows(digest: Digest, rows: RowShape, what: string): SparseUpdate | string | undefined {
    const bytes = this.#payload(digest, headBytes, what)
    if (typeof bytes !== 'object') return bytes
    const head = decodeHead(bytes, rows)
    if (typeof head === 'string') return `${what}: ${head}`
    const body = head.sizeBytes === 0 ? new Uint8Array() : this.#payload(head.digest, head.sizeBytes, what)
    if (typeof body !== 'object') return body
    const update = decodeBody(body, head, rows)
    return typeof update === 'string' ? `${what}: ${update}` : update
  }

  /** An update in chunks, with zeros where it has holes. */
  inChunks(digest: Digest, chunks: Chunks, what: string): Assembly | string | undefined {
    const head = this.#payload(digest, chunkedHeadBytes(chunks), what)
    if (typeof head !== 'object') return head
    const digests = decodeChunkedHead(head, chunks)
    if (typeof digests === 'string') return `${what}: ${digests}`
    const update = new Assembly(chunks)
    for (const [chunk, of] of digests.entries()) {
      if (of === undefined) continue
      const bytes = this.#payload(of, 4 * chunks.size, what)
      if (typeof bytes !== 'object') return bytes
      if (!update.put(chunk, new Float32Array(bytes.buffer))) return `${what}: a chunk of another length`
    }
    return update
  }

  /** Bytes, which are of numbers of 4 each. */
  #payload(digest: Digest, most: number, what: string): Uint8Array<ArrayBuffer> | string | undefined {
    for (const folder of this.#folders) {
      const path = join(folder, digest)
      const stat = lstatSync(path, { throwIfNoEntry: false })
      if (stat === undefined) continue
      if (!stat.isFile() || stat.size === 0 || stat.size > most || stat.size % 4 !== 0)
        return `${what}, ${path}, is no file of 1 to ${most / 4} numbers of 4 bytes`
      const bytes = new Uint8Array(readFileSync(path))
      const actual = digestOf(bytes)
      if (actual !== digest) return `${what}, ${path}, was changed: its digest is ${actual}`
      return bytes
    }
    return undefined
  }
}
