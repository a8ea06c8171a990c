import type { SeedMeasures, SummaryCell } from '@hearsay/scenario'
import { judge, loadScenario, measurePaths, narrowest } from '@hearsay/scenario'
import { leastText } from '@hearsay/scenario/testing/scenario-fixture'
import { expect, test } from 'vitest'
import { evaluationOf } from '../testing/results-fixture.ts'

function result(accuracy: number, bySeed: Partial<SeedMeasures>[]): SummaryCell {
  const measures = {
    rounds: 8,
    evaluation: evaluationOf([accuracy]),
    disagreement: { distance: 0, forks: 0 },
    liveness: { ended: 8, rounds: 8 },
    evidence: { culprits: 0, falseAccusations: 0 },
    bytes: { sent: 0, received: 0 },
    timeMs: { training: 0, exchange: 0, agreement: 0, aggregation: 0, total: 0 },
    diverged: 0,
    stalled: false,
  }
  return {
    label: '',
    parameters: loadScenario(leastText, { file: 'x.yaml' }).cells[0]!.parameters,
    malicious: 0,
    tolerated: 1,
    peers: 4,
    ...measures,
    bySeed: bySeed.map((one, index) => ({ seed: index + 1, ...measures, ...one })),
  }
}

const accuracyOf = (least: number) => ({ evaluation: evaluationOf([least]) })

function verdictsOf(expectations: string, results: (SummaryCell | undefined)[]) {
  const sweep = 'seeds: [1, 2]\nsweep: { adversaries.behaviour: silent, adversaries.count: [0, 1] }\n'
  const loaded = loadScenario(`${leastText}${sweep}expect:\n${expectations}`, { file: 'x.yaml' })
  return judge(loaded.expectations, loaded.cells, results)
}

test('every cell and seed must satisfy the check; a baseline is taken with the same seed', () => {
  const base = result(0.9, [accuracyOf(0.9), accuracyOf(0.5)])
  const check = '  - { where: { malicious: 1 }, check: accuracy.least >= baseline.accuracy.least - 0.02 }\n'
  expect(verdictsOf(check, [base, result(0.9, [accuracyOf(0.88), accuracyOf(0.48)])])).toEqual([
    { text: '1 liar: least accuracy ≥ least accuracy of "no liars" − 0.02', held: true, failures: [] },
  ])
  expect(verdictsOf(check, [base, result(0.9, [accuracyOf(0.88), accuracyOf(0.4)])])).toEqual([
    {
      text: '1 liar: least accuracy ≥ least accuracy of "no liars" − 0.02',
      held: false,
      failures: ['1 of 4 silent, seed 2: least accuracy is 0.4, expected ≥ 0.48'],
    },
  ])
})

test('the narrowest is the cell and seed that came nearest to failing, or failed by most', () => {
  const sweep = 'seeds: [1, 2]\nsweep: { adversaries.behaviour: silent, adversaries.count: [0, 1] }\n'
  const of = (check: string, results: (SummaryCell | undefined)[]) => {
    const text = `${leastText}${sweep}expect:\n  - { text: a claim, check: ${check} }\n`
    const { expectations, cells } = loadScenario(text, { file: 'x.yaml' })
    return narrowest(expectations, cells, results)[0]!
  }
  const results = [result(0.9, [accuracyOf(0.9), accuracyOf(0.84)]), result(0.9, [accuracyOf(0.86), accuracyOf(0.88)])]
  const { slack, ...rest } = of('accuracy.least >= 0.8', results)
  expect(rest).toEqual({ text: 'a claim', held: true, where: 'no liars, seed 2', found: '0.84 >= 0.8' })
  expect(slack).toBeCloseTo(0.04)
  expect(of('accuracy.least < 0.87', results)).toMatchObject({ held: false, where: 'no liars, seed 1' })
  expect(of('disagreement.forks == 0', results)).toMatchObject({ held: true, slack: -0 })
  expect(of('accuracy.least >= 0.8', [results[0], undefined])).toMatchObject({ held: false, slack: Number.NaN })
})

test('a cell that did not run and a distance that is not finite hold nothing', () => {
  const check = '  - { check: disagreement.distance <= 1, text: models are near }\n'
  const far = result(0.9, [{ disagreement: { distance: null, forks: 0 } }, {}])
  expect(verdictsOf(check, [far, undefined])).toEqual([
    {
      text: 'models are near',
      held: false,
      failures: [
        'no liars, seed 1: distance between honest models is not a number, expected ≤ 1',
        '1 of 4 silent, seed 1: did not run',
        '1 of 4 silent, seed 2: did not run',
      ],
    },
  ])
})

test.each([
  ['accuracy.least >= baseline.accuracy.least - 0.02', 'compares the cell "no liars" with itself'],
  ['1 <= 2', 'names no measure'],
])('%s of the first cell would hold whatever comes out', (check, message) => {
  expect(() => verdictsOf(`  - { where: { malicious: 0 }, check: ${check} }\n`, [])).toThrow(message)
})

test('a baseline may be another cell', () => {
  const check = '  - { where: { label: no liars }, baseline: 1 of 4 silent, check: rounds == baseline.rounds + 1 }\n'
  const [verdict] = verdictsOf(check, [result(0.9, [{ rounds: 9 }, { rounds: 9 }]), result(0.9, [{}, {}])])
  expect(verdict).toEqual({ text: 'no liars: rounds = rounds of "1 of 4 silent" + 1', held: true, failures: [] })
})

test('checks know every measure of the summary', () => {
  expect(measurePaths(result(0, [{}]).parameters)).toEqual([
    ...['accuracy', 'accuracy.least', 'accuracy.median', 'accuracy.greatest'],
    ...['loss', 'loss.least', 'loss.median', 'loss.greatest'],
    ...['backdoor', 'backdoor.least', 'backdoor.median', 'backdoor.greatest'],
    ...['overBound', 'overBound.least', 'overBound.median', 'overBound.greatest'],
    'malicious',
    'tolerated',
    'peers',
    'rounds',
    'disagreement.distance',
    'disagreement.forks',
    'liveness.ended',
    'liveness.rounds',
    'evidence.culprits',
    'evidence.falseAccusations',
    'weight.liars',
    'weight.most',
    'pauses.learnt',
    'pauses.share',
    'gradients.honest',
    'gradients.liars',
    'bytes.sent',
    'bytes.received',
    'timeMs.training',
    'timeMs.exchange',
    'timeMs.agreement',
    'timeMs.aggregation',
    'timeMs.total',
    'diverged',
    'liveness.certified',
  ])
})

test('rounds have a word for each agreement, and one for all', () => {
  const counts = { liveness: { ended: 7, rounds: 8 } }
  const judged = (check: string) =>
    verdictsOf(`  - { check: ${check} }\n`, [result(0.9, [counts, counts]), result(0.9, [counts, counts])])
  for (const word of ['certified', 'ended'])
    expect(judged(`liveness.${word} == 7`)).toMatchObject([{ text: `rounds ${word} = 7`, held: true }])
  expect(() => judged('liveness.averaged == 7')).toThrow(
    /in the cell "no liars" rounds are certified: say liveness\.ended, which counts with any agreement/,
  )
})
