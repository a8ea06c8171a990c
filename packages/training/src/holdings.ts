import { resolve } from 'node:path'
import type { TaskCheck } from './check-task.ts'
import { sharesOf } from './task/checked.ts'
import type { Contents } from './task/contents.ts'
import type { Share } from './task/task.ts'
import { taskOf } from './tasks.ts'

/** Who has which training samples, counted. */
export interface Holdings {
  /** What the columns are of: classes, or fifths of the numbers that are learnt; none where neither is known. */
  readonly kind: 'classes' | 'quantiles' | 'none'
  readonly columns: readonly string[]
  /** For each peer, for each column. */
  readonly counts: readonly (readonly number[])[]
  /** For each peer. */
  readonly sizes: readonly number[]
}

const quantiles = 5

/** Divides the data of a task as a run with this seed does. Throws TrainingError as opening the task would. */
export async function holdingsOf({
  task,
  learning,
  peers,
  holders,
  base = '',
  seed,
}: Omit<TaskCheck, 'seeds' | 'turn'> & { readonly seed: number }): Promise<Holdings> {
  const kind = taskOf(task)
  const outline = await kind.outline(task, { base: resolve(base), turn: async () => {} })
  const shares = sharesOf(kind, outline, { spec: task, peers, holders, seed, least: learning.batchSize })
  return countShares(shares, kind.contents?.(outline))
}

/** What each share holds. */
export function countShares(shares: readonly Share[], contents: Contents | undefined): Holdings {
  const sizes = shares.map(({ length }) => length)
  if (contents === undefined) return { kind: 'none', columns: [], counts: shares.map(() => []), sizes }
  const { columns, columnOf } = contents.kind === 'classes' ? classColumns(contents) : quantileColumns(contents)
  const counts = shares.map((share) => {
    const row = columns.map(() => 0)
    for (const index of share) row[columnOf(index)]!++
    return row
  })
  return { kind: contents.kind === 'classes' ? 'classes' : 'quantiles', columns, counts, sizes }
}

interface Columns {
  readonly columns: readonly string[]
  columnOf(sample: number): number
}

function classColumns({ names, labels }: Extract<Contents, { kind: 'classes' }>): Columns {
  return { columns: names, columnOf: (sample) => labels[sample]! }
}

/** Fifths of all numbers; fewer where many are equal. */
function quantileColumns({ values }: Extract<Contents, { kind: 'numbers' }>): Columns {
  const sorted = Float32Array.from(values).sort()
  const at = (part: number) => sorted[Math.ceil((part / quantiles) * sorted.length) - 1]!
  const ends = [...new Set(Array.from({ length: quantiles }, (_, part) => at(part + 1)))]
  const columns = ends.map((end, index) => `${index === 0 ? 'up to' : '…'} ${Number(end.toPrecision(3))}`)
  return { columns, columnOf: (sample) => ends.findIndex((end) => values[sample]! <= end) }
}
