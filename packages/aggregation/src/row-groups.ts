/** Rows that a kernel can take side by side: those of which as many updates speak, or updates of the same weights. */
import type { Speech } from './sparse.ts'

export interface RowGroup {
  /** The weight of each of those who speak, 1 without weights. */
  readonly voters: readonly number[]
  /** Indices into the rows of the speech, ascending. */
  readonly rows: Uint32Array
}

/** Every row of the speech, in one group each. */
export function groupsOf(weights: readonly number[] | undefined, speech: Speech): RowGroup[] {
  const { starts, rows } = speech
  const { of, count } = weights ? byWeights(weights, speech) : byNumber(speech)
  const ends = new Uint32Array(count)
  for (const group of of) ends[group]!++
  for (let group = 1; group < count; group++) ends[group]! += ends[group - 1]!
  const first = ends.slice()
  const sorted = new Uint32Array(rows.length)
  for (let u = rows.length - 1; u >= 0; u--) sorted[--first[of[u]!]!] = u
  return Array.from(ends, (end, group) => sorted.subarray(first[group], end))
    .filter((own) => own.length > 0)
    .map((own) => {
      const voters = speech.updates.subarray(starts[own[0]!], starts[own[0]! + 1])
      return { voters: Array.from(voters, (i) => weights?.[i] ?? 1), rows: own }
    })
}

/** The group of each row, and how many groups there may be. */
interface Grouping {
  readonly of: Uint32Array
  readonly count: number
}

function byNumber({ starts, rows }: Speech): Grouping {
  const of = new Uint32Array(rows.length)
  let most = 0
  for (let u = 0; u < of.length; u++) {
    of[u] = starts[u + 1]! - starts[u]!
    if (of[u]! > most) most = of[u]!
  }
  return { of, count: most + 1 }
}

/** Groups are the nodes of a tree, of which each voter is a step down, to one child for each weight. */
function byWeights(weights: readonly number[], { starts, rows, updates }: Speech): Grouping {
  const distinct = [...new Set(weights)]
  const steps = weights.map((weight) => distinct.indexOf(weight))
  const children = new Map<number, number>()
  let count = 1
  const of = Uint32Array.from(rows, (_, u) => {
    let node = 0
    for (let entry = starts[u]!; entry < starts[u + 1]!; entry++) {
      const step = node * distinct.length + steps[updates[entry]!]!
      node = children.get(step) ?? count++
      children.set(step, node)
    }
    return node
  })
  return { of, count }
}
