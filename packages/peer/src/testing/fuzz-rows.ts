/**
 * Hands what no honest peer sends to the decoders of updates of rows: heads and bodies that are changed, of each other's length,
 * and noise. None may make a decoder throw, and what is taken is the one encoding of an update of that shape.
 */
import { areFinite, type RowShape } from '@hearsay/aggregation'
import { digestOf } from '@hearsay/protocol'
import { type Random, randomFrom } from '@hearsay/protocol/testing/exchange'
import { mutateBytes, pick, randomBytes } from '@hearsay/protocol/testing/fuzz/mutations'
import { decodeBody, decodeHead, encodeSparse, type Head, mostBytesOf } from '../sparse/payload.ts'

const shapes: readonly RowShape[] = [
  { count: 5, width: 2 },
  { count: 1, width: 1 },
  { count: 100_000, width: 16 },
]

export interface FuzzedRows {
  readonly head: { readonly inputs: number; taken: number }
  readonly body: { readonly inputs: number; taken: number }
}

/** Half of the inputs are heads. @throws Error naming the input in hexadecimal, if one does what it must not. */
export function fuzzRows({ inputs, seed }: { readonly inputs: number; readonly seed: number }): FuzzedRows {
  const random = randomFrom(seed)
  const heads = Math.ceil(inputs / 2)
  const fuzzed = { head: { inputs: heads, taken: 0 }, body: { inputs: inputs - heads, taken: 0 } }
  for (let at = 0; at < inputs; at++) {
    const shape = pick(random, shapes)
    const [head, body] = encodeSparse(drawUpdate(shape, random))
    const kind = at % 2 === 0 ? 'head' : 'body'
    const [own, other] = kind === 'head' ? [head, body] : [body, head]
    const bytes = random(9) === 0 ? randomBytes(random, 100) : mutateBytes(own.bytes, random, [own.bytes, other.bytes])
    const tried = kind === 'head' ? tryHead : tryBody
    try {
      if (tried(bytes, shape, random)) fuzzed[kind].taken++
    } catch (error) {
      const hex = Buffer.from(bytes).toString('hex')
      throw new Error(`a ${kind} for ${shape.count} rows of ${shape.width}: ${hex}`, { cause: error })
    }
  }
  return fuzzed
}

function drawUpdate({ count, width }: RowShape, random: Random) {
  const chosen = new Set(Array.from({ length: random(Math.min(count, 4)) }, () => random(count - 1)))
  const rows = Uint32Array.from(chosen).sort()
  return { rows, values: Float32Array.from({ length: rows.length * width }, () => random(2000) - 1000) }
}

function tryHead(bytes: Uint8Array, shape: RowShape): boolean {
  const head = decodeHead(bytes, shape)
  if (typeof head === 'string') return false
  if (head.count > shape.count || head.sizeBytes > mostBytesOf(shape)) throw new RangeError('a count is out of range')
  return true
}

/** By a head that is right about its length, or about nothing. */
function tryBody(bytes: Uint8Array<ArrayBuffer>, shape: RowShape, random: Random): boolean {
  const rowBytes = 4 + 4 * shape.width
  const count = random(3) === 0 ? random(shape.count) : Math.floor(bytes.length / rowBytes)
  const head: Head = { count, digest: digestOf(bytes), sizeBytes: count * rowBytes }
  const update = decodeBody(bytes, head, shape)
  if (typeof update === 'string') return false
  const { rows, values } = update
  if (rows.some((row, at) => row >= shape.count || (at > 0 && row <= rows[at - 1]!))) throw new RangeError('rows')
  if (!areFinite(values)) throw new RangeError('numbers that are none')
  if (encodeSparse(update)[1].digest !== head.digest) throw new RangeError('another encoding of the same update')
  return true
}
