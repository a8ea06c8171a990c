import type { Parameters, SummaryCell } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { priceRows, renderPrice } from './price.ts'
import { exampleSummary } from './testing/results-fixture.ts'

const summary = exampleSummary([1])
const [first, second] = summary.cells as [SummaryCell, SummaryCell]
const without = (cell: SummaryCell): SummaryCell => ({
  ...cell,
  label: 'as a server',
  parameters: { ...cell.parameters, agreement: { kind: 'trusted' } } as Parameters,
  bytes: { sent: 1e6, received: 8e6 },
  timeMs: { ...cell.timeMs, total: 50 },
})

test('a cell that agrees stands beside the same without agreement, with what both take', () => {
  const [, ...rows] = priceRows({ ...summary, cells: [first, without(first)] })
  expect(rows).toEqual([
    ['as a server', 'no agreement, all n updates', 'accuracy 94.1 %', '1.00', '0.05', '8 of 8'],
    [first.label, 'exact agreement', 'accuracy 94.1 %', '3.80', '0.22', '8 of 8'],
  ])
})

test('what differs in more than agreement is not compared', () => {
  expect(priceRows({ ...summary, cells: [second, without(first)] })).toEqual([])
  expect(renderPrice({ ...summary, cells: [without(first)] }, 80)).toBe('')
})

test('it is no wider than the terminal, if its numbers are not', () => {
  const label = 'a cell whose name says all that anybody could ever want to know of it, and still more'
  const wide = {
    ...summary,
    cells: [
      { ...first, label },
      { ...without(first), label },
    ],
  }
  const lines = renderPrice(wide, 100).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  expect(lines.filter((line) => line.includes('more'))).toHaveLength(2)
  expect(renderPrice(wide, 1000).split('\n')).toHaveLength(3)
})
