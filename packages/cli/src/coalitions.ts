/** W, the greatest F with W > 3F, and how many of the heaviest it takes: to stop all by silence, and to decide alone. */
export function coalitionsOf(weights: readonly number[]) {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const tolerated = Math.max(0, Math.ceil(total / 3) - 1)
  return { total, tolerated, stops: fewest(weights, tolerated), decides: fewest(weights, (total + tolerated) / 2) }
}

/** How many of the heaviest weigh more than that together. */
function fewest(weights: readonly number[], beyond: number): number {
  let sum = 0
  const last = weights
    .toSorted((a, b) => b - a)
    .findIndex((weight) => {
      sum += weight
      return sum > beyond
    })
  return last + 1
}
