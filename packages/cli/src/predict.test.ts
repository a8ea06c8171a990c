/** What a run has learnt, used on data that it held back: the files that it is given know all that is needed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeModel } from '@hearsay/training/files'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const own = `import { defineTask } from '@hearsay/training/define-task'
import { units } from './units.ts'

export const tasks = [
  defineTask({
    name: 'own',
    summary: 'a network of my own',
    model: ({ layers, sequential }, { shape, outputs }) =>
      sequential({
        layers: [
          layers.dense({ units, activation: 'relu', inputShape: [...shape] }),
          layers.dense({ units: outputs }),
        ],
      }),
  }),
]
`
const table = 'kind: table, train: train.csv, test: test.csv, inputs: [age, job]'
const scenario = `name: shop
question: Who buys?
extensions: [./own.ts]
peers: 4
tolerated: 1
network: virtual
rounds: 3
learning: { localSteps: 10, batchSize: 16 }
task: { data: { ${table}, label: buys } }
sweep:
  task:
    - { data: { ${table}, label: buys }, model: logistic }
    - { kind: own, data: { ${table}, label: buys }, loss: binary }
    - { data: { ${table}, label: spends }, loss: squared, model: logistic }
    - { dataset: digits, model: logistic, trainSamples: 200, testSamples: 50 }
`

/** Whoever is older buys, smiths sooner than cooks, and spends by age. */
function tableOf(rows: number, from: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = 20 + ((7 * row + from) % 41)
    const job = (row + from) % 2 === 0 ? 'cook' : 'smith'
    return `${age},${job},${age > (job === 'cook' ? 44 : 36) ? 'yes' : 'no'},${100 * age + 37 * (row % 5)}`
  })
  return `age,job,buys,spends\n${lines.join('\n')}\n`
}

let folder: string
let cells: { evaluation: Record<string, { least: number; greatest: number }> }[]
const predict = (...words: string[]) => hearsay(['predict', ...words, '--engine', 'wasm'], { cwd: folder })
const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text)
const columns = (file: string) =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-predict-'))
  put('own.ts', own)
  put('units.ts', 'export const units = 6\n')
  put('shop.yaml', scenario)
  put('train.csv', tableOf(240, 0))
  put('test.csv', tableOf(90, 3))
  const ran = await hearsay(['run', 'shop.yaml', '--engine', 'wasm', '--no-pictures'], { cwd: folder })
  expect([ran.code, ran.stderr], ran.stdout).toEqual([0, ''])
  ;({ cells } = JSON.parse(readFileSync(join(folder, 'runs/latest/summary.json'), 'utf8')))
  // What was held back, without its labels.
  put(
    'new.csv',
    columns('test.csv')
      .map(([age, job]) => `${job},${age}`)
      .join('\n'),
  )
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([0, 1])(
  'cell %i: as many are right of what was held back as the run has told',
  async (cell) => {
    const done = await predict('runs/latest', 'new.csv', '--cell', String(cell), '--out', 'said.csv')
    expect([done.code, done.stderr]).toEqual([0, ''])
    expect(done.stdout).toMatch(/^90 samples\n {2}no: \d+\n {2}yes: \d+\nAll of it: said\.csv\n$/)
    const [head, ...said] = columns('said.csv')
    expect(head).toEqual(['line', 'class', 'no', 'yes'])
    const due = columns('test.csv').slice(1)
    const right = said.filter(([, name], row) => name === due[row]![2]).length
    const { least, greatest } = cells[cell]!.evaluation.accuracy!
    expect(least).toBe(greatest)
    expect(right / 90).toBeCloseTo(least, 10)
    for (const [line, name, no, yes] of said) {
      expect(Number(line)).toBeGreaterThan(1)
      expect(Number(no) + Number(yes)).toBeCloseTo(1, 5)
      expect(name).toBe(Number(yes) > Number(no) ? 'yes' : 'no')
    }
  },
  240_000,
)

test('numbers are in the unit of the data', async () => {
  const { code, stdout } = await predict('runs/latest', 'new.csv', '--cell', '2', '--json')
  expect(code).toBe(0)
  const told = JSON.parse(stdout)
  expect(told).toMatchObject({ model: { name: 'shop', round: 3 }, targets: 'numbers', outputs: ['spends'] })
  const due = columns('test.csv').slice(1)
  const squares = told.rows.map(
    ({ numbers }: { numbers: { spends: number } }, row: number) => (numbers.spends - Number(due[row]![3])) ** 2,
  )
  const rmse = Math.sqrt(squares.reduce((a: number, b: number) => a + b, 0) / squares.length)
  expect(rmse / cells[2]!.evaluation.rmse!.least).toBeCloseTo(1, 4)
}, 240_000)

test('digits of arrays are told, one to a line', async () => {
  const { encodeNpyOf } = await import('@hearsay/data/testing/encode-npy')
  put('x.npy', encodeNpyOf('|u1', [3, 28, 28], new Uint8Array(3 * 784)))
  const { code, stdout } = await predict('runs/latest', 'x.npy', '--cell', '3')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^row +class +probability\n1 +\d +0\.\d+\n2 .*\n3 .*\n$/)
}, 240_000)

test('a file that was exported is enough, and the modules that it learnt with', async () => {
  await hearsay(['export', 'runs/latest', '--cell', '1', '--out', 'own.safetensors'], { cwd: folder })
  expect(await predict('own.safetensors', 'new.csv')).toMatchObject({ code: 0, stderr: '' })
  const model = join(folder, 'own.safetensors')
  put('units.ts', 'export const units = 7\n')
  const other = await predict(model, 'new.csv')
  put('units.ts', 'export const units = 6\n')
  expect(other.code).toBe(2)
  expect(other.stderr).toMatch(
    /^hearsay: \S*units\.ts: is another file than the model learnt with: its SHA-256 is [0-9a-f]{64}/,
  )
}, 240_000)

test('what is wrong is told in one line, with its place', async () => {
  put('odd.csv', 'age,job\n30,cook\n31,priest\n')
  const bare = { tensors: [{ name: 'w', shape: [1], offset: 0 }], parameters: Float32Array.of(1) }
  put('bare.safetensors', Buffer.concat([...encodeModel(bare)]))
  const wrong: [string[], RegExp][] = [
    [
      ['runs/latest', 'odd.csv', '--cell', '0'],
      /^hearsay: odd\.csv:3: column "job": "priest" is no category that was learnt; they are cook, smith/,
    ],
    [
      ['runs/latest', 'new.csv', '--cell', '0', '--set', 'inputs=[age]'],
      /--set inputs: it follows from what was learnt/,
    ],
    [['runs/latest', 'new.csv'], /several models are in it/],
    [['bare.safetensors', 'new.csv'], /bare\.safetensors: no Hearsay wrote it/],
  ]
  for (const [words, message] of wrong) {
    const { code, stdout, stderr } = await predict(...words)
    expect(stderr).toMatch(message)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
  }
  expect(readdirSync(folder)).not.toContain('bare.csv')
  const unseen = await predict('runs/latest', 'odd.csv', '--cell', '0', '--unseen')
  expect(unseen).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('column "job": 1 in none of its categories'),
  })
}, 240_000)

test('help teaches', async () => {
  const { stdout } = await predict('--help')
  expect(stdout).toMatch(/LEARNT FROM +DATA[\s\S]*Examples:\n {2}hearsay predict runs\/latest[\s\S]*Exit codes: 0 done/)
})
