import { expect, test } from 'vitest'
import { loadScenario } from './load.ts'
import { ScenarioError } from './scenario-error.ts'
import { leastText } from './testing/scenario-fixture.ts'

const sweep = `sweep:
  aggregation.rule: [mean, median]
  adversaries: [{ count: 0 }, { count: 1, behaviour: zero }]
`
const load = (plot: string, overrides: string[] = []) =>
  loadScenario(`${leastText}${sweep}plot: ${plot}\n`, { file: 'x.yaml', overrides })

function problemsOf(plot: string, overrides: string[] = []): string[] {
  try {
    load(plot, overrides)
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
  return []
}

const whole = '{ rows: aggregation.rule, columns: adversaries, value: backdoor, title: doors }'

test('one heat map or a list, with accuracy as the value that is shown unless another is named', () => {
  expect(load('{ rows: aggregation.rule, columns: adversaries }').plot).toEqual([
    { rows: 'aggregation.rule', columns: 'adversaries', value: 'accuracy.median' },
  ])
  const { plot, resolved } = load(`[${whole}, { rows: adversaries, columns: aggregation }]`)
  expect(plot).toHaveLength(2)
  // The resolved scenario draws the same.
  expect(loadScenario(resolved, { file: 'y.yaml' }).plot).toEqual(plot)
  expect(loadScenario(leastText, { file: 'x.yaml' }).plot).toEqual([])
})

test('names of parameters and measures are checked, with the nearest that there is', () => {
  expect(problemsOf('{ rows: agregation, columns: adversaries }')[0]).toMatch(
    /plot\.rows: unknown parameter "agregation"; did you mean "aggregation"\?/,
  )
  expect(problemsOf('[{ rows: aggregation.rule, columns: adversaries.cuont }]')[0]).toMatch(
    /plot\.0\.columns: .*did you mean "count"/,
  )
  expect(problemsOf('{ rows: aggregation.rule, columns: adversaries, value: acuracy.median }')[0]).toMatch(
    /plot\.value: unknown measure "acuracy.median"; did you mean "accuracy.median"\?/,
  )
  expect(problemsOf('{ rows: aggregation.rule, columns: adversaries, where: { malicous: 1 } }')[0]).toMatch(
    /did you mean "malicious"/,
  )
  expect(problemsOf('{ rows: aggregation.rule }')[0]).toMatch(/plot/)
})

test('two cells in one place are an error, and so is a map of none', () => {
  expect(problemsOf('{ rows: aggregation.rule, columns: peers }')[0]).toMatch(
    /"no liars, rule mean" and "1 of 4 zero, rule mean" are in one row and column/,
  )
  expect(problemsOf('{ rows: aggregation.rule, columns: peers, where: { malicious: 1 } }')).toEqual([])
  expect(problemsOf('{ rows: aggregation.rule, columns: adversaries, where: { malicious: 2 } }')[0]).toMatch(
    /plot\.where: no cell matches/,
  )
})

test('a map whose cells an override has changed is not drawn', () => {
  const plot = '{ rows: aggregation.rule, columns: adversaries, where: { aggregation.rule: mean } }'
  expect(load(plot, ['aggregation.rule=trimmed-mean']).plot).toEqual([])
  expect(load(plot).plot).toHaveLength(1)
})

test('against rounds a line is one cell, and shows what the task measures', () => {
  const lines = '{ lines: aggregation.rule, against: round, where: { malicious: 1 } }'
  expect(load(lines).plot).toMatchObject([{ against: 'round', value: 'accuracy.median' }])
  expect(problemsOf('{ lines: aggregation.rule, against: round }')[0]).toMatch(/plot\.lines: .* are in one place of a/)
  expect(problemsOf(lines.replace('against', 'value: bytes.sent, against'))[0]).toMatch(
    /plot\.value: of every round only what the task measures is known, not bytes\.sent/,
  )
})
