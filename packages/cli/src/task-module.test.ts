import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-task-module-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const series = `import { defineTask } from '@hearsay/training/define-task'
import { stream } from '@hearsay/training/task'
import { width } from './lib/width.ts'

const part = (set: string, count: number) => {
  const random = stream('series', set)
  const labels = Int32Array.from({ length: count }, () => random.integer(2))
  const inputs = Float32Array.from({ length: count * 4 }, (_, at) =>
    (labels[Math.floor(at / 4)] === 1 ? 1 : -1) * ((at % 4) - 1.5) + random.between(-1, 1))
  return { inputs, count, targets: { kind: 'classes' as const, labels } }
}

export const tasks = [
  defineTask({
    name: 'series',
    summary: 'series that rise or fall',
    options: { units: { kind: 'integer', summary: 'of the LSTM', least: 1, most: 64, default: 4 } },
    load: () => ({
      shape: [width, 1], inputs: [], targets: 'classes' as const, outputs: ['falls', 'rises'], groups: [],
      train: part('train', 400), test: part('test', 100),
    }),
    model: ({ layers, sequential }, { shape, outputs, options }) => sequential({ layers: [
      layers.lstm({ units: Number(options.units), inputShape: [...shape] }),
      layers.dense({ units: outputs }),
    ] }),
  }),
]
`

/** A scenario of this task, in two rounds of four peers. */
const scenario = (task: string): string => `name: own
question: Is it learnt?
peers: 4
tolerated: 1
network: virtual
rounds: 2
task: ${task}
learning: { localSteps: 10, learningRate: 0.2 }
expect: [{ check: accuracy.least >= 0.7 }]
`

const run = (file: string, out: string) =>
  hearsay(['run', file, '--engine', 'wasm', '--no-pictures', '--out', join(folder, out)])

/** The genesis of one new peer, with a task. */
async function genesisOf(name: string, task: string): Promise<string> {
  const made = await hearsay(['init', join(folder, `${name}-first`)])
  return write(`${name}.yaml`, `name: n\npeers: [{ id: ${/id (12D3Koo\w+)/.exec(made.stdout)![1]} }]\ntask: ${task}\n`)
}

