import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startHearsay } from './testing/command.ts'

const linux = existsSync('/proc/self/task')
let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearsay-interrupt-'))
  writeFileSync(
    join(root, 'small.yaml'),
    `name: small
question: Does it end?
peers: 4
tolerated: 1
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 3 }
rounds: 100000
`,
  )
  writeFileSync(
    join(root, 'search.yaml'),
    'name: search\nquestion: Does it end?\ncontraction: { starts: 10000, steps: 10000000 }\n',
  )
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Processes that a process has begun, by the kernel's books. */
function childrenOf(pid: number): number[] {
  if (!linux) return []
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** One that has ended, and that nobody has asked about yet, has no memory any more. */
function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[0] !== '0'
  } catch {
    return false
  }
}

test.each([
  ['while training processes load their engine', ['run', 'small.yaml'], '1 cell;'],
  ['while data is looked at', ['run', 'small.yaml', '--set', 'task.trainSamples=1000000'], '1 cell;'],
  ['while data is drawn', ['run', 'small.yaml', '--set', 'task.trainSamples=100000'], '[1/1] no liars'],
  ['in a round', ['run', 'small.yaml'], 'round 1 of 100000'],
  ['in a round on TCP', ['run', 'small.yaml', '--network', 'tcp'], 'round 1 of 100000'],
  ['in a round on the virtual network', ['run', 'small.yaml', '--network', 'virtual'], 'round 1 of 100000'],
  ['while hosts are made', ['run', 'small.yaml', '--set', 'peers=200', '--set', 'task.trainSamples=7000'], '[1/1]'],
  [
    'of several jobs at once',
    ['run', 'small.yaml', '--set', 'seeds=[1, 2]', '--jobs', '2', '--network', 'virtual'],
    '1 cell;',
  ],
  ['in one long search', ['run', 'search.yaml'], 'Does it end?'],
])(
  'Ctrl-C ends a run %s, with its processes',
  async (_, words, moment) => {
    const running = startHearsay([...words, '--out', 'runs'], { cwd: root })
    await running.says(moment)
    const children = childrenOf(running.child.pid!)
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(stderr).toMatch(/^hearsay: interrupted; (before it began|what was done is in runs\/.*)\n$/)
    expect(code).toBe(130)
    await vi.waitUntil(() => !children.some(isRunning), { timeout: 20_000 })
  },
  60_000,
)

test('of a run that is interrupted while its picture is drawn, all results are there', async () => {
  const running = startHearsay(['run', 'small.yaml', '--out', 'drawn', '--set', 'rounds=1'], { cwd: root })
  await running.says('1 of 1 rounds certified by all')
  running.child.kill('SIGINT')
  const { code } = await running.ended
  // It may have been done before.
  expect([0, 130]).toContain(code)
  const [run] = readdirSync(join(root, 'drawn')).filter((name) => name !== 'latest')
  const read = (name: string) => JSON.parse(readFileSync(join(root, 'drawn', run!, name), 'utf8'))
  expect(read('summary.json').cells).toMatchObject([{ liveness: { ended: 1 } }])
  expect(read('manifest.json').outcome.how).toBe(code === 0 ? 'finished' : 'interrupted')
})

test('too few file descriptors are told before anything is run, with the number', () => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const words = ['run', 'small.yaml', '--network', 'tcp', '--set', 'peers=10', '--set', 'rounds=1']
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'ulimit -n 64; exec "$@"', 'bash', process.execPath, main, ...words],
    { cwd: root, encoding: 'utf8' },
  )
  expect(stderr).toMatch(
    /^hearsay: cell "no liars": a run of 10 peers with 45 links over TCP needs about 160 file desc/,
  )
  expect(stderr).toContain('ulimit -n 160')
  expect([status, stdout.includes('[1/1]')]).toEqual([2, false])
})

test('so are those of a peer', async () => {
  await startHearsay(['init', 'net', '--local', '1'], { cwd: root }).ended
  const { status, stderr } = spawnSync(
    'bash',
    [
      '-c',
      'ulimit -n 40; exec "$@"',
      'bash',
      process.execPath,
      join(import.meta.dirname, 'hearsay.ts'),
      'start',
      'net/peer-0',
    ],
    { cwd: root, encoding: 'utf8' },
  )
  expect(stderr).toMatch(/^hearsay: a peer in a network of 1 needs about 65 file descriptors, .*ulimit -n 65/)
  expect(status).toBe(2)
})

test('with as many as are asked for, it runs', () => {
  const main = join(import.meta.dirname, 'hearsay.ts')
  const set = ['peers=10', 'rounds=1', 'task.trainSamples=800']
    .flatMap((each) => ['--set', each])
    .concat('--no-pictures')
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', 'ulimit -n 160; exec "$@"', 'bash', process.execPath, main, 'run', 'small.yaml', '--network', 'tcp', ...set],
    { cwd: root, encoding: 'utf8' },
  )
  expect([status, stderr]).toEqual([0, ''])
}, 60_000)
