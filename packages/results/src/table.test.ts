import { stripVTControlCharacters } from 'node:util'
import { loadScenario } from '@hearsay/scenario'
import { exampleText } from '@hearsay/scenario/testing/scenario-fixture'
import { expect, test } from 'vitest'
import { summarise } from './summarise.ts'
import { renderTable, tableHeadings, tableRows } from './table.ts'
import { exampleSummary, withAveraging } from './testing/results-fixture.ts'

const summary = exampleSummary([1])

test('a wide table has one line for each cell', () => {
  expect(`\n${renderTable(summary, { width: 120, colour: false })}\n`).toMatchInlineSnapshot(`
    "
    what the                                                          models     rounds         culprits  falsely
    liars did                                     liars     accuracy   equal  certified  forks     named  accused
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
    nobody lied                                 0 of 10  93.7–94.5 %   ✓ yes   ✓ 8 of 8      0         –        0
    sent their updates negated                  3 of 10  93.2–94.0 %   ✓ yes   ✓ 8 of 8      0    0 of 3        0
    sent their updates negated                  4 of 10  89.8–90.6 %   ✓ yes   ✓ 8 of 8      0    0 of 4        0
    said nothing                                3 of 10  93.4–94.2 %   ✓ yes   ✓ 8 of 8      0    0 of 3        0
    said nothing                                4 of 10  10.8–11.6 %       –   ✗ 0 of 8      0    0 of 4        0
    told two halves two stories                 3 of 10  93.0–93.8 %   ✓ yes   ✓ 8 of 8      0    0 of 3        0
    told two halves two stories                 4 of 10  77.7–78.5 %    ✗ no   ✗ 0 of 8      1    4 of 4        0
    sent their updates negated × 10, with mean  1 of 10   9.4–10.2 %   ✓ yes   ✓ 8 of 8      0    0 of 1        0
    "
  `)
})

test('every line fits 80 columns', () => {
  const lines = renderTable(exampleSummary([1, 2, 3]), { width: 80, colour: false }).split('\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})

test('colour changes nothing but colour', () => {
  const coloured = renderTable(summary, { width: 100, colour: true })
  const plain = renderTable(summary, { width: 100, colour: false })
  expect(coloured).not.toBe(plain)
  expect(stripVTControlCharacters(coloured)).toBe(plain)
  expect(stripVTControlCharacters(plain)).toBe(plain)
})

test('rounds of two agreements have ended: those of averaging are not certified', () => {
  const [first, second] = renderTable(withAveraging(summary), { width: 120, colour: false }).split('\n')
  expect([first, second].join(' ')).toMatch(/rounds .* ended/)
  expect(second).not.toContain('certified')
})

test('an agreement of another kind is told in words, though both certify', () => {
  const { labelled: _, ...first } = summary.cells[0]!
  const { agreement } = loadScenario(exampleText, {
    file: 'x.yaml',
    overrides: ['agreement={ kind: asynchronous, variant: ordered }'],
  }).cells[0]!.parameters
  const other = { ...first, parameters: { ...first.parameters, agreement } }
  const table = renderTable({ ...summary, cells: [first, other] }, { width: 400, colour: false })
  expect(table).toMatch(/nobody lied, with asynchronous, ordered {2}/)
  expect(table).not.toMatch('agreement.lipschitz')
})

test('cells that have names, and differ in much, are told by their names', () => {
  const sweep = `sweep:
  - { label: median, aggregation: median }
  - { label: "median, buckets of two", aggregation: { rule: median, before: [{ bucketing: { size: 2 } }] }, rounds: 3 }
`
  const text = `name: x\nquestion: y?\npeers: 9\ntolerated: 1\nrounds: 8\n${sweep}`
  const { cells } = loadScenario(text, { file: 'x.yaml' })
  const { bySeed } = summary.cells[0]!
  const told = { ...summary, cells: cells.map((cell) => summarise(cell, bySeed)) }
  const rows = renderTable(told, { width: 120, colour: false }).split('\n').slice(3)
  expect(rows.map((row) => row.split('  ')[0])).toEqual(['median: nobody lied', 'median, buckets of two: nobody lied'])
  // One without a name, and all are told by what they are.
  const unnamed = { ...told, cells: told.cells.map(({ labelled: _, ...cell }) => cell) }
  expect(renderTable(unnamed, { width: 200, colour: false })).toContain(
    'nobody lied, with aggregation.before [{bucketing',
  )
})

test('where gradients are judged, how many of them were applied', () => {
  const first = summary.cells[0]!
  const cells = [first, { ...first, gradients: { honest: 0.357, liars: null } }]
  const told = { ...summary, cells, failed: [{ cell: 9, label: 'lost', seed: 1, reason: 'none' }] }
  expect(tableRows(told).map((row) => row.slice(-2).map(({ text }) => text))).toEqual([
    ['–', '–'],
    ['36 %', '–'],
    ['–', '–'],
  ])
  expect(new Set(tableRows(told).map(({ length }) => length))).toEqual(new Set([tableHeadings(told).length]))
  expect(tableHeadings(summary)).toHaveLength(8)
})
