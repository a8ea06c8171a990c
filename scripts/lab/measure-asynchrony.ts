/**
 * What asynchronous agreement gains and costs, cell by cell of scenarios/kardam.yaml: when the median honest model comes to an
 * accuracy, in virtual seconds, and which share of gradients is applied at honest peers. With `--bar`, whether it comes to what
 * exact agreement that waits for all comes to in at most a third of the time.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cell, loadScenario, ScenarioError } from '@hearsay/scenario'
import { startTrainingPool, type TrainingPool } from '@hearsay/training'
import { commandLine, usageError } from '../command-line.ts'
import { barOf, type Timed } from './asynchrony/bar.ts'
import { type Course, courseOf, reaches } from './asynchrony/course.ts'

const help = `node scripts/lab/measure-asynchrony.ts: accuracy against virtual time, and what filters let through.

  --data FOLDER    with the IDX files of MNIST, in place of drawn digits
  --only TEXT      cells whose label matches this
  --target A       the accuracy whose time is asked for; 0.8
  --seed N         the first seed; 1
  --seeds N        so many of them; 1
  --engine NAME    auto, native or wasm; auto
  --courses        all points of each cell too
  --set P=V        changes the scenario, as of hearsay run; any number of times
  --bar            in place of all that: exact agreement that waits for all, over --rounds N rounds (40), one of ten peers ten times
                   slower, beside asynchronous agreement with the same learning: what the first came to at best after a
                   fourth, half and all of them, when, and after how much of that time the others come to it
  --json           what --bar finds as JSON

Exit codes: 0 done, 1 --bar finds that more than a third of the time is needed, 2 the command is wrong.`

const flags = commandLine(help, {
  data: { type: 'string', default: '' },
  only: { type: 'string', default: '' },
  target: { type: 'string', default: '0.8' },
  seed: { type: 'string', default: '1' },
  seeds: { type: 'string', default: '1' },
  engine: { type: 'string', default: 'auto' },
  courses: { type: 'boolean', default: false },
  set: { type: 'string', multiple: true, default: [] },
  bar: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '40' },
  json: { type: 'boolean', default: false },
})
const [first, count, rounds] = (['seed', 'seeds', 'rounds'] as const).map((name) => {
  const value = Number(flags[name])
  if (!Number.isInteger(value) || value < 1) usageError(`--${name} takes a whole number above 0, not ${flags[name]}`)
  return value
}) as [number, number, number]
const engine = (['auto', 'native', 'wasm'] as const).find((name) => name === flags.engine)
if (engine === undefined) usageError(`--engine takes auto, native or wasm, not ${flags.engine}`)
if (flags.data !== '' && !existsSync(join(flags.data, 'train-images-idx3-ubyte.gz')))
  usageError(`${flags.data} has no train-images-idx3-ubyte.gz: get it by hearsay data fetch mnist`)

const file = fileURLToPath(new URL('../../scenarios/kardam.yaml', import.meta.url))
// Once: it may be changed while this runs.
const scenario = readFileSync(file, 'utf8')
const mnist = ['task.dataset=mnist', `task.data=${resolve(flags.data)}`, 'task.testSamples=1000']
const seeds = Array.from({ length: count }, (_, at) => first + at)

function cellsOf(overrides: readonly string[]): readonly Cell[] {
  try {
    const all = [...(flags.data === '' ? [] : mnist), ...overrides, ...flags.set]
    return loadScenario(scenario, { file, overrides: all }).cells
  } catch (error) {
    if (error instanceof ScenarioError) usageError(error.message)
    throw error
  }
}

const pool = await startTrainingPool({ engine, processes: 1 })
try {
  if (flags.bar) await measureBar(pool)
  else await measureCells(pool)
} finally {
  await pool.close()
}

async function measureBar(pool: TrainingPool): Promise<void> {
  const labels = cellsOf([]).map(({ label }) => label)
  /** The label is another when rounds are. */
  const runOf =
    (label: string, runs: number, every: number) =>
    (seed: number): Promise<Course> =>
      courseOf(cellsOf([`rounds=${runs}`, `evaluateEvery=${every}`])[labels.indexOf(label)]!, seed, pool)
  const found: Timed[] = []
  if (!flags.json) {
    console.log(
      `Exact agreement that waits for all, ${rounds} rounds, and asynchronous agreement, on ${pool.engine.name}\n`,
    )
    console.log('| seed | exact: at best | after | each for itself | of that time | ordered | of that time |')
    console.log('| --- | --- | --- | --- | --- | --- | --- |')
  }
  for (const seed of seeds) {
    // What a third of the time is enough for: a round of each takes some 10.4 s, 1.1 s and 1.5 s.
    const exact = await runOf('exact, all wait', rounds, 1)(seed)
    const each = await runOf('asynchronous', 4 * rounds, 2)(seed)
    const ordered = await runOf('ordered', 3 * rounds, 1)(seed)
    for (const timed of barOf(seed, rounds, exact, { each, ordered })) {
      found.push(timed)
      const of = ({ seconds, share }: Timed['each']): string[] => [secondsOf(seconds), shareOf(share)]
      const { accuracy, seconds } = timed.exact
      const line = [`${seed}`, shareOf(accuracy), secondsOf(seconds), ...of(timed.each), ...of(timed.ordered)]
      if (!flags.json) console.log(`| ${line.join(' | ')} |`)
    }
  }
  if (flags.json) console.log(JSON.stringify(found))
  const misses = found.filter(({ each, ordered }) => [each, ordered].some(({ share }) => !((share ?? 1) <= 1 / 3)))
  if (misses.length === 0) return
  console.error(`More than a third of the time is needed in ${misses.length} of ${found.length}.`)
  process.exitCode = 1
}

async function measureCells(pool: TrainingPool): Promise<void> {
  const target = Number(flags.target)
  console.log(
    `| cell | seed | reaches ${target} after | accuracy at the end | after | of honest gradients | of those of liars |`,
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  for (const cell of cellsOf([]).filter(({ label }) => new RegExp(flags.only).test(label))) {
    for (const seed of seeds) {
      const { label, points, applied } = await courseOf(cell, seed, pool)
      const last = points.at(-1)
      const figures = [secondsOf(reaches(points, target)), shareOf(last?.accuracy), secondsOf(last?.seconds)]
      console.log(`| ${[label, seed, ...figures, ...[applied.honest, applied.liars].map(shareOf)].join(' | ')} |`)
      if (flags.courses)
        console.log(points.map(({ seconds, accuracy }) => `${seconds.toFixed(1)} s: ${accuracy.toFixed(3)}`).join(', '))
    }
  }
}

function secondsOf(seconds: number | undefined): string {
  return seconds === undefined ? '–' : `${seconds.toFixed(1)} s`
}

function shareOf(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '–' : share.toFixed(3)
}
