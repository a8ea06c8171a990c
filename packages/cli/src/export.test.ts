import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNpy } from '@hearsay/data/npy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const scenario = `name: small
question: Does what was learnt come out?
peers: 4
tolerated: 1
network: virtual
rounds: 2
learning: { localSteps: 2 }
task: { model: logistic, trainSamples: 200, testSamples: 50 }
sweep: { aggregation.rule: [mean, median] }
`
const python = spawnSync('python3', ['-c', 'import numpy']).status === 0
let folder: string
let run: string
const at = (...words: string[]) => hearsay(words, { cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-export-'))
  writeFileSync(join(folder, 'small.yaml'), scenario)
  expect(await at('run', 'small.yaml', '--no-pictures', '--engine', 'wasm')).toMatchObject({ code: 0 })
  run = join('runs', readdirSync(join(folder, 'runs')).find((name) => name.includes('small'))!)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the model of a job comes out, and says what it is', async () => {
  expect(readdirSync(join(folder, run, 'models')).sort()).toEqual([
    'cell-0-seed-1.safetensors',
    'cell-1-seed-1.safetensors',
  ])
  expect(await at('export', run)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('choose one by --cell and --seed'),
  })
  expect(await at('export', run, '--cell', '3')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no such cell'),
  })
  const done = await at('export', run, '--cell', '1', '--out', 'out/m.safetensors')
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('7850 parameters, of round 2') })
  const about = JSON.parse(readFileSync(join(folder, 'out/m.safetensors.json'), 'utf8'))
  expect(about).toMatchObject({ name: 'small', round: 2, seed: 1, layers: { name: 'logistic' } })
  expect(about.tensors).toEqual([
    { name: 'layers.0.kernel', shape: [784, 10] },
    { name: 'layers.0.bias', shape: [10] },
  ])
  // The digest is that of the certificate: of the numbers as they are.
  const events = readFileSync(join(folder, run, 'events.jsonl'), 'utf8')
  expect(events).toContain(about.digest)
}, 60_000)

test('a network starts from it', async () => {
  await at('export', run, '--cell', '1', '--out', 'start.safetensors')
  const again = ['--engine', 'wasm', '--set', 'task.start=start.safetensors', '--set', 'rounds=1', '--out', 'again']
  expect(await at('run', 'small.yaml', '--no-pictures', ...again)).toMatchObject({ code: 0 })
  const started = readdirSync(join(folder, 'again')).find((name) => name.includes('small'))!
  const accuracy = (summary: string): number =>
    JSON.parse(readFileSync(join(folder, summary, 'summary.json'), 'utf8')).cells[1].evaluation.accuracy.least
  expect(accuracy(join('again', started))).toBeGreaterThan(accuracy(run) - 0.05)
  writeFileSync(join(folder, 'torn.safetensors'), 'torn')
  const torn = await at('run', 'small.yaml', '--no-pictures', '--set', 'task.start=torn.safetensors')
  expect(torn).toMatchObject({ code: 2, stderr: expect.stringContaining('torn.safetensors: too short') })
  const other = await at(
    'run',
    'small.yaml',
    '--no-pictures',
    '--set',
    'task.start=start.safetensors',
    '--set',
    'task.model=mlp',
  )
  expect(other).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('layers.0.kernel [784, 10] has another shape'),
  })
}, 120_000)

test.each(['npy', 'tfjs', 'onnx'])(
  'as %s',
  async (format) => {
    expect(await at('export', run, '--cell', '0', '--format', format)).toMatchObject({ code: 0 })
    const name = `cell-0-seed-1${format === 'onnx' ? '.onnx' : `-${format}`}`
    const files = format === 'onnx' ? [] : readdirSync(join(folder, name)).sort()
    if (format === 'tfjs') expect(files).toEqual(['about.json', 'model.json', 'weights.bin'])
    if (format !== 'npy') return
    expect(files).toEqual(['about.json', 'layers.0.bias.npy', 'layers.0.kernel.npy'])
    const bias = new Float32Array(10)
    await readNpy([readFileSync(join(folder, name, 'layers.0.bias.npy'))], { name: 'bias', place: () => () => bias })
    expect(bias.some((value) => value !== 0)).toBe(true)
    if (!python) return
    const program = 'import numpy, sys; print(numpy.load(sys.argv[1]).shape)'
    const read = spawnSync('python3', ['-c', program, join(folder, name, 'layers.0.kernel.npy')], { encoding: 'utf8' })
    expect(read.stdout.trim()).toBe('(784, 10)')
  },
  60_000,
)

test('what has no model is told, and nothing is written over a folder', async () => {
  expect(await at('export', 'nowhere')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no such file or folder'),
  })
  mkdirSync(join(folder, 'empty'))
  expect(await at('export', 'empty')).toMatchObject({ code: 2, stderr: expect.stringContaining('no model is in it') })
  const over = await at('export', run, '--cell', '0', '--out', 'empty')
  expect(over).toMatchObject({ code: 2, stderr: expect.stringContaining('a file is needed') })
})
