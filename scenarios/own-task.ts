// A task of one's own, for own-task.yaml: a linear regression on a table. What tasks are made of: docs/scenarios.md.
import { shuffle } from '@hearsay/catalogue/random'
import { descend, normal, rateAt, sampleOrder, stream, type Task, type TaskSpec } from '@hearsay/training/task'

type Spec = TaskSpec & { readonly rows: number; readonly columns: number; readonly noise: number }

/** Rows of numbers, and what is to be foretold of each. */
interface Rows {
  readonly inputs: Float32Array
  readonly labels: Float32Array
}

interface Table {
  readonly train: Rows
  readonly test: Rows
}

const testRows = 500

const regression: Task<Spec, Pick<Spec, 'rows'>, Spec & Table> = {
  name: 'regression',
  summary: 'a linear function of the columns of a table that is drawn',
  options: {
    rows: { kind: 'integer', summary: 'training rows of all peers together', least: 1, most: 1e6, default: 2000 },
    columns: { kind: 'integer', summary: 'numbers in a row', least: 1, most: 1000, default: 8 },
    noise: { kind: 'number', summary: 'standard deviation of the labels from the function', least: 0, default: 0.1 },
  },
  measures: [
    { name: 'error', summary: 'root of the mean squared error on test rows', better: 'lower', unit: '', digits: 3 },
    { name: 'explained', summary: 'share of the variance of test labels', better: 'higher', unit: '%', digits: 0 },
  ],
  describe: ({ columns }) => `regression, ${columns} columns`,
  source: ({ rows, columns, noise }) => [rows, columns, noise],
  load: async (spec) => ({ ...spec, train: draw('train', spec.rows, spec), test: draw('test', testRows, spec) }),
  outline: async (spec) => spec,
  divide({ rows }, { peers, seed }) {
    const order = shuffle(
      Int32Array.from({ length: rows }, (_, row) => row),
      stream(seed, 'shares').integer,
    )
    return Array.from({ length: peers }, (_, peer) => order.filter((_, at) => at % peers === peer))
  },
  tensors: ({ columns }) => [
    { name: 'slopes', shape: [columns], offset: 0 },
    { name: 'intercept', shape: [1], offset: columns },
  ],
  initial: ({ columns }) => new Float32Array(columns + 1),
  trainer: ({ learning, data, shares, seed }) => ({
    train(peer, round, model) {
      const { batchSize, localSteps } = learning
      const order = sampleOrder(shares[peer]!, localSteps * batchSize, stream(seed, 'batches', peer, round))
      return descend(model, { ...learning, rate: rateAt(learning, round) }, (weights, step, gradient) =>
        squaredError(weights, data.train, order.subarray(step * batchSize, (step + 1) * batchSize), gradient),
      )
    },
    evaluate(model) {
      const { labels } = data.test
      const error = squaredError(model, data.test, labels.keys())
      const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length
      const variance = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0) / labels.length
      return { error: Math.sqrt(error), explained: Math.max(0, 1 - error / variance) }
    },
  }),
}

export const tasks = [regression]

/** The same function in every run, and rows that depend on nothing but their number. */
function draw(set: string, rows: number, { columns, noise }: Spec): Rows {
  const slopes = stream('own task', 'slopes')
  const truth = Float32Array.from({ length: columns + 1 }, () => slopes.between(-1, 1))
  const random = stream('own task', set)
  const inputs = Float32Array.from({ length: rows * columns }, () => normal(random))
  const exact = { inputs, labels: new Float32Array(rows) }
  return { inputs, labels: exact.labels.map((_, row) => foretold(truth, exact, row) + noise * normal(random)) }
}

function foretold(model: Float32Array, { inputs }: Rows, row: number): number {
  const columns = model.length - 1
  let sum = model[columns]!
  for (let column = 0; column < columns; column++) sum += model[column]! * inputs[row * columns + column]!
  return sum
}

/** Of these rows the mean; its gradient by each parameter is written into `gradient`, if there is one. */
function squaredError(model: Float32Array, rows: Rows, chosen: Iterable<number>, gradient?: Float32Array): number {
  const columns = model.length - 1
  const numbers = [...chosen]
  gradient?.fill(0)
  let sum = 0
  for (const row of numbers) {
    const miss = foretold(model, rows, row) - rows.labels[row]!
    sum += miss * miss
    if (gradient === undefined) continue
    for (let column = 0; column < columns; column++)
      gradient[column]! += (2 * miss * rows.inputs[row * columns + column]!) / numbers.length
    gradient[columns]! += (2 * miss) / numbers.length
  }
  return sum / numbers.length
}
