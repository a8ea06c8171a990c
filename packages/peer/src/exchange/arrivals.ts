/**
 * What a peer makes of updates of which not everything arrived: each peer fills for itself. So peers that lose different chunks take
 * in different updates, and their models part; who needs equal models has to agree on the holes.
 */
import {
  type Arrived,
  aggregateHoles,
  chunkCount,
  filled,
  type Holes,
  type Present,
  type RuleSpec,
} from '@hearsay/aggregation'
import type { Position } from '@hearsay/protocol'
import { contextOf } from '../next-model.ts'
import type { Reception, Sent, Vector } from '../ports.ts'

export interface LossyExchange extends Holes {
  /** Which of so many chunks of what an author sends in a round arrive at a receiver. */
  arrives(round: number, author: Position, receiver: Position, chunks: number): Present
}

export class Arrivals implements Reception {
  readonly #exchange: LossyExchange
  readonly #self: Position
  /** By author, what was taken in of it the last time. */
  readonly #last = new Map<Position, Vector>()

  constructor(exchange: LossyExchange, self: Position) {
    this.#exchange = exchange
    this.#self = self
  }

  /** What the rule makes of what arrived: a fresh vector of length d. Throws AggregationError as `aggregateHoles`. */
  aggregate(
    rule: RuleSpec,
    { round, members, vectors }: Sent,
    weights?: readonly number[],
    previous?: Float32Array,
  ): Vector {
    const { fill, size } = this.#exchange
    const chunks = { length: vectors[0]!.length, size }
    const arrived = members.map(({ peer }, i): Arrived => {
      const count = chunkCount(chunks)
      const own = peer === this.#self
      const present = own ? new Uint8Array(count).fill(1) : this.#exchange.arrives(round, peer, this.#self, count)
      return { vector: withHoles(vectors[i]!, present, size), present }
    })
    const last = members.map(({ peer }) => this.#last.get(peer))
    const { draw } = contextOf(members.map(({ digest }) => digest))
    const context = { draw, weights, last, ...(previous && { previous }) }
    const result = aggregateHoles(rule, arrived, this.#exchange, context)
    if (fill === 'last')
      for (const [i, { peer }] of members.entries())
        this.#last.set(peer, filled(arrived[i]!, { chunks, fill, last: last[i] }))
    return result
  }
}

/** What is lost is not there to be read by accident. */
function withHoles(vector: Float32Array, present: Present, size: number): Float32Array {
  if (present.every((each) => each === 1)) return vector
  const copy = Float32Array.from(vector)
  for (const [chunk, each] of present.entries()) if (each === 0) copy.fill(0, chunk * size, (chunk + 1) * size)
  return copy
}
