import type { SeedMeasures, Summary } from '@hearsay/scenario'
import { loadScenario, spreadOf } from '@hearsay/scenario'
import { exampleText } from '@hearsay/scenario/testing/scenario-fixture'
import { summarise } from '../summarise.ts'

/** The same results, as if one cell had agreed by averaging, in which nothing is certified. */
export function withAveraging(summary: Summary): Summary {
  const [first, ...others] = summary.cells
  const { agreement } = loadScenario(exampleText, { file: 'x.yaml', overrides: ['agreement=averaging'] }).cells[0]!
    .parameters
  return { ...summary, cells: [{ ...first!, parameters: { ...first!.parameters, agreement } }, ...others] }
}

/** Of pictures: accuracies of honest models, and how often a backdoor works on them all. */
export function evaluationOf(accuracies: readonly number[], backdoor?: number): SeedMeasures['evaluation'] {
  return { accuracy: spreadOf(accuracies), loss: spreadOf([0.3]), backdoor: spreadOf([backdoor ?? []].flat()) }
}

/** Made-up results of the example scenario, of the size that real ones have: for tests of tables and pictures. */
export function exampleSummary(seeds: readonly number[] = [1, 2, 3]): Summary {
  const loaded = loadScenario(exampleText.replace('seeds: [1]', `seeds: [${seeds.join(', ')}]`), { file: 'x.yaml' })
  // accuracy, distance, forks, rounds ended, culprits
  const outcomes: [number, number, number, number, number][] = [
    [0.941, 0, 0, 8, 0],
    [0.936, 0, 0, 8, 0],
    [0.902, 0, 0, 8, 0],
    [0.938, 0, 0, 8, 0],
    [0.112, 0, 0, 0, 0],
    [0.934, 0, 0, 8, 0],
    [0.781, 2.71, 1, 0, 4],
    [0.098, 0, 0, 8, 0],
  ]
  const cells = loaded.cells.map((cell) => {
    const [accuracy, distance, forks, ended, culprits] = outcomes[cell.index]!
    const results = seeds.map((seed, index): SeedMeasures => {
      const shift = (index - (seeds.length - 1) / 2) * 0.008
      return {
        seed,
        rounds: 8,
        evaluation: evaluationOf([accuracy + shift - 0.004, accuracy + shift, accuracy + shift + 0.004]),
        disagreement: { distance: distance + Math.abs(shift) * distance * 10, forks },
        liveness: { ended, rounds: 8 },
        evidence: { culprits, falseAccusations: 0 },
        bytes: { sent: 31_000_000, received: 30_400_000 },
        timeMs: { training: 40, exchange: 55, agreement: 120, aggregation: 6, total: 221 },
        diverged: 0,
        stalled: ended === 0 && forks === 0,
      }
    })
    return summarise(cell, results)
  })
  return {
    scenario: loaded.name,
    question: loaded.question,
    engine: 'native',
    seeds: [...seeds],
    cells,
    expectations: loaded.expectations.map(({ text }) => ({ text, held: true, failures: [] })),
  }
}
