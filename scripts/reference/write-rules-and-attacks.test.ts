import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { summarise } from '@hearsay/results'
import { evaluationOf } from '@hearsay/results/testing/results-fixture'
import { loadScenario, type SeedMeasures, type Summary } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { verdictsOf } from './rules-and-attacks.ts'
import { measuredOf } from './write-rules-and-attacks.ts'

const file = fileURLToPath(new URL('../../scenarios/rules-and-attacks.yaml', import.meta.url))
const text = readFileSync(file, 'utf8')
const scenario = loadScenario(text, { file })

/** Made-up results: the accuracy of a cell tells its number and the seed. */
function summaryOf({ name, question, cells, seeds } = scenario): Summary {
  const summaryCells = cells.map((cell) => {
    const isBackdoor = cell.label.includes('backdoor')
    const measuresOf = (seed: number): SeedMeasures => {
      const accuracy = accuracyOf(cell.index, seed)
      return {
        seed,
        rounds: 1,
        evaluation: evaluationOf([accuracy], isBackdoor ? 1 - accuracy : undefined),
        disagreement: { distance: 0, forks: 0 },
        liveness: { ended: 1, rounds: 1 },
        evidence: { culprits: 0, falseAccusations: 0 },
        bytes: { sent: 0, received: 0 },
        timeMs: { training: 0, exchange: 0, agreement: 0, aggregation: 0, total: 0 },
        diverged: 0,
        stalled: false,
      }
    }
    return summarise(cell, seeds.map(measuresOf))
  })
  return { scenario: name, question, engine: 'native', seeds: [...seeds], cells: summaryCells, expectations: [] }
}

const accuracyOf = (index: number, seed: number): number => index / 1000 + seed / 10_000

test('what is kept of a run is by rule, attack and seed, in the order of the scenario', () => {
  const { rules, attacks, accuracy, backdoor, liars, setting } = measuredOf(summaryOf(), scenario)
  expect(accuracy.flat()).toEqual(
    scenario.cells.map(({ index }) => scenario.seeds.map((seed) => accuracyOf(index, seed))),
  )
  expect(attacks[0]).toBe('no liars')
  expect(backdoor).toEqual(accuracy.map((row) => row[attacks.indexOf('backdoor')]!.map((share) => 1 - share)))
  expect(rules).toContain('nnm + trimmed-mean')
  expect({ liars, setting }).toEqual({ liars: 2, setting: '`digits`, model mlp-32, partition dirichlet 0.5' })
})

test('a run that was changed or interrupted is refused', () => {
  const changed = loadScenario(text, { file, overrides: ['rounds=1'] })
  expect(() => measuredOf(summaryOf(changed), scenario)).toThrow('not a whole run')
  expect(() => measuredOf({ ...summaryOf(), seeds: [7] }, scenario)).toThrow('not a whole run')
  const { cells, ...rest } = summaryOf()
  const lacksSeed = { ...cells.at(-1)!, bySeed: cells.at(-1)!.bySeed.slice(1) }
  expect(() => measuredOf({ ...rest, cells: cells.with(-1, lacksSeed) }, scenario)).toThrow('not a whole run')
  expect(() => measuredOf({ ...rest, cells: cells.slice(1) }, scenario)).toThrow('not a whole run')
})

test('verdicts are by medians of seeds: by what is left of the accuracy without liars, of a backdoor by its success', () => {
  const measured = {
    ...{ engine: '', seeds: [1], peers: 7, tolerated: 2, liars: 2, rounds: 8, setting: '' },
    rules: ['a', 'b', 'c'],
    attacks: ['no liars', 'zero', 'backdoor'],
    accuracy: [
      [[0.8], [0.1, 0.39, 0.6], [0]],
      [[0.8], [0.67], [0.8]],
      [[0.4], [0.34], [0.8]],
    ],
    backdoor: [[0, 0.1, 1], [0.2], [0.5]],
  }
  expect(verdictsOf(measured, 'zero')).toEqual([['a'], ['b'], ['c']])
  expect(verdictsOf(measured, 'backdoor')).toEqual([['c'], ['b'], ['a']])
})
