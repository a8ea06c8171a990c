import { decodeExactly } from '../wire/decode.ts'
import { Standing as StandingMessage } from '../wire/envelope.pb.js'
import type { Network } from '../words/network.ts'
import { fullWeight, mostStanding, type Vouch } from '../words/vouches.ts'
import { peersIn, sparseBitmapOf } from './sparse-bitmap.ts'
import type { Standing } from './standing.ts'

/** As much as a genesis may give a peer. */
const greatestWeight = 1_000_000
const bytesOfVouch = 5

export function encodeStanding({ weights, vouches, left }: Standing): Uint8Array<ArrayBuffer> {
  const bytes = vouches.flatMap(({ from, to, weight }) => [from >> 8, from & 0xff, to >> 8, to & 0xff, weight])
  return StandingMessage.encode({
    weights: [...weights],
    vouches: Uint8Array.from(bytes),
    left: sparseBitmapOf(left),
  })
}

/** Undefined if it is none of a network of so many peers, by its form; what a network comes to is `standingAfter`'s to say. */
export function decodeStanding(encoded: Uint8Array, { peers }: Pick<Network, 'peers'>): Standing | undefined {
  const message = decodeExactly(StandingMessage, encoded, { limits: { weights: peers } })
  if (message === undefined) return undefined
  const { weights } = message
  if (weights.length !== peers || weights.every((weight) => weight === 0)) return undefined
  if (weights.some((weight) => weight > greatestWeight)) return undefined
  const left = peersIn(message.left, peers)
  const vouches = vouchesIn(message.vouches, peers)
  if (left === undefined || vouches === undefined) return undefined
  return { weights, vouches, left }
}

function vouchesIn(message: Uint8Array, peers: number): Vouch[] | undefined {
  const bytes = Buffer.from(message)
  if (bytes.length % bytesOfVouch !== 0 || bytes.length > bytesOfVouch * mostStanding * peers) return undefined
  const vouches: Vouch[] = []
  let [last, ofOne] = [-1, 0]
  for (let at = 0; at < bytes.length; at += bytesOfVouch) {
    const [from, to, weight] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2), bytes[at + 4]!]
    const place = from * peers + to
    ofOne = vouches.at(-1)?.from === from ? ofOne + 1 : 1
    if (from >= peers || to >= peers || from === to || place <= last || ofOne > mostStanding) return undefined
    if (weight < 1 || weight > fullWeight) return undefined
    vouches.push({ from, to, weight })
    last = place
  }
  return vouches
}
