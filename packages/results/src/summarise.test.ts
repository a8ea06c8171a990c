import type { SummaryCell } from '@hearsay/scenario'
import { loadScenario, median } from '@hearsay/scenario'
import { exampleText } from '@hearsay/scenario/testing/scenario-fixture'
import { expect, test } from 'vitest'
import { seriesOf } from './series.ts'
import { summarise } from './summarise.ts'
import { evaluationOf, exampleSummary } from './testing/results-fixture.ts'

const { cells } = loadScenario(exampleText, { file: 'x.yaml' })

test('over seeds: the worst of what must hold, the median of the rest', () => {
  const [one] = exampleSummary([1]).cells[6]!.bySeed
  const summary = summarise(cells[6]!, [
    { ...one!, seed: 1, evaluation: evaluationOf([0.5, 0.6, 0.7]) },
    {
      ...one!,
      seed: 2,
      evaluation: evaluationOf([0.4, 0.8, 0.9], 0.5),
      disagreement: { distance: 9, forks: 3 },
      liveness: { ended: 5, rounds: 8 },
      evidence: { culprits: 2, falseAccusations: 1 },
      bytes: { sent: 10, received: 20 },
    },
  ])
  expect(summary).toMatchObject({
    label: '4 of 10 split-brain',
    malicious: 4,
    tolerated: 3,
    peers: 10,
    rounds: 8,
    evaluation: {
      accuracy: { least: 0.4, median: 0.7, greatest: 0.9 },
      // Of those seeds that it was measured with.
      backdoor: { least: 0.5, median: 0.5, greatest: 0.5 },
    },
    disagreement: { distance: 9, forks: 3 },
    liveness: { ended: 0, rounds: 8 },
    evidence: { culprits: 2, falseAccusations: 1 },
    bytes: { sent: 15_500_005, received: 15_200_010 },
  })
  expect(
    summarise(cells[6]!, [{ ...one!, disagreement: { distance: null, forks: 0 } }]).disagreement.distance,
  ).toBeNull()
  expect(() => summarise(cells[6]!, [])).toThrow('no results')
})

test('times are not told when a seed finished no round: a half of nothing is no median', () => {
  const [one] = exampleSummary([1]).cells[6]!.bySeed
  const none = { training: null, exchange: null, agreement: null, aggregation: null, total: null }
  expect(summarise(cells[6]!, [one!, { ...one!, seed: 2, timeMs: none }]).timeMs).toEqual(none)
  expect(summarise(cells[6]!, [one!, { ...one!, seed: 2 }]).timeMs).toEqual(one!.timeMs)
})

test('the median', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

test('series begin where nobody lies and differ in the behaviour or in another parameter', () => {
  const described = seriesOf(exampleSummary([1]).cells).map(({ name, cells: members }) => [
    name,
    members.map(({ malicious }) => malicious),
  ])
  expect(described).toEqual([
    ['sign-flip', [0, 3, 4]],
    ['silent', [0, 3, 4]],
    ['split-brain', [0, 3, 4]],
    // No cell without liars has this rule.
    ['sign-flip (scale 10), mean', [1]],
  ])
  // A divided network is another series: two points of one line in one place would say nothing.
  const divided = exampleSummary([1])
    .cells.slice(0, 4)
    .map((cell) => ({
      ...cell,
      parameters: {
        ...cell.parameters,
        partitions: [{ groups: 'halves', bridge: 'none', fromRound: 1, untilRound: 2 }],
      },
    })) as SummaryCell[]
  const both = seriesOf([...exampleSummary([1]).cells.slice(0, 4), ...divided])
  const told = 'partitions [{groups: halves, bridge: none, fromRound: 1, untilRound: 2}]'
  expect(both.map(({ name, cells: members }) => [name, members.map(({ malicious }) => malicious)])).toEqual([
    ['sign-flip', [0, 3, 4]],
    ['silent', [0, 3]],
    [`sign-flip, ${told}`, [0, 3, 4]],
    [`silent, ${told}`, [0, 3]],
  ])
  expect(seriesOf(exampleSummary([1]).cells.slice(0, 1)).map(({ name }) => name)).toEqual(['no liars'])
  expect(seriesOf([])).toEqual([])
})
