// What a second process is worth: the same jobs of rules-and-attacks, bound to cores, by one process and by two.
//   node scripts/lab/bench-jobs.ts [--attacks N] [--rounds N] [--json]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLine, usageError } from '../command-line.ts'
import { timedRun } from './timed-run.ts'

/** Two processes, a core each, should be at least so much faster than one with a core. */
const bar = 1.8

const flags = commandLine(
  `pnpm bench:jobs: how much sooner two processes end the same jobs of rules-and-attacks than one does, in one go.

The same jobs are done three times, by hearsay run:
  one at a time, bound to one core
  one at a time, on both cores: a job is a simulator and processes that train, which overlap
  two at a time, on both cores
The bar is for the last against the first, which is what a second process with a core of its own is worth. One job by itself
already has about one and a half cores at work, so that on two cores nothing can be ${bar} × as fast as it. Of each the cores at
work are told: seconds of the processor, of all its processes, by seconds of the wall.

Cores are bound by taskset of util-linux, the first two that this process may have. Where there is none the first measurement is
skipped, nothing is bound, and the bar is not judged. It takes some minutes, and whatever else the machine does disturbs it.

  --attacks N    of the fifteen, from the first; each with nineteen rules and one seed; 2
  --rounds N     of each job; as many as the scenario has
  --engine NAME  native, batched, wasm or auto; auto
  --json         the figures as JSON

Exit codes: 0 the bar of ${bar} is met or not judged, 1 it is not met, 2 the command is wrong or a run failed.`,
  {
    attacks: { type: 'string', default: '2' },
    rounds: { type: 'string' },
    engine: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
  },
)
const attacks = Number(flags.attacks)
if (!Number.isInteger(attacks) || attacks < 1 || attacks > 15) usageError('--attacks takes a whole number from 1 to 15')
const jobs = 19 * attacks
const cores = twoCores()

const file = fileURLToPath(new URL('../../scenarios/rules-and-attacks.yaml', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hearsay-bench-jobs-'))
try {
  const scenario = join(folder, 'jobs.yaml')
  writeFileSync(scenario, shortened(readFileSync(file, 'utf8'), attacks))
  const load = loadavg()[0]!
  tell(`${cpus()[0]?.model}, ${cpus().length} cores, load ${load.toFixed(1)} before, node ${process.version}`)
  // The one that is measured first has no cold files.
  await measured(scenario, 1, cores, ['--set', 'rounds=1'])
  const bound = cores && told('one at a time, bound to one core', await measured(scenario, 1, cores.slice(0, 1)))
  if (bound === undefined) tell('there is no taskset (util-linux), or only one core: nothing is bound')
  const one = told('one at a time, on all cores', await measured(scenario, 1, cores))
  const two = told('two at a time', await measured(scenario, 2, cores))
  const ratio = bound && bound.tookS / two.tookS
  const figures = { cores: cpus().length, load, jobs, bound, one, two, ratio, ratioToAll: one.tookS / two.tookS, bar }
  if (flags.json) console.log(JSON.stringify(figures, null, 2))
  tell(`two at a time are ${figures.ratioToAll.toFixed(2)} × one at a time on all cores`)
  if (ratio !== undefined) {
    const verdict = ratio >= bar ? 'met' : 'not met'
    tell(`two processes, a core each, are ${ratio.toFixed(2)} × one with one core; the bar is ${bar}: ${verdict}`)
    process.exitCode = ratio >= bar ? 0 : 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function tell(line: string): void {
  if (!flags.json) console.log(line)
}

function told(what: string, run: { readonly tookS: number; readonly cpuS: number | undefined }) {
  const { tookS, cpuS } = run
  const atWork =
    cpuS === undefined ? '' : `, ${cpuS.toFixed(1)} s of the processor, ${(cpuS / tookS).toFixed(2)} cores at work`
  tell(`${jobs} jobs, ${what}: ${tookS.toFixed(1)} s${atWork}`)
  return run
}

/** The first two that this process may have; undefined where nothing can be bound to them. */
function twoCores(): readonly number[] | undefined {
  const told = spawnSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' }).stdout ?? ''
  const ranges = /: ([\d,-]+)\s*$/.exec(told)?.[1]?.split(',') ?? []
  const all = ranges.flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?]
    return Array.from({ length: last! - first + 1 }, (_, at) => first + at)
  })
  return all.length < 2 ? undefined : all.slice(0, 2)
}

/** One seed, the first attacks, and nothing expected of so few. */
function shortened(text: string, count: number): string {
  const lines = text.replace(/^seeds:.*$/m, 'seeds: [1]').split('\n')
  const first = lines.indexOf('  adversaries:')
  const end = lines.findIndex((line, at) => at > first && !line.startsWith('    '))
  const [expect, plot] = [lines.indexOf('expect:'), lines.indexOf('plot:')]
  if (first < 0 || expect < 0 || plot < end) throw new Error(`${file} has another shape than this command knows`)
  const last = '  - { text: every round is certified, check: liveness.ended == liveness.rounds }'
  return [...lines.slice(0, first + 1 + count), '', 'expect:', last, ''].join('\n')
}

async function measured(
  scenario: string,
  parallel: number,
  bound: readonly number[] | undefined,
  more: readonly string[] = [],
) {
  const rounds = flags.rounds === undefined ? [] : ['--set', `rounds=${flags.rounds}`]
  const out = ['--out', join(folder, 'runs'), '--jobs', String(parallel), '--engine', flags.engine]
  const run = await timedRun(['run', scenario, ...out, ...rounds, ...more], bound && { cores: bound })
  if (run.code !== 0) usageError(`hearsay run ended with code ${run.code}: ${run.errors || run.lines.at(-1)?.text}`)
  return { tookS: run.tookS, cpuS: run.lines.at(-1)?.cpuS }
}
