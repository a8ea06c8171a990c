import { expect, test } from 'vitest'
import { loadScenario } from '../scenario/load.ts'
import type { LinesPlot } from '../scenario/schema.ts'
import { pointsOf } from './lines-spec.ts'
import { drawPlot } from './plot.ts'
import { describeSetting } from './plot-style.ts'
import { summarise } from './summarise.ts'
import type { SeedMeasures, Summary } from './summary.ts'

const text = `name: lines
question: Where are the cliffs?
rounds: 4
seeds: [1, 2, 3]
adversaries.behaviour: silent
sweep:
  - { peers: 4, tolerated: 1, adversaries: [{ count: 1, behaviour: silent }, { count: 2, behaviour: silent }] }
  - { peers: 10, tolerated: 3, adversaries: [{ count: 0 }, { count: 3, behaviour: silent }] }
plot:
  - title: Liveness
    subtitle: rounds certified
    lines: peers
    value: liveness.certified
    where: { adversaries.behaviour: silent }
  - { lines: peers, where: { excess: 0 } }
`.replace('adversaries.behaviour: silent\n', '')

const load = (more = '') => loadScenario(text + more, { file: 'lines.yaml' })

function summary(): Summary {
  const { name, question, seeds, plot, cells } = load()
  const measured = cells.map((cell) =>
    summarise(
      cell,
      seeds.map((seed): SeedMeasures => {
        const certified = cell.parameters.peers === 10 ? 4 : cell.index === 0 ? seed : 0
        return {
          seed,
          rounds: 4,
          accuracy: { least: 0.5, median: 0.6, greatest: 0.7 },
          disagreement: { distance: 0, forks: 0 },
          liveness: { certified, rounds: 4 },
          evidence: { culprits: 0, falseAccusations: 0 },
          bytes: { sent: 0, received: 0 },
          timeMs: { training: 0, exchange: 0, agreement: 0, aggregation: 0, total: 0 },
          backdoor: null,
          stalled: false,
        }
      }),
    ),
  )
  return {
    scenario: name,
    question,
    engine: 'native',
    seeds: [...seeds],
    cells: measured,
    plot: [...plot],
    expectations: [],
  }
}

test('a line begins without liars, and has the mean over seeds and its confidence at each share of liars', () => {
  const { cells, plot } = summary()
  const points = pointsOf(plot![0] as LinesPlot, cells)
  expect(points.map(({ line, share, mean }) => ({ line, share, mean }))).toEqual([
    { line: 'peers 4', share: 0.25, mean: 2 },
    { line: 'peers 4', share: 0.5, mean: 0 },
    { line: 'peers 10', share: 0, mean: 4 },
    { line: 'peers 10', share: 0.3, mean: 4 },
  ])
  expect(points[0]!.high - 2).toBeCloseTo(4.303 / Math.sqrt(3), 9)
  expect(points[2]).toMatchObject({ low: 4, high: 4 })
})

test('where: excess 0 is cells in which as many lie as are tolerated', () => {
  const { cells, plot } = summary()
  expect(pointsOf(plot![1] as LinesPlot, cells).map(({ share }) => share)).toEqual([0.25, 0.3])
})

test('whatever a check may name may be drawn', () => {
  const { cells, plot } = summary()
  const points = pointsOf({ ...(plot![0] as LinesPlot), value: 'tolerated' }, cells)
  expect(points.map(({ mean }) => mean)).toEqual([1, 1, 3, 3])
})

test('the setting is that of all cells, not of the first', () => {
  const { cells, ...rest } = summary()
  expect(describeSetting({ ...rest, cells }, [])).toContain(
    '4 to 10 peers set up for as many liars as they can tolerate',
  )
  const [first, ...others] = cells
  const fewer = { ...first!, tolerated: 0 }
  expect(describeSetting({ ...rest, cells: [fewer, ...others] }, [])).toContain('4 to 10 peers set up for 0 to 3 liars')
  expect(describeSetting({ ...rest, cells: [fewer] }, [])).toBe(
    '4 peers set up for 0 liars  ·  digits, mlp  ·  4 rounds  ·  3 seeds',
  )
  const task = { ...first!.parameters.task, model: 'cnn' as const }
  const longer = { ...fewer, rounds: 9, parameters: { ...first!.parameters, task } }
  expect(describeSetting({ ...rest, cells: [fewer, longer] }, [])).toContain(
    'digits, mlp or digits, cnn  ·  4 to 9 rounds',
  )
})

test('the picture has a panel for each', async () => {
  const { svg, png } = await drawPlot(summary())
  for (const words of ['Liveness', 'rounds certified', 'peers 10', 'one third', '4 to 10 peers'])
    expect(svg).toContain(words)
  expect(png.length).toBeGreaterThan(1000)
})

test('what is wrong with lines is told', () => {
  const wrong = (panel: string) => () => load(`  - ${panel}\n`)
  expect(wrong('{ lines: peer }')).toThrow(/plot\.2\.lines: .*peers/)
  expect(wrong('{ lines: peers, value: liveness.certifed }')).toThrow(/plot\.2\.value: .*liveness\.certified/)
  expect(wrong('{ lines: tolerated, columns: peers }')).toThrow(/plot\.2/)
  expect(wrong('{ lines: rounds, where: { excess: 0, peers: 4 } }')).not.toThrow()
})
