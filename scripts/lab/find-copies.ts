/**
 * Algorithm 1 of "Probabilistic fault tolerance …" (2019) on networks of MNIST: `node scripts/lab/find-copies.ts [--data FOLDER] [--json]`.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findCopies } from '@hearsay/training/testing/find-copies'
import { mnistStudy } from '@hearsay/training/testing/mnist-study'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/find-copies.ts: how wide a network, taught how, and how many copies, bear random crashes?

  --data FOLDER    with the IDX files of MNIST; HEARSAY_MNIST, or data/mnist
  --epsilon E      by how much the mean loss may be off; 0.009
  --delta D        the chance of more; 0.00001
  --crash P        each neuron of the first hidden layer crashes by itself; 0.01
  --neurons N      of the first network; 101
  --steps N        of learning, of 32 pictures; 500
  --inputs N       test pictures whose mean loss counts; 200
  --draws N        sets of crashed neurons of the last network; 500
  --json           the figures as JSON`
const flags = commandLine(help, {
  data: { type: 'string', default: process.env.HEARSAY_MNIST ?? 'data/mnist' },
  epsilon: { type: 'string', default: '0.009' },
  delta: { type: 'string', default: '0.00001' },
  crash: { type: 'string', default: '0.01' },
  neurons: { type: 'string', default: '101' },
  steps: { type: 'string', default: '500' },
  inputs: { type: 'string', default: '200' },
  draws: { type: 'string', default: '500' },
  json: { type: 'boolean', default: false },
})
const numberOf = (name: 'epsilon' | 'delta' | 'crash' | 'neurons' | 'steps' | 'inputs' | 'draws'): number => {
  const value = Number(flags[name])
  if (!(value > 0 && Number.isFinite(value))) usageError(`--${name} ${flags[name]}: it takes a number above 0`)
  return value
}
if (!existsSync(join(flags.data, 'train-images-idx3-ubyte.gz')))
  usageError(`${flags.data} has no train-images-idx3-ubyte.gz: give --data, or get it by hearsay data fetch mnist`)

const study = {
  crash: numberOf('crash'),
  steps: numberOf('steps'),
  inputs: numberOf('inputs'),
  draws: numberOf('draws'),
}
const found = findCopies(
  { ...(await mnistStudy(flags.data)), ...study },
  {
    epsilon: numberOf('epsilon'),
    delta: numberOf('delta'),
    start: { neurons: numberOf('neurons'), variance: 1e-6, smoothness: 1e-4, balance: 1 },
  },
)
if (flags.json) console.log(JSON.stringify(found, undefined, 2))
else print()

function print(): void {
  const told = (value: number): string => String(Number(value.toPrecision(3)))
  for (const { asked, taught, unmet } of found.steps) {
    const { neurons, variance, smoothness } = asked
    console.log(`n ${neurons}, λ ${told(variance)}, ψ ${told(smoothness)}: ${unmet ?? 'all conditions hold'}`)
    console.log(
      `  q ${told(taught.balance)}, derivative ${told(taught.slope)}, mean ${told(taught.mean)}, deviation ${told(Math.sqrt(taught.variance))}`,
    )
  }
  const { copies, erred, draws } = found
  console.log(
    `One network errs with a chance of at most ${told(copies.one)}; in ${draws} draws ${told(100 * erred)} % did.`,
  )
  console.log(`Copies of which the median counts: ${copies.copies}; by the formula of the source ${copies.published}.`)
}
