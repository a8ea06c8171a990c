/** What is said when the training of honest peers comes to numbers that are not finite. */
import type { Expectation, Parameters, SummaryCell, Verdict } from '@hearsay/scenario'

/** What a scenario should change, in words. */
export function divergenceRemedy({ learning }: Pick<Parameters, 'learning'>): string {
  const { learningRate, weightDecay, clipNorm } = learning
  const decay = weightDecay > 0 ? `, or learning.weightDecay, which is ${weightDecay}` : ''
  const clip = clipNorm === undefined ? '; learning.clipNorm bounds each step' : ''
  return `lower learning.learningRate, which is ${learningRate}${decay}${clip}`
}

/**
 * Where somebody lies, models may be ruined, and expectations say whether they may. Where nobody does, divergence is a
 * mistake of the scenario, and what every scenario expects, said or not, is that there is none: one that checks `diverged`
 * itself is taken at its word. Undefined when there is none.
 */
export function judgeDivergence(
  expectations: readonly Expectation[],
  cells: readonly SummaryCell[],
): Verdict | undefined {
  const terms = expectations.flatMap(({ check }) => [...check.left, ...check.right])
  if (terms.some(({ value }) => String(value).replace('baseline.', '') === 'diverged')) return undefined
  const failures = cells.flatMap((cell) => {
    if (cell.malicious > 0) return []
    const diverging = cell.bySeed.filter(({ diverged }) => diverged > 0)
    return diverging.map(({ seed, diverged }) => {
      const place = `${cell.label}${cell.bySeed.length > 1 ? `, seed ${seed}` : ''}`
      return `${place}: ${diverged} of its trainings and models are not finite: ${divergenceRemedy(cell.parameters)}`
    })
  })
  if (failures.length === 0) return undefined
  return { text: 'where nobody lies, training stays finite', held: false, failures }
}
