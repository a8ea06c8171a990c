/** What a peer makes of the points that it heard, plainly and in double precision: the search tries millions. */

/** Of length `d`, the same for all points of a case. */
export type Point = readonly number[]

export function distance(a: Point, b: Point): number {
  if (a.length === 1) return Math.abs(a[0]! - b[0]!)
  let sum = 0
  for (const [column, value] of a.entries()) sum += (value - b[column]!) ** 2
  return Math.sqrt(sum)
}

/** Without the f least and the f greatest, in each coordinate; undefined when nothing is left. */
export function trimmedMean(points: readonly Point[], f: number): Point | undefined {
  if (points.length <= 2 * f) return undefined
  return points[0]!.map((_, column) => {
    const kept = points
      .map((point) => point[column]!)
      .sort((a, b) => a - b)
      .slice(f, points.length - f)
    return kept.reduce((sum, value) => sum + value, 0) / kept.length
  })
}

/** The mean of the subset without f points whose diameter is least, the first of equal ones; undefined when it is empty. */
export function minimumDiameterAverage(points: readonly Point[], f: number): Point | undefined {
  const size = points.length - f
  if (size <= 0) return undefined
  const distances = points.map((a) => points.map((b) => distance(a, b)))
  let least = Number.POSITIVE_INFINITY
  let best: readonly number[] = []
  const chosen: number[] = []
  const choose = (from: number, diameter: number): void => {
    if (chosen.length === size) {
      least = diameter
      best = [...chosen]
      return
    }
    for (let next = from; next <= points.length - (size - chosen.length); next++) {
      const row = distances[next]!
      const grown = chosen.reduce((greatest, member) => Math.max(greatest, row[member]!), diameter)
      // A subset of larger diameter cannot be completed to a smaller one.
      if (grown >= least) continue
      chosen.push(next)
      choose(next + 1, grown)
      chosen.pop()
    }
  }
  choose(0, 0)
  return mean(best.map((index) => points[index]!))
}

/** The mean of the `keep` points nearest to one's own, the first of equally near ones. */
export function nearestNeighbourAverage(own: Point, points: readonly Point[], keep: number): Point | undefined {
  if (keep <= 0) return undefined
  const byDistance = points
    .map((point) => ({ point, far: distance(point, own) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, keep)
  return mean(byDistance.map(({ point }) => point))
}

function mean(points: readonly Point[]): Point {
  return points[0]!.map((_, column) => points.reduce((sum, point) => sum + point[column]!, 0) / points.length)
}
