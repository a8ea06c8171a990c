/** Weights that follow vouches while a network runs, as they stand in a genesis and in its record: peers by id. */
import { fullWeight, mostStanding, type TrustTerms, type Vouch } from '@hearsay/protocol'
import { trustOf, Vouches, vouchFaults, wholeWeights } from '@hearsay/trust'
import { z } from 'zod'
import { peerIdSchema } from './peer-id.ts'

/** Of a trust method, what is not an option of its own. */
export const trustFields = {
  every: z.int().min(1).max(1_000_000).default(1).describe('in every so manieth round vouches are heard'),
  preTrusted: z.array(peerIdSchema).min(1).max(10_000).describe('peers that are trusted to begin with'),
  vouches: z
    .array(z.union([z.tuple([peerIdSchema, peerIdSchema]), z.tuple([peerIdSchema, peerIdSchema, z.number()])]))
    .max(160_000)
    .default([])
    .describe('who vouches for whom before round 1, each [from, to] or [from, to, weight], from 0.01 to 1'),
  scale: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('what trust is multiplied by; a number of the method when left out'),
  floor: z.int().min(1).max(1_000_000).default(1).describe('what a pre-trusted peer weighs at least'),
}

export const trustRecordSchema = z.looseObject({ method: z.string(), ...trustFields })
export type WrittenTrust = z.output<typeof trustRecordSchema>

/** Throws RangeError when a peer is not in the roster, or a vouch is none; TrustError when the method cannot use them. */
export function trustTermsOf(written: WrittenTrust, ids: readonly string[]): TrustTerms {
  const { method, every, preTrusted, vouches, scale, floor, ...options } = written
  const positions = new Map(ids.map((id, at) => [id, at]))
  const positionOf = (id: string): number => {
    const position = positions.get(id)
    if (position === undefined) throw new RangeError(`trust: ${id} is none of the peers`)
    return position
  }
  const seeds = preTrusted.map(positionOf)
  const standing = vouches
    .map(([from, to, weight = 1]) => ({ from: positionOf(from), to: positionOf(to), weight: hundredthsOf(weight) }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
  const [fault] = vouchFaults(ids.length, standing)
  if (fault !== undefined) throw new RangeError(`trust: vouches: ${fault.message}`)
  const beyond = standing.find(({ from }, at) => standing[at + mostStanding]?.from === from)
  if (beyond !== undefined)
    throw new RangeError(`trust: vouches: ${ids[beyond.from]} vouches for more than ${mostStanding}, which is the most`)
  const weigh = (given: readonly Vouch[]): number[] => {
    const all = given.map((vouch) => ({ ...vouch, weight: vouch.weight / fullWeight }))
    const found = trustOf({ ...options, method }, Vouches.of(ids.length, all), seeds)
    return wholeWeights(found.trust, { scale: scale ?? found.scale, floor, preTrusted: seeds })
  }
  // What is wrong with the method or its options is told now, and not in a round.
  weigh(standing)
  return { every, vouches: standing, weigh }
}

function hundredthsOf(weight: number): number {
  const hundredths = Math.round(fullWeight * weight)
  if (hundredths >= 1 && hundredths <= fullWeight && Math.abs(hundredths / fullWeight - weight) < 1e-9)
    return hundredths
  throw new RangeError(`trust: vouches: a weight is from 0.01 to 1, in hundredths, found ${weight}`)
}
