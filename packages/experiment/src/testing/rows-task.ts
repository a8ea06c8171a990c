/** A task whose parameters are rows: a table of scores, of which each peer knows some rows, and most peers the first ten. */
import { normal, stream, type Task, type TaskSpec } from '@hearsay/training/task'

export const shape = { count: 40, width: 4 }
/** From here on nobody has anything to say. */
export const spokenRows = 30
const commonRows = 10

const truth = Float32Array.from({ length: shape.count * shape.width }, (_, at) => 1 + (at % 7) / 7)

/** The share of a peer is the rows that it knows: a row that is not common, every third peer. */
export const rowsTask: Task<TaskSpec, undefined, undefined> = {
  name: 'rows',
  summary: 'a table of scores, of which peers know some rows',
  options: {},
  measures: [{ name: 'error', summary: 'mean distance of common scores', better: 'lower', unit: '', digits: 3 }],
  describe: () => 'rows',
  source: () => 0,
  load: async () => undefined,
  outline: async () => undefined,
  divide: (_, { peers }) =>
    Array.from({ length: peers }, (_, peer) =>
      Int32Array.from({ length: spokenRows }, (_, row) => row).filter(
        (row) => row < commonRows || row % 3 === peer % 3,
      ),
    ),
  tensors: () => [{ name: 'scores', shape: [shape.count, shape.width], offset: 0 }],
  rows: () => ({ width: shape.width }),
  initial: (_, _outline, seed) => {
    const random = stream(seed, 'scores')
    return truth.map(() => normal(random))
  },
  trainer: ({ shares, seed }) => ({
    train(peer, round, model) {
      const random = stream(seed, 'noise', peer, round)
      const rows = Uint32Array.from(shares[peer]!)
      const values = new Float32Array(rows.length * shape.width)
      for (const [at, row] of rows.entries())
        for (let column = 0; column < shape.width; column++) {
          const place = row * shape.width + column
          values[at * shape.width + column] = 0.5 * (truth[place]! - model[place]!) + 0.01 * normal(random)
        }
      return { update: { rows, values }, loss: 0, diverged: false }
    },
    evaluate: (model) => {
      const common = model.subarray(0, commonRows * shape.width)
      return { error: common.reduce((sum, score, at) => sum + Math.abs(score - truth[at]!), 0) / common.length }
    },
  }),
}

export const tasks = [rowsTask]
