import type { Layout } from './layout.ts'

/** The least float32 with all its digits. */
const leastNormal = 1.1754943508222875e-38

/** A row of the workspace, the zero vector, or the vector of the context. */
export type Row = number | 'origin' | 'extra'

/** Combinations Σ w x_row, made a block of columns at a time and never kept. */
export interface Combinations {
  readonly rows: readonly number[]
  /** Of each combination a weight for every row; rows of weight 0 are not read. */
  readonly weights: readonly Float64Array[]
}

export function isCombinations(source: readonly Row[] | Combinations): source is Combinations {
  return 'weights' in source
}

export function countOf(source: readonly Row[] | Combinations): number {
  return isCombinations(source) ? source.weights.length : source.length
}

/** The combinations that differ, each once, and the place among these of each that is given. */
function distinctOf({ weights }: Combinations): {
  readonly distinct: readonly Float64Array[]
  readonly places: number[]
} {
  const distinct: Float64Array[] = []
  const places = weights.map((each) => {
    const place = distinct.findIndex((other) => other.every((weight, row) => weight === each[row]))
    return place >= 0 ? place : distinct.push(each) - 1
  })
  return { distinct, places }
}

/** The combination that at least so many are, alone, if there is one. */
export function mostCommon(source: readonly Row[] | Combinations, least: number): Combinations | undefined {
  if (!isCombinations(source)) return undefined
  const { distinct, places } = distinctOf(source)
  const common = distinct.find((_, place) => places.filter((each) => each === place).length >= least)
  return common && { rows: source.rows, weights: [common] }
}

/** Writes the table of the combinations that differ, with their terms, and the place there of each. Gives how many differ. */
export function writeCombinations(
  buffer: ArrayBufferLike,
  layout: Layout,
  combinations: Combinations,
  addressOf: (row: number) => number,
): number {
  const { combinations: table, termRows, termWeights, mostRows } = layout
  const { rows } = combinations
  const { distinct: all, places } = distinctOf(combinations)
  new Uint32Array(buffer, layout.places, places.length).set(places)
  const addresses = rows.map((row) => addressOf(row))
  const words = new Uint32Array(buffer, table, all.length * (2 + 2 * rows.length))
  const numbers = new Float32Array(buffer, table, words.length)
  let at = 0
  for (const [i, given] of all.entries()) {
    const terms = given.reduce((count, weight) => count + Number(weight !== 0), 0)
    const rowsOf = new Uint32Array(buffer, termRows + i * mostRows * 4, terms)
    const weights = new Float64Array(buffer, termWeights + i * mostRows * 8, terms)
    words[at] = terms
    numbers[at + 1] = given.every((weight) => weight === 0 || weight === 1 / terms) ? terms : 0
    at += 2
    for (let row = 0, k = 0; k < terms; row++) {
      const weight = given[row]!
      if (weight === 0) continue
      words[at] = rowsOf[k] = addresses[row]!
      weights[k] = weight
      // A denormal weight has lost digits: NaN, so that the block is made in float64.
      numbers[at + 1] = Math.abs(weight) < leastNormal ? Number.NaN : weight
      at += 2
      k++
    }
  }
  return all.length
}
