// A rule and an attack of one's own, for own-rule.yaml. What they are made of, and what is checked: docs/scenarios.md.
import type { Attack } from '@hearsay/adversary/updates'
import { defineRule, type Rule } from '@hearsay/aggregation'

const nearestToMedian: Rule = defineRule({
  name: 'nearest-to-median',
  summary: 'the mean of the k updates nearest to the coordinate-wise median',
  options: { keep: { kind: 'integer', summary: 'k, how many updates count', least: 1, default: 3 } },
  requirement: (n, f, { keep }) => n > 2 * f && Number(keep) <= n - f,
  requirementText: 'n > 2f and keep ≤ n−f',
  reference(vectors, _tolerated, { keep }) {
    const length = vectors[0]!.length
    const median = Float64Array.from({ length }, (_, i) => middleOf(vectors.map((vector) => vector[i]!)))
    const distances = vectors.map((vector) => squaredDistance(vector, median))
    const nearest = [...vectors.keys()].sort((a, b) => distances[a]! - distances[b]! || a - b).slice(0, Number(keep))
    return median.map((_, i) => nearest.reduce((sum, row) => sum + vectors[row]![i]!, 0) / nearest.length)
  },
})

const flipLargest: Attack = {
  name: 'flip-largest',
  summary: 'send the honest mean with its largest numbers negated',
  options: { share: { kind: 'number', summary: 'of the numbers', above: 0, most: 1, default: 0.1 } },
  paper: '',
  colludes: () => true,
  create:
    ({ share }) =>
    ({ honest, own }) => {
      const mean = own.map((_, i) => honest.reduce((sum, vector) => sum + vector[i]!, 0) / honest.length)
      const sizes = mean.map(Math.abs).sort()
      const least = sizes[Math.floor(sizes.length * (1 - Number(share)))] ?? 0
      return Float32Array.from(mean, (value) => (Math.abs(value) >= least ? -value : value))
    },
}

export const rules = [nearestToMedian]
export const attacks = [flipLargest]

function middleOf(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) * (value - b[i]!), 0)
}
