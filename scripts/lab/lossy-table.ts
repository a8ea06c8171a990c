/**
 * Rules and fills where links lose chunks: `node scripts/lab/lossy-table.ts [--data FOLDER] [--steps N] [--seed N] [--only TEXT] [--json]`.
 * Softmax regression on MNIST, 19 workers and a server, batches of 100, learning rate 0.5, chunks of 250 of 7850 coordinates. Behind
 * each accuracy stands that of another program, where there is one, which drew otherwise.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, usageError } from '../command-line.ts'
import { rates, rows, workers } from './lossy/cells.ts'
import { learn, readDigits } from './lossy/learn.ts'

const help = `node scripts/lab/lossy-table.ts: accuracy by rule and fill where links lose chunks of updates.

  --data FOLDER  with the IDX files of MNIST; HEARSAY_MNIST, or data/mnist
  --steps N      of learning; 150
  --seed N       of batches and losses; 1
  --only TEXT    rows whose name has this in it
  --json         the figures as JSON`
const flags = commandLine(help, {
  data: { type: 'string', default: process.env.HEARSAY_MNIST ?? 'data/mnist' },
  steps: { type: 'string', default: '150' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string', default: '' },
  json: { type: 'boolean', default: false },
})
const [steps, seed] = [Number(flags.steps), Number(flags.seed)]
if (!Number.isInteger(steps) || steps < 1) usageError(`--steps takes a whole number above 0, not ${flags.steps}`)
if (!Number.isInteger(seed)) usageError(`--seed takes a whole number, not ${flags.seed}`)
if (!existsSync(join(flags.data, 'train-images-idx3-ubyte.gz')))
  usageError(`${flags.data} has no train-images-idx3-ubyte.gz: give --data, or get it by hearsay data fetch mnist`)

const train = await readDigits(flags.data, 'train')
const test = await readDigits(flags.data, 't10k')
const figures: Record<string, (number | null)[]> = {}
if (!flags.json)
  console.log(`| ${['rule, fill', ...rates.map((rate) => `${100 * rate} %`)].join(' | ')} |\n|${' --- |'.repeat(5)}`)
/** Without loss a fill does not matter. */
const lossless = new Map<string, number>()
for (const { name, rule, fill, lossy = workers, reference } of rows.filter((row) => row.name.includes(flags.only))) {
  const accuracies = rates.map((rate) => {
    const known = rate === 0 ? lossless.get(rule.rule) : undefined
    const accuracy = known ?? learn({ rule, fill, rate, lossy, workers, steps, seed, train, test })
    if (rate === 0) lossless.set(rule.rule, accuracy)
    return accuracy
  })
  figures[name] = accuracies.map((accuracy) => (Number.isNaN(accuracy) ? null : accuracy))
  if (!flags.json)
    console.log(
      `| ${[name, ...accuracies.map((each, at) => `${shown(each)}${beside(reference?.[at])}`)].join(' | ')} |`,
    )
}
if (flags.json) console.log(JSON.stringify(figures))

function shown(accuracy: number): string {
  return Number.isNaN(accuracy) ? 'nan' : accuracy.toFixed(3)
}

function beside(reference: number | null | undefined): string {
  return reference === undefined ? '' : ` (${shown(reference ?? Number.NaN)})`
}