describe('a task names its module', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'lib'))
    write('lib/width.ts', 'export const width = 4')
    write('series.ts', series)
  })

  test('in a scenario, and its run is replayed from its folder', async () => {
    const { code, stdout, stderr } = await run(write('own.yaml', scenario('{ module: ./series.ts, units: 3 }')), 'runs')
    expect([code, stderr], stdout).toEqual([0, ''])
    expect(stdout).toMatch(/certified by 4 of 4/)
    const latest = join(folder, 'runs/latest')
    const again = await hearsay(['replay', latest])
    expect([again.code, again.stderr], again.stdout).toEqual([0, ''])
  }, 240_000)

  test('and what it has learnt leaves for TensorFlow.js, and as ONNX only without an LSTM', async () => {
    const latest = join(folder, 'runs/latest')
    const tfjs = await hearsay(['export', latest, '--format', 'tfjs', '--out', join(folder, 'lstm')])
    expect([tfjs.code, tfjs.stderr]).toEqual([0, ''])
    expect(readFileSync(join(folder, 'lstm/model.json'), 'utf8')).toContain('"name":"lstm_LSTM1/recurrent_kernel"')
    const onnx = await hearsay(['export', latest, '--format', 'onnx'])
    expect(onnx.code).toBe(2)
    expect(onnx.stderr).toMatch(/its layer lstm_LSTM1 \(LSTM\) is no dense, .*; take --format tfjs, .*\n$/)
  }, 240_000)

  test('in a genesis, which is that of a kind under extensions; init pins the file', async () => {
    const genesis = await genesisOf('named', '{ module: series.ts, units: 3 }')
    const home = join(folder, 'home')
    const { code, stderr } = await hearsay(['init', home, '--genesis', genesis])
    expect([code, stderr]).toEqual([0, ''])
    const written = readFileSync(join(home, 'genesis.yaml'), 'utf8')
    expect(written).toMatch(
      /extensions:\n {2}- file: \.\/series\.ts\n {4}sha256:\n {6}lib\/width\.ts: [0-9a-f]{64}\n {6}series\.ts: [0-9a-f]{64}/,
    )
    expect(written).toMatch(/task:\n(?: {2}.*\n)* {2}kind: series/)
    expect(readFileSync(join(home, 'series.ts'), 'utf8')).toBe(series)
    writeFileSync(join(home, 'series.ts'), `${series}// Mine.\n`)
    const started = await hearsay(['start', home])
    expect([started.code, started.stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(started.stderr).toMatch(/home\/series\.ts: is another file than the genesis says: its SHA-256 is/)
  }, 240_000)

  test.each([
    ['./absent.ts', undefined, /absent\.ts: there is no such file/],
    ['./throwing.ts', "throw new Error('no\\nmore')", /throwing\.ts: cannot be loaded: no \(throwing\.ts:1/],
    [
      './without.ts',
      'export const rules = []',
      /own:\d+:\d+: task\.module: \.\/without\.ts: exports no list called tasks/,
    ],
    ['../series.ts', undefined, /task\.module: must be a path from the folder of the genesis/],
  ])(
    'in a genesis %s is told in one line',
    async (module, text, message) => {
      if (text !== undefined) write(module, text)
      const genesis = write('own', `name: n\npeers: []\ntask: { module: ${module} }\n`)
      const { code, stderr } = await hearsay(['init', join(folder, 'never'), '--genesis', genesis])
      expect(code).toBe(2)
      expect(stderr).toMatch(message)
      expect(existsSync(join(folder, 'never'))).toBe(false)
    },
    60_000,
  )
})

describe('a model that was exported for TensorFlow.js is a model', () => {
  const data = '{ kind: table, train: points.csv, label: side }'

  beforeAll(async () => {
    const rows = Array.from({ length: 500 }, (_, at) => [Math.sin(7 * at), Math.cos(3 * at)] as const)
    write('points.csv', `x,y,side\n${rows.map(([x, y]) => `${x},${y},${x > y ? 'below' : 'above'}`).join('\n')}\n`)
    const layers = '[{ kind: dense, units: 5, activation: tanh }, { kind: dense, units: 2 }]'
    const first = await run(write('layers.yaml', scenario(`{ data: ${data}, model: { layers: ${layers} } }`)), 'layers')
    expect([first.code, first.stderr], first.stdout).toEqual([0, ''])
    const exported = await hearsay([
      'export',
      join(folder, 'layers/latest'),
      '--format',
      'tfjs',
      '--out',
      join(folder, 'kept'),
    ])
    expect(exported.stderr).toBe('')
  }, 240_000)

  test('of a scenario, which goes on from its weights', async () => {
    const task = `{ data: ${data}, model: { tfjs: ./kept/model.json } }`
    const { code, stdout, stderr } = await run(write('saved.yaml', scenario(task)), 'saved')
    expect([code, stderr], stdout).toEqual([0, ''])
  }, 240_000)

  test('of a genesis, with its digests, and who has other weights is told', async () => {
    const genesis = await genesisOf('saved', `{ data: ${data}, model: { tfjs: ./kept/model.json } }`)
    const home = join(folder, 'learner')
    const { code, stderr } = await hearsay(['init', home, '--genesis', genesis])
    expect([code, stderr]).toEqual([0, ''])
    expect(readFileSync(join(home, 'genesis.yaml'), 'utf8')).toMatch(
      /file: \.\/kept\/model\.json\n {4}sha256:\n {6}kept\/model\.json: [0-9a-f]{64}\n {6}kept\/weights\.bin: [0-9a-f]{64}/,
    )
    cpSync(join(folder, 'points.csv'), join(home, 'points.csv'))
    const weights = join(home, 'kept/weights.bin')
    const bytes = readFileSync(weights)
    bytes[0]! ^= 1
    writeFileSync(weights, bytes)
    const started = await hearsay(['start', home])
    expect([started.code, started.stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(started.stderr).toMatch(/kept\/weights\.bin: is another file than the genesis says/)
    rmSync(weights)
    expect((await hearsay(['start', home])).stderr).toMatch(
      /weights\.bin: there is no such file; kept\/model\.json says/,
    )
  }, 240_000)

  test.each([
    ['./kept/none.json', 'kept/none.json: there is no such file'],
    ['./wide.json', 'wide.json: its input is [3], and a sample is [2]; correct its inputShape'],
    ['./own.json', 'own.json: has Attention, which TensorFlow.js does not: give the model by a function of a module'],
  ])(
    '%s is refused in one line',
    async (file, message) => {
      const text = readFileSync(join(folder, 'kept/model.json'), 'utf8')
      write(
        'wide.json',
        text
          .replace('"batch_input_shape":[null,2]', '"batch_input_shape":[null,3]')
          .replace('"shape":[2,5]', '"shape":[3,5]'),
      )
      write('own.json', text.replace('"class_name":"Dense"', '"class_name":"Attention"'))
      const task = `{ data: ${data}, model: { tfjs: ${file}, weights: drawn } }`
      const { code, stderr } = await run(write('wrong.yaml', scenario(task)), 'wrong')
      expect([code, stderr.trim().split('\n').length], stderr).toEqual([2, 1])
      expect(stderr).toContain(message)
    },
    60_000,
  )
})
