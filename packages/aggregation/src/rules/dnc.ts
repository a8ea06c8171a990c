import type { Options } from '@hearsay/catalogue'
import { centredGram } from '../geometry/geometry.ts'
import { indicesBy, innerProduct, meanOf } from '../geometry/plain-vectors.ts'
import { Random } from '../geometry/random.ts'
import { topDirectionReference } from '../geometry/reference-direction.ts'
import { topEigenpair } from '../geometry/top-eigenpair.ts'
import { numberOf, seedOption } from '../rule/option.ts'
import type { Rule } from '../rule/rule.ts'

/**
 * Divide and conquer: a number of times, take a random set of coordinates, centre the rows there, and mark the n−f rows with the
 * least squared projection on the top singular vector. The mean of the rows marked every time (Shejwalkar, Houmansadr:
 * Manipulating the Byzantine, NDSS 2021). When no row is marked every time, of those marked most often, so that f
 * liars cannot leave nothing.
 *
 * Options: `iterations`, `dimensions`, how many coordinates (all, when there are fewer), and `seed`.
 *
 * Requires n > 2f. Cost O(nd + iterations · n² · dimensions). No κ is claimed here: the choice is random, and liars that
 * knew the draws could hide outside the coordinates. So the `draw` of the context should be what they cannot know: peers of
 * a run draw by the digests of all updates that count.
 *
 * Arithmetic: projections in float64; the mean in float64 in the order of the rows, rounded once to float32.
 *
 * Example, f = 1: 0, 1, 11 has the mean 4 and the squared projections 16, 9, 49 → (0 + 1) / 2 = 0.5.
 */
export const dnc: Rule<'dnc'> = {
  name: 'dnc',
  summary: 'the mean of the updates that are never outliers along the top direction of random coordinates',
  options: {
    iterations: { kind: 'integer', summary: 'sets of coordinates', least: 1, most: 1000, default: 5 },
    dimensions: { kind: 'integer', summary: 'coordinates in a set', least: 1, most: 1e6, default: 10_000 },
    seed: seedOption,
  },
  requirement: (n, f) => n > 2 * f,
  requirementText: 'n > 2f',
  masks: 'absent rows are zero',
  aggregate(updates, tolerated, options) {
    const n = updates.count
    updates.requireFinite()
    const marks = new Float64Array(n)
    for (const columns of coordinates(updates.length, options)) {
      const { gram, points } = updates.sampledGeometry(columns)
      const centred = centredGram(gram(), points, n, new Float64Array(n).fill(1))
      // Projections on v = Σ u_a (x_a − μ) / √λ are √λ u: all 0 where the rows are equal.
      const { value, vector } = topEigenpair(centred, n)
      const keys = vector.map((each) => value * each * each)
      for (const i of indicesBy(keys).slice(0, n - tolerated)) marks[i] = marks[i]! + 1
    }
    return updates.mean(mostMarked(marks))
  },
  reference(vectors, tolerated, options) {
    const marks = new Float64Array(vectors.length)
    for (const columns of coordinates(vectors[0]!.length, options)) {
      const parts = vectors.map((vector) => Float64Array.from(columns, (column) => vector[column]!))
      const centre = meanOf(parts)
      const { direction } = topDirectionReference(parts, centre, new Float64Array(parts.length).fill(1))
      const keys = parts.map((part) => {
        const along = innerProduct(
          part.map((x, k) => x - centre[k]!),
          direction,
        )
        return along * along
      })
      for (const i of indicesBy(keys).slice(0, parts.length - tolerated)) marks[i] = marks[i]! + 1
    }
    return meanOf(mostMarked(marks).map((i) => vectors[i]!))
  },
}

function coordinates(length: number, options: Options): Uint32Array[] {
  const random = new Random(numberOf(options, 'seed'))
  const size = Math.min(length, numberOf(options, 'dimensions'))
  return Array.from({ length: numberOf(options, 'iterations') }, () => random.sample(length, size))
}

function mostMarked(marks: Float64Array): number[] {
  const most = Math.max(...marks)
  return [...marks.keys()].filter((i) => marks[i] === most)
}
