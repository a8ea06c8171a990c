import { benchOf, type Vector } from '@hearsay/peer'
import { type Checkpoint, type Digest, digestOfVector, type Ordering, type Quorums } from '@hearsay/protocol'
import type { Archive } from './archive.ts'

export interface OrderedRoundParts {
  readonly ordering: Ordering
  readonly quorums: Quorums
  readonly checkpoint: Checkpoint
  /** The model that it builds on. */
  readonly model: Digest
  readonly start: Float32Array
  /** What the checkpoint before it has of filters. */
  readonly state: Uint8Array | undefined
  readonly archive: Archive
  readonly nameOf: (peer: number) => string
  /** What the rule gives of all updates of the set, which are held. */
  readonly byRule: (vector: (digest: Digest) => Float32Array) => Vector
}

/** What comes of an agreed order: computed, but for what is not archived, or is wrong. */
export type OrderedAgain =
  | { readonly kind: 'made'; readonly model: Digest; readonly vector: Float32Array; readonly state: Uint8Array }
  | { readonly kind: 'unknown' | 'wrong'; readonly reason: string }

/** Judges the updates of a round again, as its peers did, of what the checkpoint before has and of archived vectors. */
export function orderedAgain(parts: OrderedRoundParts): OrderedAgain {
  const { ordering, quorums, checkpoint, model, start, state, archive, nameOf } = parts
  const { round: number, members } = checkpoint
  const { peers, tolerated } = quorums
  const order = ordering.order({ number, model, state, peers, tolerated }, members)
  const held = new Map<Digest, Float32Array>([[model, start]])
  const wanted = [
    ...members.map(({ peer, digest }) => [digest, `the update of ${nameOf(peer)}`] as const),
    ...order.needs.updates.map((digest) => [digest, 'an update of an earlier round'] as const),
    ...order.needs.models.map((digest) => [digest, 'the model of an earlier round'] as const),
  ]
  for (const [digest, what] of wanted) {
    if (held.has(digest)) continue
    const vector = archive.vector(digest, 4 * start.length, what)
    if (vector === undefined) return { kind: 'unknown', reason: `${what} is not archived` }
    if (typeof vector === 'string') return { kind: 'wrong', reason: vector }
    if (vector.length !== start.length)
      return { kind: 'wrong', reason: `${what} has ${vector.length} parameters, and the model ${start.length}` }
    held.set(digest, vector)
  }
  const vectorOf = (digest: Digest): Float32Array => held.get(digest)!
  let made: Vector | undefined
  const ordered = order.make(
    benchOf({
      from: start,
      vector: vectorOf,
      byRule: () => parts.byRule(vectorOf),
      hold: (vector) => {
        made = vector
        return digestOfVector(vector)
      },
    }),
  )
  return { kind: 'made', model: ordered.model, vector: made!, state: ordered.state }
}
