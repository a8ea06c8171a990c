/**
 * What a trainer's program and this process say to each other, docs/trainers.md: the length of a header (4 bytes, little-endian),
 * the header (a JSON object in UTF-8), and as many numbers as its `floats` says (float32, little-endian).
 */

/** More than any header needs: that of a model of ten thousand tensors has about half of it. */
export const mostHeaderBytes = 1024 * 1024

export interface Frame<Header> {
  readonly header: Header
  readonly floats: Float32Array
}

/** The bytes of a frame; the numbers are not copied. Throws RangeError when the header is too long. */
export function encodeFrame(header: object, floats: Float32Array): Buffer[] {
  const text = Buffer.from(JSON.stringify({ ...header, floats: floats.length }))
  if (text.length > mostHeaderBytes)
    throw new RangeError(`a header of ${text.length} bytes, more than ${mostHeaderBytes}`)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return [length, text, Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength)]
}

/** Reads one frame from whoever may send anything: nothing is taken that was not announced, and nothing announced that is too much. */
export class FrameReader<Header> {
  readonly #check: (header: unknown) => { readonly header: Header; readonly floats: number }
  /** What is being filled: the length, the header or the numbers. */
  #bytes: Buffer = Buffer.alloc(4)
  #filled = 0
  #part: 'length' | 'header' | 'floats' = 'length'
  #frame: Frame<Header> | undefined

  /** `check` gives a header its type and says how many numbers may follow, or throws. */
  constructor(check: (header: unknown) => { readonly header: Header; readonly floats: number }) {
    this.#check = check
  }

  /**
   * Takes the next bytes; gives the frame when it is whole. Throws Error with what is wrong: a length that is too large, a
   * header that is no JSON or that `check` refuses, bytes after the end.
   */
  push(chunk: Buffer): Frame<Header> | undefined {
    let rest = chunk
    for (;;) {
      const taken = rest.copy(this.#bytes, this.#filled)
      this.#filled += taken
      rest = rest.subarray(taken)
      if (this.#filled < this.#bytes.length) return undefined
      const frame = this.#next()
      if (frame === undefined) continue
      if (rest.length > 0) throw new Error(`more than one answer: ${rest.length} bytes came after it`)
      return frame
    }
  }

  /** A part is whole. */
  #next(): Frame<Header> | undefined {
    if (this.#part === 'length') {
      const length = this.#bytes.readUInt32LE()
      if (length === 0 || length > mostHeaderBytes)
        throw new Error(`no frame: its header would have ${length} bytes, not 1 to ${mostHeaderBytes}`)
      this.#await('header', Buffer.alloc(length))
      return undefined
    }
    if (this.#part === 'floats') return this.#frame
    const { header, floats } = this.#check(parseHeader(this.#bytes))
    const numbers = new Float32Array(floats)
    this.#frame = { header, floats: numbers }
    this.#await('floats', Buffer.from(numbers.buffer))
    return floats === 0 ? this.#frame : undefined
  }

  #await(part: 'header' | 'floats', bytes: Buffer): void {
    this.#part = part
    this.#bytes = bytes
    this.#filled = 0
  }
}

function parseHeader(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    const begin = JSON.stringify(bytes.toString('latin1', 0, 60))
    throw new Error(`a header that is no JSON, which has no NaN and no Infinity: it begins with ${begin}`)
  }
}
