import { expect, test } from 'vitest'
import { renderMatrices } from './matrix.ts'
import { exampleSummary } from './testing/results-fixture.ts'

const map = { rows: 'adversaries.behaviour', columns: 'adversaries.count', value: 'accuracy.median', title: 'accuracy' }
const summary = exampleSummary()
// Cells with one place each: two behaviours by two counts.
const cells = summary.cells.slice(1, 5)
const told = (width: number, change: object = {}) =>
  renderMatrices({ ...summary, cells, plot: [map], ...change }, { width, colour: false })

test('a heat map is a matrix, and what it says nothing of is told below', () => {
  expect(told(80)!.split('\n')).toEqual(
    [
      'accuracy, %: adversaries.behaviour by adversaries.count',
      '           3        4',
      '────────────────────────────',
      'sign-flip  94      90',
      'silent     94  stopped',
    ]
      .map((line) => expect.stringMatching(new RegExp(line.replaceAll(/ +/g, ' +').replace('─'.repeat(28), '─+'))))
      .concat([
        '',
        expect.stringContaining('Not as one would wish; in the other 3'),
        expect.stringContaining('0 of 8 rounds'),
      ]),
  )
})

test('where headings do not fit, columns have letters', () => {
  const narrow = renderMatrices(
    { ...summary, cells, plot: [{ ...map, rows: 'adversaries.count', columns: 'adversaries.behaviour' }] },
    { width: 18, colour: false },
  )!
  expect(narrow).toContain('a = sign-flip')
  for (const line of narrow.split('\n').slice(1, 5)) expect(line.length).toBeLessThanOrEqual(26)
})

test('of what a map leaves out, or failed, the table tells', () => {
  expect(told(80, { plot: [{ ...map, where: { 'adversaries.behaviour': 'silent' } }] })).toBeUndefined()
  expect(told(80, { plot: undefined })).toBeUndefined()
  expect(told(80, { failed: [{ cell: 0, label: 'x', seed: 1, reason: 'y' }] })).toBeUndefined()
})
