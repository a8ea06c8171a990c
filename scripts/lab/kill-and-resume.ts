/**
 * Whether a run that is killed again and again comes to what one that is left alone comes to: a sweep on the virtual network, once as
 * it is, and once killed at random instants and gone on with. Compares every file of the two byte for byte.
 *
 *     node scripts/lab/kill-and-resume.ts [--jobs 200] [--kills 10] [--parallel 1] [--rounds 2] [--every R] [--engine auto]
 *
 * Exit code 1 if a file differs, 2 if the command is wrong.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { commandLine, usageError } from '../command-line.ts'

const values = commandLine(
  `node scripts/lab/kill-and-resume.ts [--jobs 200] [--kills 10] [--parallel 1] [--rounds 2] [--every R] [--engine auto]

Runs a sweep on the virtual network as it is, and once more killed at random instants and gone on with by hearsay run --resume,
and compares every file of the two byte for byte.

  --jobs N       so many cells and seeds, an even number (default 200)
  --kills N      so often (default 10)
  --parallel N   so many jobs at once (default 1)
  --rounds N     so many rounds each (default 2)
  --every R      with a checkpoint after every R rounds (default none)
  --engine NAME  native, wasm or auto

Exit codes: 0 all files are the same, 1 one is not, 2 the command is wrong.`,
  {
    jobs: { type: 'string', default: '200' },
    kills: { type: 'string', default: '10' },
    parallel: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
    every: { type: 'string' },
    engine: { type: 'string', default: 'auto' },
  },
)
const [jobs, kills, parallel] = [values.jobs, values.kills, values.parallel].map(Number) as [number, number, number]
if (!(jobs >= 2 && jobs % 2 === 0 && kills >= 1 && parallel >= 1))
  usageError('--jobs is even, --kills and --parallel are numbers from 1')

const program = fileURLToPath(new URL('../../packages/cli/src/hearsay.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'hearsay-kill-'))
try {
  process.exitCode = (await same()) ? 0 : 1
} finally {
  rmSync(root, { recursive: true, force: true })
}

async function same(): Promise<boolean> {
  for (const out of ['alone', 'killed']) mkdirSync(join(root, out))
  const file = join(root, 'sweep.yaml')
  writeFileSync(file, scenarioOf(jobs / 2))
  const startedMs = performance.now()
  await ended(begin('alone', [file]))
  const jobMs = (performance.now() - startedMs) / jobs
  let killed = 0
  while (killed < kills) {
    const child = begin('killed', runOf('killed') === undefined ? [file] : ['--resume', runOf('killed')!])
    const done = ended(child)
    const enough = doneIn(runOf('killed')) + Math.floor((Math.random() * 2 * jobs) / (kills + 1))
    const instant = async (): Promise<void> => {
      while (child.exitCode === null && doneIn(runOf('killed')) < enough) await setTimeout(10)
      await setTimeout(Math.random() * jobMs)
    }
    await Promise.race([done, instant()])
    child.kill('SIGKILL')
    await done
    killed++
    const newest = newestCheckpoint(runOf('killed'))
    const within = newest === 0 ? '' : `, and up to ${newest} rounds of the next`
    process.stderr.write(`killed ${killed} times: ${doneIn(runOf('killed'))} of ${jobs} jobs done${within}\n`)
  }
  const code = await ended(begin('killed', runOf('killed') === undefined ? [file] : ['--resume', runOf('killed')!]))
  const names = ['summary.json', 'events.jsonl', 'rounds.csv', 'rounds.parquet', 'plot.svg']
  const differing = names.filter((name) => !readIn('alone', name)?.equals(readIn('killed', name) ?? Buffer.of()))
  const left = readdirSync(runOf('killed')!).filter((name) => name === 'jobs' || name.startsWith('lock'))
  const digest = JSON.parse(String(readIn('alone', 'summary.json'))).traceDigest
  console.log(
    `${jobs} jobs, killed ${killed} times: ${differing.length === 0 ? `the same bytes in ${names.join(', ')}` : `differ: ${differing.join(', ')}`}`,
  )
  console.log(`trace digest ${digest}; exit code ${code}; left behind: ${left.join(', ') || 'nothing'}`)
  return differing.length === 0 && left.length === 0 && code === 0
}

function begin(out: string, words: readonly string[]): ChildProcess {
  const flags = ['--out', join(root, out), '--jobs', String(parallel), '--engine', values.engine]
  return spawn(process.execPath, [program, 'run', ...words, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

/** The folder of the run in this one that has begun, if one has. */
function runOf(out: string): string | undefined {
  const folder = join(root, out)
  const names = readdirSync(folder).filter(
    (name) => existsSync(join(folder, name, 'manifest.json')) && name !== 'latest',
  )
  return names[0] === undefined ? undefined : join(folder, names[0])
}

function readIn(out: string, name: string): Buffer | undefined {
  const path = join(runOf(out) ?? '', name)
  return existsSync(path) ? readFileSync(path) : undefined
}

function doneIn(run: string | undefined): number {
  const folder = join(run ?? '', 'jobs')
  return run !== undefined && existsSync(folder)
    ? readdirSync(folder).filter((name) => !name.includes('.part-')).length
    : 0
}

/** The newest round that a job which is not done has a checkpoint of; 0 without one. */
function newestCheckpoint(run: string | undefined): number {
  const folder = join(run ?? '', 'jobs')
  if (run === undefined || !existsSync(folder)) return 0
  const open = readdirSync(folder).filter(
    (name) => name.includes('.part-') && !existsSync(join(folder, name.replace(/\.part-.*/, ''))),
  )
  const names = open.flatMap((name) => readdirSync(join(folder, name)))
  return Math.max(0, ...names.flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.slice(1).map(Number) ?? []))
}

function scenarioOf(seeds: number): string {
  return `name: killed
question: Does a run that is killed come to what it would have come to?
peers: 4
tolerated: 1
network: { transport: virtual, signatures: modelled }
task: { model: logistic, trainSamples: 400, testSamples: 100 }
learning: { localSteps: 3 }
agreement: { graceMs: 50 }
rounds: ${values.rounds}
${values.every === undefined ? '' : `checkpointEvery: ${values.every}`}
seeds: [${Array.from({ length: seeds }, (_, at) => at + 1).join(', ')}]
sweep:
  - { label: nobody lies, adversaries.count: 0 }
  - { label: one equivocates, adversaries: { count: 1, behaviour: equivocate } }
expect:
  - { text: all is certified, check: liveness.certified == liveness.rounds }
`
}
