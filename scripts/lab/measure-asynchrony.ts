/**
 * What asynchronous agreement gains and costs, cell by cell of scenarios/kardam.yaml: when the median honest model comes to an
 * accuracy, in virtual seconds, and which share of gradients is applied at honest peers.
 *
 *     node scripts/lab/measure-asynchrony.ts [--data FOLDER] [--only TEXT] [--target ACCURACY] [--courses] [--set PATH=VALUE ...]
 *
 * With --data the digits are those of MNIST.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCell } from '@hearsay/experiment'
import { type Cell, loadScenario, maliciousPeers } from '@hearsay/scenario'
import { startTrainingPool, type TrainingPool } from '@hearsay/training'
import { commandLine } from '../command-line.ts'

const help = `node scripts/lab/measure-asynchrony.ts: accuracy against virtual time, and what filters let through.

  --data FOLDER  with the IDX files of MNIST, in place of drawn digits
  --only TEXT    cells whose label matches this
  --target A     the accuracy whose time is asked for; 0.8
  --seed N       1
  --courses      all points of each cell too
  --set P=V      changes the scenario, as of hearsay run; any number of times`

interface Course {
  readonly label: string
  /** By evaluated round: when it had ended for half of the honest peers, and the median accuracy of these. */
  readonly points: readonly { readonly seconds: number; readonly accuracy: number }[]
  /** Of the gradients of honest peers and of liars that honest peers judged, how many were applied. */
  readonly applied: { readonly honest: number; readonly liars: number }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

export async function courseOf(cell: Cell, seed: number, pool: TrainingPool): Promise<Course> {
  const { task, learning, peers, agreement } = cell.parameters
  const opened = await pool.open({ task, learning, peers, seed })
  const liars = maliciousPeers(cell.parameters)
  const ends = new Map<string, number>()
  const counts = { honest: { all: 0, applied: 0 }, liars: { all: 0, applied: 0 } }
  try {
    const { rows } = await runCell({
      cell,
      seed,
      task: opened,
      onEvent: (event) => {
        if (event.kind === 'certified' || event.kind === 'averaged')
          ends.set(`${event.peer} ${event.round}`, event.atMs)
        if (event.kind !== 'judged') return
        const count = liars.has(Number(event.other)) ? counts.liars : counts.honest
        count.all++
        if (event.factor > 0) count.applied++
      },
    })
    const rounds = [...new Set(rows.map(({ round }) => round))]
    const points = rounds.flatMap((round) => {
      const known = rows.filter((row) => row.round === round && typeof row.evaluation.accuracy === 'number')
      const times = known.flatMap(({ peer }) => ends.get(`${peer} ${round}`) ?? [])
      if (known.length === 0 || times.length === 0) return []
      return [{ seconds: median(times) / 1000, accuracy: median(known.map(({ evaluation }) => evaluation.accuracy!)) }]
    })
    const share = ({ all, applied }: { all: number; applied: number }): number => applied / all
    const applied = { honest: share(counts.honest), liars: share(counts.liars) }
    return { label: `${cell.label} (${agreement.kind})`, points, applied }
  } finally {
    await opened.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = commandLine(help, {
    data: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    target: { type: 'string', default: '0.8' },
    seed: { type: 'string', default: '1' },
    courses: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true, default: [] },
  })
  const file = fileURLToPath(new URL('../../scenarios/kardam.yaml', import.meta.url))
  const overrides = [
    ...(flags.data === '' ? [] : ['task.dataset=mnist', `task.data=${resolve(flags.data)}`, 'task.testSamples=1000']),
    ...flags.set,
  ]
  const { cells } = loadScenario(readFileSync(file, 'utf8'), { file, overrides })
  const target = Number(flags.target)
  const pool = await startTrainingPool({ processes: 1 })
  const shown = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '–' : value.toFixed(2)
  console.log(
    `| cell | reaches ${target} after | accuracy at the end | after | of honest gradients | of those of liars |`,
  )
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const cell of cells.filter(({ label }) => new RegExp(flags.only).test(label))) {
    const { label, points, applied } = await courseOf(cell, Number(flags.seed), pool)
    const reached = points.find(({ accuracy }) => accuracy >= target)?.seconds
    const last = points.at(-1)
    const figures = [reached, last?.accuracy, last?.seconds, applied.honest, applied.liars].map(shown)
    console.log(`| ${label} | ${figures.join(' | ')} |`)
    if (flags.courses)
      console.log(points.map(({ seconds, accuracy }) => `${seconds.toFixed(1)} s: ${accuracy.toFixed(3)}`).join(', '))
  }
  await pool.close()
}
