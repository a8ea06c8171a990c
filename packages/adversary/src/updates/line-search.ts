import type { OptionDescriptor } from '@hearsay/catalogue'

/** How long optimal attacks search. */
export const evaluationsOption: OptionDescriptor = {
  kind: 'integer',
  summary: 'how many times the rule in use is tried',
  least: 4,
  most: 1000,
  default: 20,
}

/**
 * The factor that gives the greatest harm, among those that were tried: first `starts`, then around the best so far, twice
 * and half of it, and, as long as neither is better, nearer and nearer (the ratio's root). A factor keeps the sign of the
 * start that it came from. At most `evaluations` factors are tried, and `harm` is called once for each that differs: it
 * gives the same for the same. What is NaN is no harm. Never worse than the starts that were tried.
 */
export function mostHarmful(starts: readonly number[], evaluations: number, harm: (factor: number) => number): number {
  let best = { factor: starts[0]!, harm: Number.NEGATIVE_INFINITY }
  const known = new Map<number, number>()
  let left = evaluations
  const better = (factor: number): boolean => {
    if (left <= 0) return false
    left--
    const found = known.get(factor) ?? harm(factor)
    known.set(factor, found)
    if (!(found > best.harm)) return false
    best = { factor, harm: found }
    return true
  }
  for (const start of starts) better(start)
  let ratio = 2
  while (left > 0) {
    const { factor } = best
    if (!better(factor * ratio) && !better(factor / ratio)) ratio = Math.sqrt(ratio)
  }
  return best.factor
}
