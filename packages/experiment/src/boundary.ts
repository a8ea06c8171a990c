/**
 * Where one network of a cell ends and the next begins: a round that every honest peer has certified, in which nobody trains on.
 * Peers begin again from what a peer that is started again has (decision 5), and from nothing else. What was on the way, timers,
 * and the state of links and liars end with the network before, in every run of the scenario; so it does not matter whether
 * the next one is made by the same process, or by another after a crash.
 */
import { namedSeed } from '@hearsay/catalogue/random'
import type { MomentumMemory, Vector } from '@hearsay/peer'
import {
  type AgreementKind,
  type Digest,
  endedBy,
  type Kept,
  type Network,
  openCertificate,
  type Position,
} from '@hearsay/protocol'

export interface Boundary {
  /** The newest certified round. */
  readonly round: number
  /** Encoded, of all rounds from 1. */
  readonly certificates: readonly Uint8Array<ArrayBuffer>[]
  /** What the newest was aggregated onto, and the newest. */
  readonly models: readonly Vector[]
  /** What each peer sent last, by position, where it sends momentum; and how many rounds of its own it then had, where pauses count. */
  readonly momenta: readonly (Vector | undefined)[]
  readonly executed?: readonly number[] | undefined
  /** By position, those whom a peer has proven to lie. */
  readonly proven: readonly (readonly Position[])[]
}

/** The last round of the network that begins after this one. */
export function lastFrom(begun: number, rounds: number, checkpointEvery: number | undefined): number {
  if (checkpointEvery === undefined) return rounds
  return Math.min(rounds, (Math.floor(begun / checkpointEvery) + 1) * checkpointEvery)
}

/** Of what the network and its liars draw: of each network of a cell another one. */
export function seedFrom(seed: number, from: Boundary | undefined): number {
  return from === undefined ? seed : namedSeed('network from a checkpoint', seed, from.round)
}

/** What a peer knows when it begins there. */
export function keptOf(from: Boundary | undefined, network: Network<AgreementKind>, self: Position): Kept {
  if (from === undefined) return {}
  const certificate = openCertificate(from.certificates.at(-1)!, network)
  if (typeof certificate === 'string') throw new Error(`round ${from.round} ended with ${certificate}: this is a bug`)
  return {
    head: endedBy(certificate),
    archive: { certificate: (round) => from.certificates[round - 1] },
    proven: from.proven[self]!,
  }
}

/** Of each, of the last round of its own that was learnt from, where pauses count: one that was not is trained again. */
export function momentaOf(
  seats: readonly { readonly momentum: MomentumMemory; readonly position: Position }[],
  executed: readonly number[] | undefined,
): (Vector | undefined)[] {
  return seats.map(({ momentum, position }) => {
    const last = executed?.[position] ?? Number.POSITIVE_INFINITY
    return momentum.before(last + 1) as Vector | undefined
  })
}

/** Of these, the last of which a round ended with: what it was aggregated onto, which is older where nothing was learnt since, and it. */
export function modelsAt(
  round: number,
  digests: readonly Digest[],
  model: (digest: Digest) => Float32Array | undefined,
): Vector[] {
  const last = digests.at(-1)!
  const onto = digests.findLast((digest) => digest !== last)
  return [...(onto === undefined ? [] : [onto]), last].map((digest) => {
    const held = model(digest)
    if (held === undefined) throw new Error(`nobody holds the model ${digest} of round ${round}: this is a bug`)
    return held as Vector
  })
}
