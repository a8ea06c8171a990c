import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'
import { compared } from './published.ts'
import type { SummaryCell } from './summary.ts'
import { leastText } from './testing/scenario-fixture.ts'

const text = `${leastText}
sweep: { aggregation.rule: [median, mean] }
published:
  source: A paper, table 1
  figures:
    - { where: { aggregation.rule: median }, figure: 0.9, deviation: 0.01 }
    - { where: { aggregation.rule: mean }, figure: 0.8 }
`
const load = (changed: string, ...overrides: string[]) => loadScenario(changed, { file: 'x.yaml', overrides })

test('a figure is of one cell, which is found by its parameters', () => {
  expect(load(text).published?.value).toBe('accuracy.median')
  expect(load(load(text).resolved).published).toEqual(load(text).published)
  expect(load(load(text).resolved).resolved).toBe(load(text).resolved)
  expect(() => load(text.replace('{ aggregation.rule: mean }', '{ tolerated: 1 }'))).toThrow(
    'published.figures.1.where: is of 2 cells, and a figure is of one',
  )
  expect(() => load(text.replace('figures:', 'value: acuracy.median\n  figures:'))).toThrow('unknown measure')
})

test('figures of cells that overrides have made others are left out', () => {
  expect(load(text, 'aggregation.rule=mean').published?.figures).toHaveLength(1)
  expect(load(text, 'aggregation.rule=geometric-median').published).toBeUndefined()
  const part = load(
    `${text}expect:\n  - { where: { aggregation.rule: mean }, check: diverged == 0 }\n`,
    'sweep={ aggregation.rule: [median, geometric-median] }',
  )
  expect(part.published?.figures).toMatchObject([{ figure: 0.9 }])
  expect([part.expectations, part.skipped]).toEqual([[], ['diverged == 0']])
})

test('beside a figure stands the mean of the seeds that ran', () => {
  const { cells, published } = load(text)
  const cell = (accuracies: readonly number[], at: number) =>
    ({
      ...cells[at]!,
      bySeed: accuracies.map((median, seed) => ({ seed, evaluation: { accuracy: { median } } })),
    }) as unknown as SummaryCell
  expect(compared(published!, [cell([0.5, 0.75], 0)]).figures).toEqual([
    { label: cells[0]!.label, figure: 0.9, deviation: 0.01, measured: 0.625, spread: Math.sqrt(2 / 64), seeds: 2 },
  ])
})
