import { type LinesPlot, loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { curvesOf } from './curves.ts'
import { curvesPicture, roundsPanel } from './curves-spec.ts'
import type { RoundRow } from './rounds.ts'
import { exampleSummary } from './testing/results-fixture.ts'

const { cells } = loadScenario(
  `name: x
question: Which?
peers: 4
tolerated: 1
rounds: 2
sweep: { aggregation: [{ rule: median }, { rule: trimmed-mean }], learning.learningRate: [0.1, 0.2] }
`,
  { file: 'x.yaml' },
)

const row = (round: number, peer: number, accuracy: number | null, cell = 0): RoundRow => ({
  ...{ cell, label: cells[cell]!.label, seed: 7, round, peer, evaluation: accuracy === null ? {} : { accuracy } },
  ...{ ended: true, forked: false, distance: 0, bytesSent: 1, bytesReceived: 1 },
  ...{ trainingMs: 1, exchangeMs: 1, agreementMs: 1, aggregationMs: 1 },
})

test('curves are a row a round, with the parameters in which cells differ', () => {
  const { header, lines } = curvesOf(cells, ['accuracy'])
  expect(header).toBe(
    'cell,label,seed,round,learning.learningRate,aggregation.rule,peers_ended,accuracy,accuracy_least,accuracy_greatest',
  )
  const rows = [row(1, 0, 0.5), row(1, 1, 0.5), row(1, 2, 0.25), row(2, 0, null)]
  expect(lines(rows).map((line) => line.split(',').slice(-8))).toEqual([
    ['7', '1', '0.1', 'median', '3', '0.5', '0.25', '0.5'],
    ['7', '2', '0.1', 'median', '1', '', '', ''],
  ])
})

test('the picture has a panel for each way of lying, and none where there is one round', () => {
  const summary = exampleSummary([7])
  const rows = summary.cells.flatMap(({ label }, cell) =>
    [1, 2, 3].map((round) => ({ ...row(round, 0, round / 4), label, cell })),
  )
  const picture = curvesPicture(summary, rows)!
  expect(picture.panels.map((panel) => (panel as { title: { text: string } }).title.text)).toEqual([
    'no liars',
    'sign-flip',
    'silent',
    'split-brain',
    'sign-flip (scale 10)',
  ])
  expect(
    curvesPicture(
      summary,
      rows.filter(({ round }) => round === 1),
    ),
  ).toBeUndefined()
})

test('a panel against rounds has a line for each cell that it chooses, of the measure that it names', () => {
  const summary = exampleSummary([7])
  const rows = summary.cells.flatMap(({ label }, cell) =>
    [1, 2].map((round) => ({ ...row(round, 0, round / 4), label, cell, evaluation: { loss: round / (1 + cell) } })),
  )
  const [first, second] = summary.cells.map(({ label }) => label)
  const lines = { One: { label: first! }, Other: { label: second! } }
  const panel = roundsPanel({ against: 'round', value: 'loss.median', lines } as LinesPlot, summary.cells, rows)
  const { data } = panel as { data: { values: { line: string; round: number; value: number }[] } }
  expect(data.values.map(({ line, round, value }) => [line, round, value])).toEqual([
    ['One', 1, 1],
    ['One', 2, 2],
    ['Other', 1, 0.5],
    ['Other', 2, 1],
  ])
})
