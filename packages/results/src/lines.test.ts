import type { LinesPlot, SeedMeasures, Summary, SummaryCell } from '@hearsay/scenario'
import { loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { lanesOf } from './lines-spec.ts'
import { toPng } from './picture.ts'
import { drawPlot } from './plot.ts'
import { describeSetting } from './plot-style.ts'
import { summarise } from './summarise.ts'
import { evaluationOf } from './testing/results-fixture.ts'

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
        const ended = cell.parameters.peers === 10 ? 4 : cell.index === 0 ? seed : 0
        return {
          seed,
          rounds: 4,
          evaluation: evaluationOf([0.5, 0.6, 0.7]),
          disagreement: { distance: 0, forks: 0 },
          liveness: { ended, rounds: 4 },
          evidence: { culprits: 0, falseAccusations: 0 },
          bytes: { sent: 0, received: 0 },
          timeMs: { training: 0, exchange: 0, agreement: 0, aggregation: 0, total: 0 },
          diverged: 0,
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

/** Lane, share and what else is asked. */
function pointsOf(panel: LinesPlot, cells: readonly SummaryCell[]) {
  return lanesOf(panel, cells).flatMap(({ name, points }) => points.map((point) => ({ name, ...point })))
}

test('a lane begins without liars, and has the mean over seeds and its confidence at each share of liars', () => {
  const { cells, plot } = summary()
  const points = pointsOf(plot![0] as LinesPlot, cells)
  expect(points.map(({ name, x, value }) => [name, x, value?.middle])).toEqual([
    ['peers 4', 0.25, 2],
    ['peers 4', 0.5, 0],
    ['peers 10', 0, 4],
    ['peers 10', 0.3, 4],
  ])
  const wide = { ...cells[0]!, rounds: 9 }
  const [point] = pointsOf(plot![0] as LinesPlot, [wide])
  expect(point!.value!.greatest - 2).toBeCloseTo(4.303 / Math.sqrt(3), 9)
  expect(points[2]!.value).toMatchObject({ least: 4, greatest: 4 })
})

test('an interval ends where there are no such values', () => {
  const { cells, plot } = summary()
  // Of 1, 2 and 3 of 4 rounds it would be from -0.5 to 4.5.
  expect(pointsOf(plot![0] as LinesPlot, cells)[0]!.value).toEqual({ middle: 2, least: 0, greatest: 4 })
  const spread = cells[0]!.bySeed.map((one, index) => ({ ...one, evaluation: evaluationOf([index / 2]) }))
  const accurate = { ...(plot![0] as LinesPlot), value: 'accuracy.median' }
  expect(pointsOf(accurate, [{ ...cells[0]!, bySeed: spread }])[0]!.value).toEqual({
    middle: 0.5,
    least: 0,
    greatest: 1,
  })
})

test('where no round ended, models have no distance and no accuracy: stopped, not 0', async () => {
  const { cells, plot, ...rest } = summary()
  for (const value of ['disagreement.distance', 'disagreement.forks', 'accuracy.median']) {
    const point = pointsOf({ ...(plot![0] as LinesPlot), value }, cells)[1]!
    expect({ share: point.x, value: point.value, stopped: point.stopped }).toEqual({
      share: 0.5,
      value: undefined,
      stopped: true,
    })
  }
  // How many rounds there were is known, and so is who was caught.
  for (const value of ['liveness.certified', 'evidence.culprits'])
    expect(pointsOf({ ...(plot![0] as LinesPlot), value }, cells)[1]).toMatchObject({
      stopped: false,
      value: { middle: 0 },
    })
  const drawn = await drawPlot({
    ...rest,
    cells,
    plot: [{ ...(plot![0] as LinesPlot), value: 'disagreement.distance' }],
  })
  expect(drawn.svg).toContain('>stopped<')
  expect(drawn.svg).toContain('stopped: no round ended')
})

test('one honest peer alone has nobody to disagree with', () => {
  const { cells, plot } = summary()
  const alone = cells.map((cell) => ({ ...cell, malicious: cell.peers - 1 }))
  expect(pointsOf({ ...(plot![0] as LinesPlot), value: 'disagreement.distance' }, alone)).toEqual([])
  expect(pointsOf({ ...(plot![0] as LinesPlot), value: 'accuracy.median' }, alone)).not.toEqual([])
})

test('seeds that stopped are not in the mean of those that went on, and the point says that there are some', () => {
  const { cells, plot } = summary()
  const [first, ...others] = cells[0]!.bySeed
  const stopped = {
    ...first!,
    liveness: { ended: 0, rounds: 4 },
    evaluation: evaluationOf([0, 0.1, 0.2]),
  }
  const mixed = { ...cells[0]!, bySeed: [stopped, ...others] }
  const [point] = pointsOf({ ...(plot![0] as LinesPlot), value: 'accuracy.median' }, [mixed])
  expect(point).toMatchObject({ stopped: true, value: { middle: 0.6 } })
})

test('where: excess 0 is cells in which as many lie as are tolerated', () => {
  const { cells, plot } = summary()
  expect(pointsOf(plot![1] as LinesPlot, cells).map(({ x }) => x)).toEqual([0.25, 0.3])
})

test('whatever a check may name may be drawn', () => {
  const { cells, plot } = summary()
  const points = pointsOf({ ...(plot![0] as LinesPlot), value: 'tolerated' }, cells)
  expect(points.map(({ value }) => value?.middle)).toEqual([1, 1, 3, 3])
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
    '4 peers set up for 0 liars · digits, mlp · 4 rounds · 3 seeds',
  )
  const task = { ...first!.parameters.task, model: 'cnn' as const }
  const longer = { ...fewer, rounds: 9, parameters: { ...first!.parameters, task } }
  expect(describeSetting({ ...rest, cells: [fewer, longer] }, [])).toContain(
    'digits, mlp or digits, cnn · 4 to 9 rounds',
  )
})

const named = `name: named
question: How often?
rounds: 1
peers: 7
tolerated: 2
task: { kind: ratings }
sweep:
  task.once: [false, true]
  adversaries:
    - { count: 0 }
    - { count: 1, behaviour: hyperactive-profiles, activity: 300 }
    - { count: 1, behaviour: hyperactive-profiles, activity: 1 }
    - { count: 1, behaviour: silent }
plot:
  - value: tolerated
    against: adversaries.activity
    lines:
      Summed: { task.once: false, adversaries.behaviour: hyperactive-profiles }
      One voice: { task.once: true }
`

test('lines by name are of the cells that they choose, beginning without liars, against a parameter', async () => {
  const { name, question, seeds, plot, cells } = loadScenario(named, { file: 'named.yaml' })
  const { bySeed } = summary().cells[0]!
  const measured = cells.map((cell) => summarise(cell, bySeed))
  const points = pointsOf(plot[0] as LinesPlot, measured)
  // Who is silent is not active.
  expect(points.map(({ name, x }) => [name, x])).toEqual(
    ['Summed', 'One voice'].flatMap((line) => [0, 1, 300].map((x) => [line, x])),
  )
  const all = {
    scenario: name,
    question,
    engine: 'native' as const,
    seeds: [...seeds],
    cells: measured,
    expectations: [],
  }
  const { svg } = await drawPlot({ ...all, plot: [...plot] })
  for (const words of ['>Summed<', '>One voice<', '>activity<', '>300<']) expect(svg).toContain(words)
  expect(svg).not.toContain('shaded')
})

test('the picture has a panel for each', async () => {
  const { svg } = await drawPlot(summary())
  for (const words of ['Liveness', 'rounds certified', 'peers 10', 'shaded: more than a third', '4 to 10 peers'])
    expect(svg).toContain(words)
  expect(toPng(svg).length).toBeGreaterThan(1000)
})

test('what is wrong with lines is told', () => {
  const wrong = (panel: string) => () => load(`  - ${panel}\n`)
  expect(wrong('{ lines: peer }')).toThrow(/plot\.2\.lines: .*peers/)
  expect(wrong('{ lines: peers, value: liveness.certifed }')).toThrow(/plot\.2\.value: .*liveness\.certified/)
  expect(wrong('{ lines: tolerated, columns: peers }')).toThrow(/plot\.2/)
  expect(wrong('{ lines: peers, against: adversaries.activty }')).toThrow(/plot\.2\.against/)
  expect(wrong('{ lines: { some: { peer: 4 } } }')).toThrow(/plot\.2\.lines\.some\.peer/)
  expect(wrong('{ lines: { all: {} }, against: rounds }')).toThrow(/plot\.2\.lines: .*one place of a line/)
  expect(wrong('{ lines: rounds, where: { excess: 0, peers: 4 } }')).not.toThrow()
})
