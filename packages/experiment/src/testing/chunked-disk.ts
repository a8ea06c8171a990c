/** Updates in chunks of a peer that crashes: what it has on disk is left, and what it only received is not. */
import type { RuleSpec } from '@hearsay/aggregation'
import { ChunkedVectors, type Vector, type Vectors } from '@hearsay/peer'
import type { Digest } from '@hearsay/protocol'

/** Chunks of one number. */
export const holes = { fill: 'skip', size: 1 } as const

/** So many rounds of it are on disk. */
const roundsKept = 2

interface Made {
  readonly round: number
  readonly update: Vector
  /** Which of its chunks count, once it has announced them. */
  counted?: string
}

/** The same, but for what is given instead: vectors are an object with a state of its own. */
export function changedBy(vectors: Vectors, instead: Partial<Vectors>): Vectors {
  return new Proxy(vectors, {
    get: (target, name) => {
      const given = instead[name as keyof Vectors] ?? Reflect.get(target, name, target)
      return typeof given === 'function' && !(name in instead) ? given.bind(target) : given
    },
  })
}

export class ChunkedDisk {
  readonly #options: { readonly rule: RuleSpec; readonly initial: Vector }
  readonly #made = new Map<Digest, Made>()
  /** The newest last. */
  #models: Vector[] = []
  #vectors: Vectors

  constructor(options: { readonly rule: RuleSpec; readonly initial: Vector }) {
    this.#options = options
    this.#vectors = this.#remembering(new ChunkedVectors({ ...options, holes }))
  }

  /** Those of a life, `again` if it is not the first. */
  begin(again: boolean): Vectors {
    if (!again) return this.#vectors
    const vectors = new ChunkedVectors({ ...this.#options, holes, models: this.#models })
    for (const [list, { round, update, counted }] of this.#made) {
      vectors.hold(round, update)
      if (counted !== undefined) vectors.chunked.announce(round, list, counted)
    }
    this.#vectors = this.#remembering(vectors)
    return this.#vectors
  }

  #remembering(vectors: ChunkedVectors): Vectors {
    const keepModel = (digest: Digest): Digest => {
      const model = vectors.vector(digest)!
      this.#models = [...this.#models.filter((other) => other !== model), model].slice(-roundsKept)
      return digest
    }
    return changedBy(vectors, {
      hold: (round, update) => {
        const list = vectors.hold(round, update)
        const made = { round, update: Float32Array.from(update as Vector) }
        if (!this.#made.has(list)) this.#made.set(list, made)
        for (const [older, { round: of }] of this.#made) if (of < round - roundsKept) this.#made.delete(older)
        return list
      },
      aggregate: (work) => keepModel(vectors.aggregate(work)),
      reserve: (round, what, digest) => {
        const room = vectors.reserve(round, what, digest)
        if (what !== 'model') return room
        return {
          ...room,
          commit: () => {
            const done = room.commit()
            keepModel(digest)
            return done
          },
        }
      },
      chunked: {
        ...vectors.chunked,
        announce: (round, list, counted) => {
          const made = this.#made.get(list)
          if (made !== undefined) made.counted = counted
          return vectors.chunked.announce(round, list, counted)
        },
      },
    })
  }
}
