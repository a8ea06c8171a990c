/**
 * A sparse update as it travels: two payloads, each by its SHA-256; numbers are little-endian.
 *
 *   head   how many rows it speaks about (u32), and the digest of the body: 36 bytes, whose digest its author signs
 *   body   those rows (u32 each), ascending; then of each its width numbers (float32)
 *
 * Guarantee: an update has one encoding and an encoding one update, so that peers that agree on a digest agree on which rows
 * it speaks about and on every bit of what it says; and whoever pulls it takes no more memory for it than it is long, which is
 * at most the whole matrix with a number for each row.
 *
 * Steps:
 * 1. Whoever announces an update signs the digest of its head. A head is of one length, so it can be pulled by anybody who
 *    knows nothing else, and is what it should be or has another digest.
 * 2. It is refused when it counts more rows than there are. Otherwise the count gives the length of the body, before any of
 *    it is pulled, and the body by its digest is what its author meant: a source that gives another is found out by the
 *    digest, as with any payload.
 * 3. A body is refused unless its rows are of the matrix and ascend, so none is there twice, and its numbers are finite.
 *
 * What is refused was signed as it is: that is the fault of the author, and the same at every honest peer.
 */
import { areFinite, isSparse, type RowShape, type SparseUpdate, type Update } from '@hearsay/aggregation'
import { type Digest, digestBytes, digestOf, fromHex, toHex } from '@hearsay/protocol'
import { bytesOf } from '../bytes.ts'
import { notFinite, type Part } from '../ports.ts'

export const headBytes = 4 + digestBytes

export interface Head {
  /** Of how many rows. */
  readonly count: number
  /** Of the body. */
  readonly digest: Digest
  readonly sizeBytes: number
}

/** The bytes of the largest payload: an update that speaks about every row, or a head. */
export function mostBytesOf({ count, width }: RowShape): number {
  return Math.max(headBytes, bodyBytes(count, width))
}

/** The head, whose digest is that of the update, and the body. */
export function encodeSparse({ rows, values }: SparseUpdate): readonly [head: Part, body: Part] {
  const body = new Uint8Array(rows.byteLength + values.byteLength)
  body.set(bytesOf(rows))
  body.set(bytesOf(values), rows.byteLength)
  const digest = digestOf(body)
  const head = new Uint8Array(headBytes)
  new DataView(head.buffer).setUint32(0, rows.length, true)
  head.set(fromHex(digest), 4)
  return [
    { digest: digestOf(head), bytes: head },
    { digest, bytes: body },
  ]
}

/** The head of an update of a model of this shape, or why it is none. */
export function decodeHead(bytes: Uint8Array, { count, width }: RowShape): Head | string {
  if (bytes.length !== headBytes) return `a head of ${bytes.length} bytes`
  const spoken = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (spoken > count) return `it speaks about ${spoken} rows, and there are ${count}`
  const digest = toHex(bytes.subarray(4))
  if (spoken === 0 && digest !== digestOfNothing) return 'it speaks about no row, and has a body'
  return { count: spoken, digest, sizeBytes: bodyBytes(spoken, width) }
}

/** The update in the body of this head, as views of these bytes, or why it is none. The digest is looked at by who pulls it. */
export function decodeBody(
  bytes: Uint8Array<ArrayBuffer>,
  { count: spoken, sizeBytes }: Head,
  { count }: RowShape,
): SparseUpdate | string {
  if (bytes.length !== sizeBytes) return `a body of ${bytes.length} bytes, and not ${sizeBytes}`
  const update = viewsOf(bytes, spoken)
  return faultOfRows(update.rows, count) ?? (areFinite(update.values) ? update : notFinite)
}

/**
 * An update of our own making as it is held: as it travels, as views of that, and why nobody would use it, if its numbers are
 * not finite. Throws RangeError unless it speaks about rows of this shape.
 */
export function heldRows(update: Update, shape: RowShape) {
  if (!isSparse(update)) throw new RangeError(`an update that is a vector, for a model of rows of ${shape.width}`)
  const { rows, values } = update
  if (values.length !== rows.length * shape.width)
    throw new RangeError(`an update of ${values.length} numbers for ${rows.length} rows of ${shape.width}`)
  const fault = faultOfRows(rows, shape.count)
  if (fault !== undefined) throw new RangeError(`an update that nobody takes: ${fault}`)
  const parts = encodeSparse(update)
  const spoken = viewsOf(parts[1].bytes, rows.length)
  return { parts, spoken, fault: areFinite(spoken.values) ? undefined : notFinite }
}

function viewsOf(body: Uint8Array<ArrayBuffer>, count: number): SparseUpdate {
  const at = body.byteOffset + 4 * count
  return {
    rows: new Uint32Array(body.buffer, body.byteOffset, count),
    values: new Float32Array(body.buffer, at, body.length / 4 - count),
  }
}

/** What is wrong with the rows of an update, if anything is. */
export function faultOfRows(rows: Uint32Array, count: number): string | undefined {
  for (let at = 0; at < rows.length; at++) {
    if (rows[at]! >= count) return `it speaks about row ${rows[at]}, and the last is ${count - 1}`
    if (at > 0 && rows[at - 1]! >= rows[at]!)
      return `row ${rows[at]} follows row ${rows[at - 1]}: rows ascend, each once`
  }
  return undefined
}

const digestOfNothing = digestOf()

const bodyBytes = (rows: number, width: number): number => rows * (4 + 4 * width)
