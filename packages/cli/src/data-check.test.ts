import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

let folder: string
const rows = Array.from(
  { length: 20 },
  (_, row) => `${row},${row % 2 === 0 ? 'x' : 'y'},p${row % 4},${row % 3 === 0 ? 'no' : 'yes'}`,
)
const good = ['n,c,who,label', ...rows, ''].join('\n')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-data-check-'))
  mkdirSync(join(folder, 'in'))
  const files = {
    'good.csv': good,
    'in/bad.csv': `${good}many,x,p1,no\n3,y\n`,
    'none.csv': 'n,label\n',
    'ratings.csv': 'user,item,rating\n1,2,3\n1,3,4\n2,2,9\n',
    'data.yaml': 'kind: table\ntrain: in/bad.csv\nlabel: label\ngroup: who\n',
    'scenario.yaml': [
      ...['name: x', 'question: what?', 'peers: 4', 'tolerated: 1', 'rounds: 1', 'task: { model: logistic }'],
      'sweep:',
      '  task.data:',
      '    - { kind: table, train: good.csv, label: label }',
      '    - { kind: table, train: in/bad.csv, label: label }',
    ].join('\n'),
    'other.yaml': 'task: { dataset: digits }\n',
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
})
afterAll(() => rmSync(folder, { recursive: true }))

const check = (...words: string[]) => hearsay(['data', 'check', ...words], { cwd: folder })

test('what was understood of a table, and what a scenario says', async () => {
  const { code, stdout } = await check('good.csv', '--label', 'label', '--set', 'group=who')
  expect(stdout.toString()).toMatch(/rows +16 for training, 4 for tests/)
  expect(stdout.toString()).toMatch(/inputs +3 numbers, .*: n, c=x, c=y\n/)
  expect(stdout.toString()).toMatch(/labels +2 classes\n +no +\d+ for training, \d+ for tests\n/)
  expect(stdout.toString()).toMatch(/groups +4, of \d to \d training rows/)
  expect(stdout.toString()).toContain(
    'task: {"data":{"kind":"table","train":"good.csv","group":"who","label":"label"}}',
  )
  expect(code).toBe(0)
})

test('everything as JSON, and what peers have to agree on', async () => {
  const { code, stdout } = await check(
    'good.csv',
    '--label',
    'label',
    '--set',
    'scale=none',
    '--set',
    'inputs=[c]',
    '--json',
  )
  const [report] = JSON.parse(stdout.toString())
  expect(report).toMatchObject({ kind: 'table', faultCount: 0, samples: { train: 16, test: 4, shape: [2] } })
  expect(report.agreed).toMatchObject({ classes: ['no', 'yes'], categories: { c: ['x', 'y'] }, inputs: ['c'] })
  expect(code).toBe(0)
  const agreed = await check('good.csv', '--label', 'label', '--agreed')
  expect(agreed.stdout.toString()).toMatch(/"categories":\{"c":\["x","y"\],"who":.*"scale":\{"mean":\[/)
})

test('each fault with its place, and exit code 1; paths of a .yaml stand against it', async () => {
  const { code, stdout } = await check('data.yaml')
  expect(stdout.toString()).toMatch(
    /faults +in\/bad\.csv:22: column "n": "many" is no finite number; .*\n +in\/bad\.csv:23: 2 values/,
  )
  expect(code).toBe(1)
  const { code: swept, stdout: both } = await check('scenario.yaml')
  expect(both.toString().match(/format +table/g)).toHaveLength(2)
  expect(swept).toBe(1)
})

test('ratings', async () => {
  const { code, stdout } = await check('ratings.csv', '--kind', 'ratings')
  expect(stdout.toString()).toMatch(/ratings +2 for training, 1 for tests, from 3 to 9\nby +2 users of 2 items/)
  expect(code).toBe(0)
})

test.each([
  [['none.csv', '--label', 'label'], /none\.csv: there is no row after the names of columns; add samples/],
  [['nothing'], /nothing: there is no such file, folder or data set/],
  [['good.csv'], /good\.csv: say which column has the labels: --label COLUMN/],
  [['good.csv', '--label', 'label', '--set', 'scale=some'], /good\.csv: data\.scale: /],
  [['other.yaml'], /other\.yaml: it says nothing of data; write data/],
])('%j cannot be read: exit code 2 and one line', async (words, message) => {
  const { code, stdout, stderr } = await check(...words)
  expect(`${stdout}${stderr}`).toMatch(message)
  expect(code).toBe(2)
})

test('help teaches', async () => {
  const { stdout } = await check('--help')
  expect(stdout.toString()).toMatch(/is taken for[\s\S]*Examples:\n {2}hearsay data check people\.csv --label income/)
})
