/**
 * What stands in an update where chunks of it are lost (Damaskinos, El-Mhamdi, Guerraoui, Guirguis, Rouault: AggregaThor, SysML
 * 2019, which loses parts of gradients on purpose). A hole is no lie, but what fills it may be as bad as one: for any vector v of
 * K equal chunks of which M arrive, each as likely as any other,
 *
 * - `zero`     0. Biased to 0: the expectation of a coordinate is M/K of it.
 * - `scale`    0, and what arrived times K/M: the expectation of every coordinate is that of v. Nothing arrived, nothing to scale.
 * - `last`     what the same peer had there the last time, 0 at the start. As wrong as an update is old.
 * - `normal`   mean 0 and variance 1: the sum of 12 uniform numbers, less 6. The poster's "random ones".
 * - `garbage`  random bits as float32, which is what a hostile link can do. Bits that are no number are drawn again: a receiver
 *              sees that NaN is none, and does not see that 10³⁰ is wrong.
 *
 * `skip` and `drop` fill nothing: the hole is absent, or all of the update is. See ../aggregate-holes.ts.
 */
import { Random } from '../geometry/random.ts'
import { type Chunks, chunkCount, chunkSpan, type Present } from './chunks.ts'

export const fillNames = ['zero', 'scale', 'last', 'skip', 'garbage', 'normal', 'drop'] as const

export type Fill = (typeof fillNames)[number]

/** A vector of which some chunks are there; what stands in the others does not matter. */
export interface Arrived {
  readonly vector: Float32Array
  readonly present: Present
}

export interface Filling {
  readonly chunks: Chunks
  readonly fill: Exclude<Fill, 'skip' | 'drop'>
  /** What stood in this peer's update the last time, of `last`; zeros unless given. */
  readonly last?: Float32Array | undefined
  /** 32 bits, of what draws. */
  readonly draw?: number
}

/** The same vector, of length d, without holes: fresh. */
export function filled(
  { vector, present }: Arrived,
  { chunks, fill, last, draw = 0 }: Filling,
): Float32Array<ArrayBuffer> {
  const full = Float32Array.from(vector)
  const count = chunkCount(chunks)
  const there = present.reduce((sum, each) => sum + each, 0)
  if (there === count) return full
  const random = new Random(draw)
  const factor = fill === 'scale' ? count / there : 1
  for (let chunk = 0; chunk < count; chunk++) {
    const [start, end] = chunkSpan(chunks, chunk)
    const isThere = present[chunk] === 1
    if (isThere && factor === 1) continue
    for (let i = start; i < end; i++) full[i] = isThere ? full[i]! * factor : inHole(fill, i, last, random)
  }
  return full
}

function inHole(fill: Filling['fill'], at: number, last: Float32Array | undefined, random: Random): number {
  if (fill === 'last') return last?.[at] ?? 0
  if (fill === 'normal') return nearlyNormal(random)
  return fill === 'garbage' ? garbage(random) : 0
}

function nearlyNormal(random: Random): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random.below(2 ** 32) / 2 ** 32
  return sum
}

const bits = new DataView(new ArrayBuffer(4))

function garbage(random: Random): number {
  for (;;) {
    bits.setUint32(0, random.below(2 ** 32))
    const number = bits.getFloat32(0)
    if (Number.isFinite(number)) return number
  }
}
