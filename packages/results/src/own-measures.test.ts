import type { HeatMap, LinesPlot, SeedMeasures, Summary } from '@hearsay/scenario'
import { judge, loadScenario, measurePaths, spreadOf } from '@hearsay/scenario'
import { type Measure, registries, type Task, takenNames, taskOf } from '@hearsay/training/schema'
import { expect, test } from 'vitest'
import { heatMapOf } from './heat-map.ts'
import { lanesOf } from './lines-spec.ts'
import { drawPlot } from './plot.ts'
import { csvHeader } from './rounds.ts'
import { summarise } from './summarise.ts'
import { renderTable } from './table.ts'

const measures: Measure[] = [
  { name: 'error', summary: 'how far off', better: 'lower', unit: '°C', digits: 2 },
  { name: 'gain', summary: 'log likelihood', better: 'higher', unit: '', digits: 1 },
]
// Only its measures are asked for: nothing is learnt here.
const nothing = (): never => {
  throw new Error('nothing is learnt')
}
const weather = {
  ...{ name: 'weather', summary: 'temperatures', options: {}, measures, describe: () => 'weather, linear' },
  ...{ source: nothing, load: nothing, outline: nothing, divide: nothing, tensors: nothing, initial: nothing },
  trainer: nothing,
} as Task
registries.tasks.add(weather)

const text = `name: weather
question: Is it told as it should be?
peers: 4
tolerated: 1
task: { kind: weather }
rounds: 2
seeds: [1, 2]
sweep: { adversaries.behaviour: sign-flip, adversaries.count: [0, 1] }
plot:
  - { rows: aggregation.rule, columns: adversaries }
  - { lines: aggregation.rule, value: gain.least }
expect:
  - { check: error <= 5 }
  - { check: error.least <= 5 }
  - { check: error.greatest > 100, where: { malicious: 1 } }
  - { check: gain < -1000, where: { malicious: 1 } }
`

const loaded = loadScenario(text, { file: 'weather.yaml' })

/** By cell and seed, of honest models. */
function summaryOf(errors: number[][][], gains: number[][][]): Summary {
  const cells = loaded.cells.map((cell) =>
    summarise(
      cell,
      loaded.seeds.map((seed, at): SeedMeasures => {
        const [error, gain] = [errors, gains].map((values) => spreadOf(values[cell.index]![at]!))
        return {
          seed,
          rounds: 2,
          evaluation: { error: error!, gain: gain! },
          disagreement: { distance: 0.5, forks: 0 },
          liveness: { ended: 2, rounds: 2 },
          evidence: { culprits: 0, falseAccusations: 0 },
          bytes: { sent: 0, received: 0 },
          timeMs: { training: 0, exchange: 0, agreement: 0, aggregation: 0, total: 0 },
          diverged: 0,
          stalled: false,
        }
      }),
    ),
  )
  const { name, question, seeds, plot } = loaded
  return { scenario: name, question, engine: 'x', seeds: [...seeds], cells, plot: [...plot], expectations: [] }
}

const infinite = Number.POSITIVE_INFINITY
const ruined = summaryOf(
  [
    [[1, 2], [1.5]],
    [[3], [4, infinite]],
  ],
  [
    [[-5, -4], [-4]],
    [[-9], [-8, -infinite]],
  ],
)

test('what is not finite is null, and as bad as can be: in checks, in the table, in pictures', async () => {
  expect(ruined.cells.map(({ evaluation }) => evaluation)).toEqual([
    { error: { least: 1, median: 1.5, greatest: 2 }, gain: { least: -5, median: -4.25, greatest: -4 } },
    { error: { least: 3, median: null, greatest: null }, gain: { least: null, median: null, greatest: -8 } },
  ])
  // As a file has it, and as it is.
  for (const cells of [ruined.cells, JSON.parse(JSON.stringify(ruined.cells)) as typeof ruined.cells]) {
    const verdicts = judge(loaded.expectations, loaded.cells, cells)
    expect(verdicts.map(({ held, failures }) => [held, failures])).toEqual([
      [false, ['1 of 4 sign-flip, seed 2: error is Infinity, expected ≤ 5']],
      [true, []],
      [false, ['1 of 4 sign-flip, seed 1: greatest error is 3, expected > 100']],
      [false, ['1 of 4 sign-flip, seed 1: gain is -9, expected < -1000']],
    ])
  }
  const table = renderTable(ruined, { width: 120, colour: false })
  expect(table).toMatch(/ error /)
  expect(table).toContain('1.00–2.00 °C')
  expect(table).toContain('3.00–not finite')
  const { svg } = await drawPlot({ ...ruined, plot: undefined } as unknown as Summary)
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  expect(svg).toMatch(/>of honest models, at the end, °C, lower is better</)
  expect(svg).toContain('>not finite<')
}, 60_000)

test('a panel shows the headline where it names nothing; one that is better low is shaded so', () => {
  const map = loaded.plot[0] as HeatMap
  expect(map.value).toBe('error.median')
  const { isHarm, isShare, squares } = heatMapOf(map, ruined.cells)
  expect({ isHarm, isShare, texts: squares.map(({ text }) => text) }).toEqual({
    isHarm: true,
    isShare: false,
    // The median of seeds, one of which is not finite.
    texts: ['1.5', '∞'],
  })
})

test('values below 0 have room, and those that are not finite no point', async () => {
  const lines = loaded.plot[1] as LinesPlot
  const lanes = lanesOf(lines, ruined.cells)
  expect(lanes.flatMap(({ points }) => points.map(({ x, value }) => [x, value?.middle]))).toEqual([[0, -4.5]])
  const drawn = await drawPlot({ ...ruined, plot: [lines] })
  expect(drawn.svg).toMatch(/>[-−]\d/)
}, 60_000)

test('no measure may have a name that results have for any task, or two for one', () => {
  const called = (...names: string[]) => ({
    ...weather,
    name: 'other',
    measures: names.map((name) => ({ ...measures[0]!, name })),
  })
  const own = new Set(taskOf({}).measures.map(({ name }) => name))
  const paths = measurePaths({ task: {}, agreement: { kind: 'exact' } }).map((path) => path.split('.')[0]!)
  const results = [...csvHeader([]).split(','), ...paths.filter((name) => !own.has(name))]
  expect(results.filter((name) => !takenNames.includes(name))).toEqual([])
  for (const name of results)
    expect(() => registries.tasks.add(called(name))).toThrow(`no measure may be called ${name}`)
  expect(() => registries.tasks.add(called('mine', 'mine'))).toThrow('two measures of one name')
  expect(() => registries.tasks.add(called('not.one'))).toThrow('letters and digits')
})
