import { expect, test } from 'vitest'
import { citationOf } from './citation.ts'
import { describeRun } from './manifest.ts'
import { exampleSummary } from './testing/results-fixture.ts'

test('settings that all cells have are told once, and the others with each value that they have', () => {
  const [first, second, ...rest] = exampleSummary().cells
  const changed = { ...second!, parameters: { ...second!.parameters, rounds: 77 } }
  const summary = { ...exampleSummary(), cells: [first!, changed, ...rest] }
  const manifest = describeRun(
    { scenario: 'x', engine: 'wasm (1)', seeds: [1], commandLine: ['npx', 'hearsay'], resolved: 'name: x\n' },
    new Date(0),
  )
  const cited = citationOf(summary, manifest)
  expect(cited.varied.rounds).toEqual([first!.parameters.rounds, 77])
  expect(cited.settings['aggregation.rule'] ?? cited.varied['aggregation.rule']).toBeDefined()
  expect(Object.keys(cited.settings)).not.toContain('rounds')
  expect(cited).toMatchObject({ engine: 'wasm (1)', digest: manifest.digest, startedAt: '1970-01-01T00:00:00.000Z' })
  expect(cited.expectations.asked).toBe(summary.expectations.length)
})
