import type { HeatMap, SeedMeasures, Summary } from '@hearsay/scenario'
import { loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { heatMapOf } from './heat-map.ts'
import { toPng } from './picture.ts'
import { drawPlot } from './plot.ts'
import { summarise } from './summarise.ts'
import { evaluationOf } from './testing/results-fixture.ts'

const text = `name: maps
question: Which attack breaks which rule?
peers: 10
tolerated: 3
rounds: 2
sweep:
  aggregation:
    - { rule: mean }
    - { rule: krum, neighbours: n-f-1, before: [nnm, { clipping: { norm: 2 } }] }
  adversaries:
    - { count: 0 }
    - { count: 3, behaviour: sign-flip, scale: 10 }
    - { count: 3, behaviour: backdoor }
  task.partition.kind: [iid]
plot:
  - { title: what is left, rows: aggregation, columns: adversaries }
  - { rows: aggregation, columns: adversaries, value: backdoor }
  - { rows: adversaries, columns: aggregation, value: bytes.sent, where: { malicious: 3 } }
`

const loaded = loadScenario(text, { file: 'maps.yaml' })

function summaryOf(change: (measures: SeedMeasures, cell: number) => Partial<SeedMeasures> = () => ({})): Summary {
  const cells = loaded.cells.map((cell) => {
    const measures: SeedMeasures = {
      seed: 1,
      rounds: 2,
      evaluation: evaluationOf([0, (cell.index + 1) / 10, 1], cell.label.includes('backdoor') ? 0.754 : undefined),
      disagreement: { distance: 0, forks: 0 },
      liveness: { ended: 2, rounds: 2 },
      evidence: { culprits: 0, falseAccusations: 0 },
      bytes: { sent: 1234.5 * cell.index, received: 0 },
      timeMs: { training: 0, exchange: 0, agreement: 0, aggregation: 0, total: 0 },
      diverged: 0,
      stalled: false,
    }
    return summarise(cell, [{ ...measures, ...change(measures, cell.index) }])
  })
  const { name, question, plot } = loaded
  return { scenario: name, question, engine: 'native', seeds: [1], cells, plot: [...plot], expectations: [] }
}

test('of accuracy, of rounds and of culprits that are named one wishes for more, of all else for less', () => {
  const harm = (value: string): boolean => heatMapOf({ ...accuracy, value }, summaryOf().cells).isHarm
  for (const value of ['accuracy.least', 'liveness.certified', 'evidence.culprits']) expect(harm(value)).toBe(false)
  for (const value of ['backdoor', 'evidence.falseAccusations', 'timeMs.total']) expect(harm(value)).toBe(true)
})

const [accuracy, backdoor, bytes] = loaded.plot as [HeatMap, HeatMap, HeatMap]
const rules = ['mean', 'nnm + clipping (norm 2) + krum (neighbours n-f-1)']
const attacks = ['no liars', 'sign-flip (scale 10)', 'backdoor']

test('a heat map has a row and a column for each value of its parameters, in the order of the sweep', () => {
  const { title, rows, columns, squares, isShare, isHarm } = heatMapOf(accuracy, summaryOf().cells)
  expect({ title, rows, columns, isShare, isHarm }).toEqual({
    title: 'what is left',
    rows: rules,
    columns: attacks,
    isShare: true,
    isHarm: false,
  })
  expect(squares.map(({ row, column, text }) => [rules.indexOf(row), attacks.indexOf(column), text])).toEqual([
    [0, 0, '10'],
    [0, 1, '20'],
    [0, 2, '30'],
    [1, 0, '40'],
    [1, 1, '50'],
    [1, 2, '60'],
  ])
})

test('what was not measured is left out, and so is what `where` leaves out; other measures are numbers', () => {
  const doors = heatMapOf(backdoor, summaryOf().cells)
  expect(doors).toMatchObject({ title: 'backdoor', rows: rules, columns: ['backdoor'], isShare: true, isHarm: true })
  expect(doors.squares.map(({ text }) => text)).toEqual(['75', '75'])
  const sent = heatMapOf(bytes, summaryOf().cells)
  expect(sent).toMatchObject({ rows: attacks.slice(1), columns: rules, isShare: false, isHarm: true })
  expect(sent.squares.map(({ text }) => text)).toEqual(['1230', '2470', '4940', '6170'])
})

test('of several seeds the median is shown, also of what a cell tells at its worst, and the picture says so', async () => {
  const several = summaryOf().cells.map((cell, index) => {
    const [one] = cell.bySeed
    const seeds = [0.1, 0.2, 0.9].map((value, at) => ({
      ...one!,
      seed: at + 1,
      evaluation: evaluationOf([0, value, 1], one!.evaluation.backdoor === null ? undefined : value),
    }))
    return summarise(loaded.cells[index]!, seeds)
  })
  expect(heatMapOf(accuracy, several).squares.map(({ text }) => text)).toEqual(Array(6).fill('20'))
  expect(heatMapOf(backdoor, several).squares.map(({ text }) => text)).toEqual(['20', '20'])
  expect((await drawPlot({ ...summaryOf(), cells: several })).svg).toContain('per cent; median of 3 seeds')
  expect((await drawPlot(summaryOf())).svg).not.toContain('median of')
})

test('below a title of the scenario’s own is the measure, whose name has the unit', async () => {
  const plot = [{ ...bytes, title: 'cost' }]
  expect((await drawPlot({ ...summaryOf(), plot })).svg).toContain('bytes.sent')
})

test('rounds that stopped are told, since accuracy is then not that of the last', () => {
  const ended = summaryOf((measures, cell) =>
    cell === 1 ? { stalled: true } : cell === 2 ? { disagreement: { ...measures.disagreement, forks: 1 } } : {},
  )
  expect(heatMapOf(accuracy, ended.cells).squares.map(({ text }) => text)).toEqual([
    ...['10', '20*', '30*'],
    ...['40', '50', '60'],
  ])
})

test('where no round was finished there is nothing to measure: it is written, also when other seeds went on', () => {
  const nothing = { liveness: { ended: 0, rounds: 2 }, stalled: true }
  const stopped = summaryOf((_, cell) => (cell === 1 ? nothing : {}))
  expect(heatMapOf(accuracy, stopped.cells).squares.map(({ text }) => text)).toEqual([
    ...['10', 'stopped', '30'],
    ...['40', '50', '60'],
  ])
  const [one] = stopped.cells[1]!.bySeed
  const other = { ...one!, seed: 2, liveness: { ended: 2, rounds: 2 }, evaluation: evaluationOf([0, 0.9, 1]) }
  const both = stopped.cells.with(1, summarise(loaded.cells[1]!, [one!, other]))
  expect(heatMapOf(accuracy, both).squares[1]).toMatchObject({ text: '90*', isStopped: false })
  // What a peer was sent is a fact, rounds or not.
  expect(heatMapOf({ ...bytes, where: {} }, stopped.cells).squares.map(({ text }) => text)).not.toContain('stopped')
})

test('values whose short names are the same are told in full', () => {
  const twice = loadScenario(text.replace('{ count: 0 }', '{ count: 2, behaviour: backdoor }'), { file: 'maps.yaml' })
  const cells = twice.cells.map((cell) => summarise(cell, summaryOf().cells[0]!.bySeed))
  expect(heatMapOf(accuracy, cells).columns[0]).toMatch(/^\{count: 2, behaviour: backdoor, /)
})

test('the picture has every name and number, and no panel against the number of liars', async () => {
  const { svg, figure } = await drawPlot(summaryOf())
  const words = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!)
  for (const word of ['maps', 'what is left', 'backdoor', 'bytes.sent', '75', '6170', ...rules, ...attacks]) {
    expect(words).toContain(word)
  }
  expect(words).not.toContain('Rounds certified')
  expect(words.filter((word) => word === rules[0])).toHaveLength(3)
  expect(/NaN|Infinity|undefined/.exec(svg)?.[0]).toBeUndefined()
  expect(figure).not.toContain('>maps<')
  expect(toPng(svg).length).toBeGreaterThan(10_000)
})

test('an interrupted run with nothing measured yet is drawn too', async () => {
  const { svg } = await drawPlot({ ...summaryOf(), cells: [] })
  expect(svg).toContain('what is left')
  expect(/NaN|Infinity|undefined/.exec(svg)?.[0]).toBeUndefined()
})
