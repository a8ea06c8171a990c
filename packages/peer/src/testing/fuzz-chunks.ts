/** Hands what no honest peer sends to the decoder of heads of updates in chunks: what it takes is the one head of that update. */
import { type Chunks, chunkCount } from '@hearsay/aggregation'
import { randomFrom } from '@hearsay/protocol/testing/exchange'
import { mutateBytes, pick, randomBytes } from '@hearsay/protocol/testing/fuzz/mutations'
import { decodeChunkedHead, encodeChunks, encodeHead } from '../exchange/chunked-payload.ts'

const shapes: readonly Chunks[] = [
  { length: 5, size: 2 },
  { length: 1, size: 1 },
  { length: 2560, size: 10 },
]

/** How many heads were handed over, and how many taken. @throws Error naming the input in hexadecimal, if one does what it must not. */
export function fuzzChunks({ inputs, seed }: { readonly inputs: number; readonly seed: number }) {
  const random = randomFrom(seed)
  const heads = shapes.map((chunks) => {
    const digests = encodeChunks(
      Float32Array.from({ length: chunks.length }, (_, i) => i),
      chunks,
    ).chunks.map(({ digest }) => digest)
    return {
      chunks,
      whole: encodeHead(digests, new Uint8Array(digests.length).fill(1)).bytes,
      none: encodeHead(digests, new Uint8Array(digests.length)).bytes,
    }
  })
  let taken = 0
  for (let at = 0; at < inputs; at++) {
    const { chunks, whole, none } = pick(random, heads)
    const bytes =
      random(9) === 0 ? randomBytes(random, 200) : mutateBytes(random(2) === 0 ? none : whole, random, [none, whole])
    try {
      const digests = decodeChunkedHead(bytes, chunks)
      if (typeof digests === 'string') continue
      taken++
      const present = Uint8Array.from(digests, (digest) => (digest === undefined ? 0 : 1))
      const again = encodeHead(
        digests.map((digest) => digest ?? '00'.repeat(32)),
        present,
      ).bytes
      if (digests.length !== chunkCount(chunks) || Buffer.compare(again, bytes) !== 0)
        throw new RangeError('another encoding')
    } catch (error) {
      throw new Error(`a head of chunks: ${Buffer.from(bytes).toString('hex')}`, { cause: error })
    }
  }
  return { chunked: { inputs, taken } }
}
