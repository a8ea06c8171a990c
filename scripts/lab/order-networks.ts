/**
 * Networks of MNIST that learnt with different dropout, put in order by bounds on crashes and by crashes; and what
 * `learning.crashVariance` changes: `node scripts/lab/order-networks.ts [--data FOLDER] [--repeats N] [--steps N] [--json]`.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mnistStudy } from '@hearsay/training/testing/mnist-study'
import { type Figures, studied, wrongPairs } from '@hearsay/training/testing/order-networks'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/order-networks.ts: which bound tells which network bears crashes of its neurons best?

Ten networks 784-64-32-10 of tanh learn MNIST with dropout of 0 to 45 %. Each figure puts each pair of them in order; told is the
share of pairs that it puts in another order than the variance of outputs under random crashes. Then networks learn with
learning.crashVariance.

  --data FOLDER  with the IDX files of MNIST; HEARSAY_MNIST, or data/mnist
  --repeats N    as often ten networks, with other seeds; 3
  --steps N      of learning, of 32 pictures; 1000
  --crash P      each neuron of the first hidden layer crashes by itself; 0.05
  --inputs N     test pictures on which neurons crash; 100
  --draws N      sets of crashed neurons for each; 300
  --json         the figures as JSON`
const flags = commandLine(help, {
  data: { type: 'string', default: process.env.HEARSAY_MNIST ?? 'data/mnist' },
  repeats: { type: 'string', default: '3' },
  steps: { type: 'string', default: '1000' },
  crash: { type: 'string', default: '0.05' },
  inputs: { type: 'string', default: '100' },
  draws: { type: 'string', default: '300' },
  json: { type: 'boolean', default: false },
})
const numberOf = (name: 'repeats' | 'steps' | 'inputs' | 'draws'): number => {
  const value = Number(flags[name])
  if (!Number.isSafeInteger(value) || value < 1)
    usageError(`--${name} ${flags[name]}: it takes a whole number from 1 on`)
  return value
}
const [repeats, steps, inputs, draws] = [numberOf('repeats'), numberOf('steps'), numberOf('inputs'), numberOf('draws')]
const crash = Number(flags.crash)
if (!(crash > 0 && crash < 1)) usageError(`--crash ${flags.crash}: it takes a number between 0 and 1`)
if (!existsSync(join(flags.data, 'train-images-idx3-ubyte.gz')))
  usageError(`${flags.data} has no train-images-idx3-ubyte.gz: give --data, or get it by hearsay data fetch mnist`)

const study = { ...(await mnistStudy(flags.data)), steps, crash, inputs, draws }
const dropouts = Array.from({ length: 10 }, (_, at) => at / 20)
const sets = Array.from({ length: repeats }, (_, repeat) =>
  dropouts.map((dropout, at) => studied(study, { seed: 1 + repeat * dropouts.length + at, dropout })),
)
const figures = ['b4', 'b3', 'crashingMae', 'crashingAccuracy', 'b2Mean', 'b2', 'accuracy'] as const
const wrong = figures.map((figure) => ({
  figure,
  share: sets.reduce((sum, networks) => sum + wrongPairs(networks, figure), 0) / sets.length,
}))
const weights = [undefined, 0.001, 0.003, 0.01, 0.03] as const
const learnt = weights.map((crashVariance) => ({
  crashVariance: crashVariance ?? 0,
  ...meanOf(
    Array.from({ length: repeats }, (_, seed) =>
      studied(study, { seed: seed + 1, ...(crashVariance !== undefined && { crashVariance }) }),
    ),
  ),
}))
if (flags.json) console.log(JSON.stringify({ sets, wrong, learnt }, undefined, 2))
else print()

function meanOf(networks: readonly Figures[]): Figures {
  const names = Object.keys(networks[0]!) as (keyof Figures)[]
  const mean = (name: keyof Figures) => networks.reduce((sum, each) => sum + each[name], 0) / networks.length
  return Object.fromEntries(names.map((name) => [name, mean(name)])) as unknown as Figures
}

function print(): void {
  console.log(`Pairs in another order than under crashes, of ${repeats} times ten networks:`)
  for (const { figure, share } of wrong) console.log(`  ${figure.padEnd(18)} ${(100 * share).toFixed(1).padStart(5)} %`)
  console.log('\ncrashVariance  accuracy  under crashes  drawn deviation     b3     b4  one crash at most')
  for (const { crashVariance, accuracy, crashingAccuracy, drawn, b3, b4, one } of learnt) {
    const cells = [
      String(crashVariance).padStart(13),
      `${(100 * accuracy).toFixed(1)} %`.padStart(8),
      `${(100 * crashingAccuracy).toFixed(1)} %`.padStart(13),
      Math.sqrt(drawn).toFixed(3).padStart(15),
      Math.sqrt(b3).toFixed(3).padStart(5),
      Math.sqrt(b4).toFixed(3).padStart(5),
      one.toFixed(3).padStart(17),
    ]
    console.log(cells.join('  '))
  }
}
