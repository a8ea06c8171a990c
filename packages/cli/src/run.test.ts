import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lineSchema } from '@hearsay/peer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearsay, startHearsay } from './testing/command.ts'

const small = `name: small
question: Does it run?
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 800, testSamples: 200 }
learning: { localSteps: 5 }
agreement: { graceMs: 50 }
rounds: 2
stallMs: 20000
expect:
  - { text: everybody certifies everything, check: liveness.ended == liveness.rounds }
`

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearsay-run-'))
  writeFileSync(join(folder, 'small.yaml'), small)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inFolder = (words: readonly string[]) => hearsay(['run', ...words], { cwd: folder })

test('outside the repository: progress, table, expectations, paths that exist, and a whole folder', async () => {
  const { code, stdout, stderr } = await inFolder(['small.yaml', '--seed', '7', '--set', 'network.transport=tcp'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('Hearsay: small\nDoes it run?\n1 cell;')
  expect(stdout).toMatch(/^engine: (native|wasm) \(/m)
  expect(stdout).toContain('[1/1] no liars  seed 7')
  expect(stdout).toMatch(/round 2 of 2 {3}accuracy \d+\.\d % {3}certified by 4 of 4 {3}models identical/)
  expect(stdout).toContain('✓ everybody certifies everything')
  expect(stdout).not.toContain('\x1b')
  const run = readlinkSync(join(folder, 'runs', 'latest'))
  expect(stdout).toContain(`The picture:   runs/${run}/plot.png`)
  // Also where the rule of the scenario has options of its own, which `aggregation.rule=median` would leave.
  expect(stdout).toContain(`  npx hearsay run small.yaml --set aggregation='{rule: median}'\n`)
  expect(readdirSync(join(folder, 'runs', run)).sort()).toEqual([
    ...['curves.csv', 'curves.png', 'curves.svg', 'events.jsonl', 'holdings.csv', 'ledgers', 'manifest.json', 'models'],
    ...['plot.png', 'plot.svg', 'report.html', 'rounds.csv', 'rounds.parquet', 'scenario.yaml', 'summary.json'],
  ])
  const manifest = JSON.parse(readFileSync(join(folder, 'runs', run, 'manifest.json'), 'utf8'))
  expect(manifest).toMatchObject({ scenario: 'small', seeds: [7], endedAt: expect.any(String) })
  const events = readFileSync(join(folder, 'runs', run, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
  for (const event of events) expect(JSON.parse(event)).toMatchObject({ cell: 0, seed: 7, peer: expect.any(Number) })
})

test('commands that are printed can be copied, a folder called latest stops nothing, and averages are not certified', async () => {
  writeFileSync(join(folder, "small's own.yaml"), small)
  mkdirSync(join(folder, 'kept', 'latest'), { recursive: true })
  const words = [
    '--engine',
    'wasm',
    '--network',
    'virtual',
    '--set',
    'agreement=averaging',
    '--out',
    'kept',
    '--no-pictures',
  ]
  const { code, stdout } = await inFolder(["small's own.yaml", ...words])
  expect(code).toBe(0)
  expect(stdout).toContain(`  npx hearsay run 'small'\\''s own.yaml' --set aggregation=`)
  expect(stdout).toContain('kept/latest is a folder, not a link, and does not lead to this run')
  expect(readdirSync(join(folder, 'kept')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  // Nor are pictures told of that were not asked for.
  expect(
    readdirSync(join(folder, 'kept'), { recursive: true }).filter((name) => /\.(png|svg)$/.test(`${name}`)),
  ).toEqual([])
  expect(stdout).not.toContain('The picture')
  const told = stdout.replace('✓ everybody certifies everything', '')
  expect(told).toMatch(/round 2 of 2 .* averaged by 4 of 4/)
  expect(told).toContain('2 of 2 rounds averaged by all')
  expect(told).not.toContain('certif')
})

test('--json: standard output is the summary alone, as promised; an expectation that fails is exit code 1, and told', async () => {
  writeFileSync(join(folder, 'hopeful.yaml'), `${small}  - { text: hope, check: accuracy.least > 1 }\n`)
  const { code, stdout, stderr } = await inFolder(['hopeful.yaml', '--engine', 'wasm', '--json', '--out', 'elsewhere'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/✗ hope\n {4}no liars: least accuracy is 0\.\d+, expected > 1/)
  const summary = JSON.parse(stdout)
  const range = { least: expect.any(Number), median: expect.any(Number), greatest: expect.any(Number) }
  const times = ['training', 'exchange', 'agreement', 'aggregation', 'total']
  expect(summary).toMatchObject({
    scenario: 'small',
    engine: expect.any(String),
    seeds: [1],
    cells: [
      {
        parameters: expect.objectContaining({ peers: 4 }),
        malicious: 0,
        tolerated: 1,
        peers: 4,
        rounds: 2,
        evaluation: { accuracy: range, loss: range, backdoor: null },
        disagreement: { distance: 0, forks: 0 },
        liveness: { ended: 2, rounds: 2 },
        evidence: { culprits: 0, falseAccusations: 0 },
        bytes: { sent: expect.any(Number), received: expect.any(Number) },
        timeMs: Object.fromEntries(times.map((part) => [part, expect.any(Number)])),
      },
    ],
    expectations: [
      { text: 'everybody certifies everything', held: true },
      { text: 'hope', held: false },
    ],
  })
  expect(stderr).toContain('The picture:   elsewhere/')
  const written = readFileSync(join(folder, 'elsewhere', 'latest', 'summary.json'), 'utf8')
  expect(JSON.parse(written)).toEqual(summary)
})

test('a scenario that is wrong is exit code 2, with line, column and a suggestion', async () => {
  writeFileSync(join(folder, 'wrong.yaml'), small.replace('rounds: 2', 'ronds: 2'))
  const { code, stdout, stderr } = await inFolder(['wrong.yaml'])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('wrong.yaml:8:1: ronds: unknown field; did you mean "rounds"?')
})

test.each([
  [['nowhere.yaml'], 'nowhere.yaml: there is no such file. Scenarios that ship are in scenarios/.'],
  [['.'], '. is a folder; a scenario is a YAML file.'],
  [['small.yaml', '--set', 'task.modle=cnn'], 'did you mean "model"?'],
  [['small.yaml', '--set', 'task.dataset=mnist'], '--data'],
  [['small.yaml', '--data', 'none'], '--data none: no cell reads it: add --set task.dataset=mnist'],
  [['small.yaml', '--out', 'small.yaml'], '--out small.yaml: it is a file: name a folder'],
  [['small.yaml', '--sed', '3'], "unknown option '--sed'\n(Did you mean one of --seed, --set?)\n(--help tells more)"],
  [['small.yaml', '--seed', ''], 'It takes a whole number'],
  [['small.yaml', '--engine', 'cuda'], 'Allowed choices are native, batched, wasm, auto.'],
  [['small.yaml', 'other.yaml'], 'too many arguments'],
  [[], "missing required argument 'file'"],
])('%j is exit code 2 and says why', async (words, reason) => {
  const { code, stdout, stderr } = await inFolder(words)
  expect(stderr).toContain(reason)
  // Told in words: a stack is for bugs.
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(code).toBe(2)
  expect(stdout).not.toContain('[1/1]')
})

test('data that is missing leaves no folder behind', async () => {
  const { code, stderr } = await inFolder([
    'small.yaml',
    '--set',
    'task.dataset=mnist',
    '--data',
    'none',
    '--out',
    'no',
  ])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^hearsay: .*none/)
  expect(existsSync(join(folder, 'no'))).toBe(false)
})

/** Children of a process, by the kernel's books; Linux has them. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

const linux = existsSync('/proc/self/task')

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run at once, and what was done is kept', async (signal) => {
  const out = `interrupted-${signal}`
  const sweep = 'sweep=[{ label: first, rounds: 2 }, { label: second, rounds: 100000 }]'
  const running = startHearsay(['run', 'small.yaml', '--engine', 'wasm', '--out', out, '--set', sweep], { cwd: folder })
  await running.says('[2/2] second')
  await running.says('round 1 of 100000')
  const children = linux ? childrenOf(running.child.pid!) : []
  running.child.kill(signal)
  const { code, stderr } = await running.ended
  expect(code).toBe(signal === 'SIGINT' ? 130 : 143)
  expect(stderr).toMatch(new RegExp(`^hearsay: interrupted; what was done is in ${out}/`))
  expect(children.length).toBe(linux ? 2 : 0)
  expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
  const latest = join(folder, out, 'latest')
  const summary = JSON.parse(readFileSync(join(latest, 'summary.json'), 'utf8'))
  expect(summary.cells).toMatchObject([{ label: 'first', liveness: { ended: 2 } }])
  expect(summary.expectations).toMatchObject([{ held: false, failures: ['second: did not run'] }])
  expect(readFileSync(join(latest, 'rounds.csv'), 'utf8').trim().split('\n')).toHaveLength(1 + 2 * 4)
  const lines = readFileSync(join(latest, 'events.jsonl'), 'utf8').trim().split('\n')
  for (const line of lines) lineSchema.parse(JSON.parse(line))
  const outcome = { how: 'interrupted', why: 'interrupted' }
  expect(JSON.parse(readFileSync(join(latest, 'manifest.json'), 'utf8'))).toMatchObject({ endedAt: null, outcome })
})

test.runIf(linux)(
  'a training process that dies fails its job; the next has another',
  async () => {
    const sweep = 'sweep=[{ label: first, rounds: 100000 }, { label: second, rounds: 1 }]'
    const running = startHearsay(['run', 'small.yaml', '--engine', 'wasm', '--set', sweep], { cwd: folder })
    await running.says('round 1 of 100000')
    process.kill(childrenOf(running.child.pid!)[0]!, 'SIGKILL')
    const { code, stdout, stderr } = await running.ended
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^hearsay: cell "first", seed 1: training process \d+ .* was ended by SIGKILL; what the others found is in runs/,
    )
    expect(stdout).toMatch(/\[2\/2\] second[\s\S]*1 of 1 rounds certified by all/)
    const read = (name: string) => readFileSync(join(folder, 'runs', 'latest', name), 'utf8')
    expect(JSON.parse(read('summary.json'))).toMatchObject({
      cells: [{ label: 'second', liveness: { ended: 1 } }],
      failed: [{ cell: 0, label: 'first', seed: 1, reason: expect.stringContaining('SIGKILL') }],
    })
    expect(JSON.parse(read('manifest.json')).outcome).toEqual({ how: 'failed', why: '1 of its jobs failed' })
    expect(read('report.html')).toContain('first, seed 1: training process')
    expect(read('plot.svg')).toContain('<svg')
    const events = read('events.jsonl').trimEnd().split('\n')
    const told = events.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'job-failed')
    expect(told).toEqual([{ cell: 0, seed: 1, kind: 'job-failed', message: expect.stringContaining('SIGKILL') }])
    // Two engines are loaded, one after the other.
  },
  180_000,
)

/** What a shell gives as the exit code of a command whose reader goes away once `reader` has read enough. */
function piped(words: string, reader: string): { readonly code: number; readonly stderr: string } {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const line = `set -o pipefail; '${process.execPath}' '${main}' ${words} | ${reader} > /dev/null`
  const { status, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' })
  return { code: status!, stderr }
}

test('whoever reads the output may stop reading, which is no success', () => {
  // The first round: by its first lines alone a run has no folder yet.
  const { code, stderr } = piped('run small.yaml --engine wasm --out piped --set rounds=100000', "sed '/round 1 of/q'")
  expect(code).toBe(141)
  expect(stderr).toMatch(/^hearsay: whoever read standard output went away; what was done is in piped\//)
  const manifest = JSON.parse(readFileSync(join(folder, 'piped', 'latest', 'manifest.json'), 'utf8'))
  expect(manifest.outcome).toEqual({ how: 'interrupted', why: 'whoever read standard output went away' })
  // More than a pipe holds.
  const events = Array.from({ length: 5000 }, (_, at) => ({
    cell: 0,
    seed: 1,
    peer: 0,
    atMs: at,
    kind: 'round',
    round: at,
  }))
  mkdirSync(join(folder, 'long'))
  writeFileSync(join(folder, 'long', 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  expect(piped('trace long --json', 'head -1')).toEqual({ code: 141, stderr: '' })
})

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}

test.runIf(hasScript())('on a terminal, rounds share a line', () => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const command = `'${process.execPath}' '${main}' run small.yaml --engine wasm`
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: folder, encoding: 'utf8' })
  const written = stdout.replaceAll('\r\x1b[K', '<over>')
  expect(written).toMatch(/<over> {2}round 1 of 2 [^\n]*<over> {2}round 2 of 2 [^\n]*<over> {2}2 of 2 rounds/)
})
