import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const file = join(import.meta.dirname, '../../../scenarios/own-task.yaml')
let out: string
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'hearsay-own-task-'))
})
afterAll(() => rmSync(out, { recursive: true }))

test('a task of one’s own, without an accuracy, is told by its own measures everywhere', async () => {
  const { code, stdout, stderr } = await hearsay(['run', file, '--engine', 'wasm', '--jobs', '1', '--out', out])
  expect([code, stderr], stdout).toEqual([0, ''])
  expect(stdout).toMatch(/^ {2}round 5 of 5 {3}error 0\.1\d\d {3}certified by 7 of 7 {3}models identical/m)
  expect(stdout).toMatch(/ rounds certified by all · no fork · error 0\.1\d\d · /)
  expect(stdout).toMatch(/^liars did +liars +error +equal +certified/m)
  expect(stdout).toMatch(/^nobody lied +0 of 7 +0\.1\d\d +✓ yes/m)
  // A scenario has pictures to divide otherwise, or not.
  expect(stdout).not.toMatch(/accuracy|task\.partition/)
  const kept = (name: string) => readFileSync(join(out, 'latest', name), 'utf8')
  expect(kept('rounds.csv').split('\n')[0]).toMatch(/^cell,label,seed,round,peer,error,explained,ended,/)
  const words = (text: string) => text.replace(/<[^>]*>/g, '|')
  expect(words(kept('plot.svg'))).toMatch(/\|Error\|.*of honest models, at the end, lower is better/s)
  expect(words(kept('report.html'))).toMatch(/\|error\|.*2 of 7\|+0\.1\d\d\|/s)
  const { cells } = JSON.parse(kept('summary.json')) as {
    cells: { evaluation: Record<string, { greatest: number }> }[]
  }
  expect(Object.keys(cells[0]!.evaluation)).toEqual(['error', 'explained'])
  for (const { evaluation } of cells.slice(0, 3)) expect(evaluation.error!.greatest).toBeLessThan(0.16)
  // With the same seed the same run, and its folder brings all that it needs.
  const again = await hearsay(['replay', join(out, 'latest')])
  expect([again.code, again.stderr], again.stdout).toEqual([0, ''])
}, 240_000)

test('greatest and least are numbers, and the name alone is the worst: here the greatest', async () => {
  const expected = [
    'error == error.greatest',
    'error.least <= error.median',
    'explained == explained.least',
    'error >= 1',
  ]
  const set = [`expect=[${expected.map((check) => `{ check: ${check} }`).join(', ')}]`, 'rounds=1', 'sweep={}']
  const words = [
    'run',
    file,
    '--engine',
    'wasm',
    '--no-pictures',
    '--out',
    out,
    ...set.flatMap((each) => ['--set', each]),
  ]
  const { code, stdout } = await hearsay(words)
  expect(code).toBe(1)
  expect(stdout).toContain('✓ error = greatest error')
  expect(stdout).toContain('✓ least error ≤ median error')
  expect(stdout).toContain('✓ explained = least explained')
  expect(stdout).toMatch(/✗ error ≥ 1\n {4}no liars: error is 0\.\d+, expected ≥ 1/)
}, 120_000)

test.each([
  ['expect=[{ check: accuracy.least >= 0.9 }]', 'the task regression has no measure "accuracy.least"'],
  [
    'plot={ rows: aggregation, columns: adversaries, value: backdoor }',
    'the task regression has no measure "backdoor"',
  ],
  ['expect=[{ check: eror <= 1 }]', 'unknown measure "eror"; did you mean "error"?'],
])('%s is an error that lists the measures that there are', async (set, message) => {
  const { code, stderr } = await hearsay(['run', file, '--out', out, '--set', set])
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).toContain('known: error, error.least, error.median, error.greatest, explained, explained.least,')
})

test('tasks of two kinds in one run: a column of each measure, and the headline of each cell', async () => {
  writeFileSync(join(out, 'own-task.ts'), readFileSync(join(file, '../own-task.ts')))
  writeFileSync(
    join(out, 'two.yaml'),
    `name: two
question: Are both told?
extensions: [./own-task.ts]
peers: 4
tolerated: 1
network: virtual
rounds: 1
sweep:
  task: [{ kind: regression }, { model: logistic, trainSamples: 400, testSamples: 100 }]
expect:
  - { where: { task.kind: regression }, check: error <= 5 }
`,
  )
  const { code, stdout, stderr } = await hearsay([
    'run',
    join(out, 'two.yaml'),
    '--engine',
    'wasm',
    '--no-pictures',
    '--out',
    out,
  ])
  expect([code, stderr], stdout).toEqual([0, ''])
  expect(stdout).toMatch(/^liars did.* +error or accuracy +equal/m)
  expect(stdout).toMatch(/ error \d\.\d{3} +✓ yes/)
  expect(stdout).toMatch(/ accuracy \d+\.\d % +✓ yes/)
  const rows = readFileSync(join(out, 'latest/rounds.csv'), 'utf8').split('\n')
  expect(rows[0]).toContain('peer,error,explained,accuracy,loss,backdoor,overBound,ended')
  expect(rows.slice(1, 9).map((row) => /,true,false,/.test(row) && /,,/.test(row))).toEqual(Array(8).fill(true))
}, 120_000)
