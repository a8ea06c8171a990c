// What a second process is worth: the same jobs of rules-and-attacks by one process and by two, each by itself.
//   node scripts/lab/bench-jobs.ts [--attacks N] [--rounds N] [--json]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandLine, usageError } from '../command-line.ts'
import { timedRun } from './timed-run.ts'

/** Two processes on two cores should be at least so much faster than one. */
const bar = 1.8

const flags = commandLine(
  `pnpm bench:jobs: how much sooner two processes end the same jobs of rules-and-attacks than one does, in one go.

  --attacks N    of the fifteen, from the first; each with nineteen rules and one seed; 3
  --rounds N     of each job; as many as the scenario has
  --engine NAME  native, batched, wasm or auto; auto
  --json         the figures as JSON

Exit codes: 0 the bar of ${bar} is met, 1 it is not, 2 the command is wrong or a run failed.`,
  {
    attacks: { type: 'string', default: '3' },
    rounds: { type: 'string' },
    engine: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
  },
)
const attacks = Number(flags.attacks)
if (!Number.isInteger(attacks) || attacks < 1 || attacks > 15) usageError('--attacks takes a whole number from 1 to 15')

const file = fileURLToPath(new URL('../../scenarios/rules-and-attacks.yaml', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hearsay-bench-jobs-'))
try {
  const scenario = join(folder, 'jobs.yaml')
  writeFileSync(scenario, shortened(readFileSync(file, 'utf8'), attacks))
  const load = loadavg()[0]!
  // The one that is measured first has no cold files.
  await measured(scenario, 1, ['--set', 'rounds=1'])
  const one = await measured(scenario, 1)
  const two = await measured(scenario, 2)
  const ratio = one.tookS / two.tookS
  const figures = { cores: cpus().length, load, jobs: one.jobs, one: one.tookS, two: two.tookS, ratio, bar }
  if (flags.json) console.log(JSON.stringify(figures, null, 2))
  else {
    const cores = (run: typeof one) =>
      run.cpuS === undefined ? '' : `, ${(run.cpuS / run.tookS).toFixed(2)} cores at work`
    console.log(`${cpus()[0]?.model}, ${cpus().length} cores, load ${load.toFixed(1)} before, node ${process.version}`)
    console.log(`${one.jobs} jobs by one process: ${one.tookS.toFixed(1)} s${cores(one)}`)
    console.log(`${two.jobs} jobs by two processes: ${two.tookS.toFixed(1)} s${cores(two)}`)
    console.log(`two are ${ratio.toFixed(2)} × one; the bar is ${bar}: ${ratio >= bar ? 'met' : 'not met'}`)
  }
  process.exitCode = ratio >= bar ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
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

async function measured(scenario: string, jobs: number, more: readonly string[] = []) {
  const rounds = flags.rounds === undefined ? [] : ['--set', `rounds=${flags.rounds}`]
  const out = ['--out', join(folder, 'runs'), '--jobs', String(jobs), '--engine', flags.engine]
  const run = await timedRun(['run', scenario, ...out, ...rounds, ...more])
  if (run.code !== 0) usageError(`hearsay run ended with code ${run.code}: ${run.errors || run.lines.at(-1)?.text}`)
  return { jobs: 19 * attacks, tookS: run.tookS, cpuS: run.lines.at(-1)?.cpuS }
}
