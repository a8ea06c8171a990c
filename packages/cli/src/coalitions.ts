import { mostTolerated, Quorums } from '@hearsay/protocol'

/** W, the greatest F with W > 3F, and how many of the heaviest it takes: to stop all by silence, and to decide alone. */
export function coalitionsOf(weights: readonly number[]) {
  if (weights.length === 0) return { total: 0, tolerated: 0, stops: 0, decides: 0 }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const tolerated = mostTolerated(total)
  const quorums = new Quorums(weights, tolerated)
  const stops = quorums.fewest((weight) => !quorums.available(total - weight)).length
  const decides = quorums.fewest((weight) => quorums.certificate(weight)).length
  return { total, tolerated, stops, decides }
}
