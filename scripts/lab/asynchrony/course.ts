/** How accurate the models of a cell are, against virtual time, and what filters let through. */
import { runCell } from '@hearsay/experiment'
import { type Cell, maliciousPeers } from '@hearsay/scenario'
import type { TrainingPool } from '@hearsay/training'

export interface Point {
  readonly seconds: number
  readonly accuracy: number
}

export interface Course {
  readonly label: string
  /** By evaluated round: when it had ended for half of the honest peers, and the median accuracy of these. */
  readonly points: readonly Point[]
  /** Of the gradients of honest peers and of liars that were judged, at honest peers or in an agreed order, how many were applied. */
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
  const count = (author: number, applied: boolean): void => {
    const of = liars.has(author) ? counts.liars : counts.honest
    of.all++
    if (applied) of.applied++
  }
  const ordered = new Set<number>()
  try {
    const { rows } = await runCell({
      cell,
      seed,
      task: opened,
      onEvent: (event) => {
        if (event.kind === 'certified' || event.kind === 'averaged')
          ends.set(`${event.peer} ${event.round}`, event.atMs)
        if (event.kind === 'judged') count(Number(event.other), event.factor > 0)
        // All judge alike: the first who tells of an epoch tells it for all.
        if (event.kind !== 'ordered' || event.robust || ordered.has(event.round)) return
        ordered.add(event.round)
        for (const author of event.applied) count(Number(author), true)
        for (const author of event.refused) count(Number(author), false)
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

/** When this accuracy was first come to; undefined if never. */
export function reaches(points: readonly Point[], accuracy: number): number | undefined {
  return points.find((point) => point.accuracy >= accuracy)?.seconds
}

/** The greatest accuracy of so many points, and when it was first come to. Throws RangeError where there is none. */
export function bestOf(points: readonly Point[], count = points.length): Point {
  const [first, ...others] = points.slice(0, count)
  if (first === undefined) throw new RangeError('nothing was evaluated')
  return others.reduce((best, point) => (point.accuracy > best.accuracy ? point : best), first)
}
