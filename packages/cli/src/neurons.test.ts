/** What a run has learnt, and how many of its neurons may fail. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay } from './testing/command.ts'

const scenario = `name: digits
question: Which digit is it?
peers: 4
tolerated: 1
network: virtual
rounds: 1
learning: { localSteps: 3, batchSize: 16 }
task: { dataset: digits, trainSamples: 100, testSamples: 20 }
sweep:
  task.model: [mlp, logistic, cnn]
`

let folder: string
const neurons = (...words: string[]) => hearsay(['neurons', 'runs/latest', ...words], { cwd: folder })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-neurons-'))
  writeFileSync(join(folder, 'digits.yaml'), scenario)
  const ran = await hearsay(['run', 'digits.yaml', '--engine', 'wasm', '--no-pictures'], { cwd: folder })
  expect([ran.code, ran.stderr], ran.stdout).toEqual([0, ''])
  const { encodeNpyOf } = await import('@hearsay/data/testing/encode-npy')
  const pixels = Uint8Array.from({ length: 4 * 784 }, (_, at) => (at * 97) % 256)
  writeFileSync(join(folder, 'x.npy'), encodeNpyOf('|u1', [4, 28, 28], pixels))
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const asked = ['--cell', '0', '--epsilon', '3', '--data', 'x.npy', '--tries', '40', '--draws', '400']

test('bounds, what was tried and what is drawn, as numbers and as a picture', async () => {
  const words = [...asked, '--crash', '0.02', '--json', '--picture', 'neurons.svg']
  const done = await neurons(...words)
  expect([done.code, done.stderr]).toEqual([0, ''])
  const { layers, synapses, weakest, together, samples } = JSON.parse(done.stdout)
  expect(samples).toBe(4)
  expect(layers).toHaveLength(1)
  const [{ count, activation, off, cut, bounds, injected, crashes, consequences }] = layers
  expect([count, activation, off, weakest.absolute]).toEqual([128, 'relu', cut, 1])
  // The tighter bound tolerates as many at least, and what was tried is below it.
  expect(bounds.absolute.tolerated).toBeGreaterThanOrEqual(bounds['max-weight'].tolerated)
  expect(bounds['max-weight'].tolerated).toBe(Math.min(128, Math.floor(3 / bounds['max-weight'].one)))
  expect(injected.failed).toBe(Math.max(1, bounds.absolute.tolerated))
  expect(injected.greatest).toBeGreaterThan(0)
  expect(injected.greatest).toBeLessThanOrEqual(injected.bound * (1 + 1e-12))
  expect(together.injected.greatest).toBeLessThanOrEqual(together.bounds.absolute * (1 + 1e-12))
  expect(consequences.copies).toBe(Math.max(1, Math.ceil(bounds.absolute.one / 3)))
  expect(consequences.after).toBeGreaterThanOrEqual(128 - bounds.absolute.tolerated)
  // Into the layer and into the output.
  expect(synapses.map((part: { count: number }) => part.count)).toEqual([784 * 128, 1280])
  for (const part of synapses) expect(part.injected.greatest).toBeLessThanOrEqual(part.injected.bound * (1 + 1e-12))
  expect(together.safe.absolute).toBeGreaterThanOrEqual(together.safe['max-weight'])
  // One layer before a linear output: all three are of the same sums, but for p² and draws.
  expect(crashes.b3).toEqual({
    mean: expect.closeTo(crashes.b4.mean, 9),
    variance: expect.closeTo(crashes.b4.variance, 9),
  })
  expect(crashes.drawn.variance / crashes.b4.variance).toBeGreaterThan(0.7)
  expect(crashes.drawn.variance / crashes.b4.variance).toBeLessThan(1.3)
  expect(readFileSync(join(folder, 'neurons.svg'), 'utf8')).toContain('bound: absolute')
}, 240_000)

test('a table tells it; a Byzantine neuron is off by twice what a crash is', async () => {
  const { code, stdout } = await neurons(...asked, '--fault', 'byzantine')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /layer +neurons[\s\S]*\n +1 +128 +relu [\s\S]*Weakest: layer 1[\s\S]*class changed\n[\s\S]*cut at/,
  )
  const [, off, cut] = /relu +(\S+)[\s\S]*cut at (\S+):/.exec(stdout) ?? []
  expect(Number(off) / Number(cut)).toBeCloseTo(2, 1)
}, 240_000)

test('of convolutions, channels are neurons', async () => {
  const words = ['--cell', '2', '--epsilon', '3', '--data', 'x.npy', '--tries', '4', '--draws', '20', '--off', '0.01']
  const { code, stdout } = await neurons(...words, '--crash', '0.01')
  expect(code).toBe(0)
  expect(stdout).toMatch(/ 1 +6 +channels, relu[\s\S]* 2 +16 +channels, relu [\s\S]* 3 +120 +relu [\s\S]* 4 +84 +relu /)
  expect(stdout).toMatch(/off by at most 0\.01[\s\S]*takes a convolution for a dense layer, and is void/)
}, 240_000)

test('what is wrong is told in one line', async () => {
  const wrong: [string[], RegExp][] = [
    [['--cell', '0', '--epsilon', '1'], /hidden layer 1 computes relu, which has no greatest value: give --data/],
    [['--cell', '1', '--epsilon', '1'], /no layer stands between its input and its output/],
    [[...asked, '--failed', '1,2'], /--failed 1,2: it takes a number for each of 1 hidden layer, at most 128/],
    [[...asked, '--crash', '0.1', '--delta', '0.1'], /no number of copies follows: with p = 0\.1, e\^2\.5·p is 1\.22/],
  ]
  for (const [words, message] of wrong) {
    const { code, stdout, stderr } = await neurons(...words)
    expect(stderr).toMatch(message)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
  }
  const { code, stderr } = await neurons('--cell', '0', '--epsilon', '0')
  expect([code, stderr]).toEqual([2, expect.stringContaining('It takes a number above 0.')])
}, 240_000)

/** A file of safetensors with another header. */
function withHeader(path: string, change: (about: Record<string, unknown>) => void): void {
  const bytes = readFileSync(path)
  const length = Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  const about = JSON.parse(header.__metadata__.hearsay)
  change(about)
  header.__metadata__.hearsay = JSON.stringify(about)
  const text = Buffer.from(JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  writeFileSync(path, Buffer.concat([size, text, bytes.subarray(8 + length)]))
}

test('a model of which no layers are known is told by who learnt it, and a peer without one how it comes to one', async () => {
  const file = join(folder, 'mlp.safetensors')
  const of = (...words: string[]) => hearsay(['neurons', ...words, '--epsilon', '1'], { cwd: folder })
  const tells = async (words: RegExp) => expect((await of('mlp.safetensors')).stderr).toMatch(words)
  await hearsay(['export', 'runs/latest', '--cell', '0', '--out', 'mlp.safetensors'], { cwd: folder })
  await tells(/which has no greatest value: give --data/)
  withHeader(file, (about) => {
    about.layers = undefined
    about.task = { kind: 'regression' }
  })
  await tells(/of what the task regression learns no layers are known, .* such as mlp or cnn/)
  withHeader(file, (about) => {
    about.task = { trainer: {} }
  })
  await tells(/of what its program learns no layers are known/)
  await hearsay(['init', 'fresh'], { cwd: folder })
  expect((await of('fresh')).stderr).toMatch(/fresh: this peer has ended no round yet, so there is no model; start it/)
}, 240_000)

test('help teaches', async () => {
  const { stdout } = await neurons('--help')
  expect(stdout).toMatch(
    /max-weight +every weight[\s\S]*Examples:\n {2}hearsay neurons runs\/latest[\s\S]*Exit codes: 0 done/,
  )
})
