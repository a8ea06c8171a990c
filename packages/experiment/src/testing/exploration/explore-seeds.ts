import { type Outcome, patience, runSchedule } from './run-schedule.ts'
import { drawSchedule, type Kind } from './schedule.ts'

/** What was explored, to be added up. */
export interface Findings {
  schedules: number
  /** Of these, with peers of unlike weight; and with liars who are more than a third of the heads. */
  weighted: number
  manyHeads: number
  evicted: number
  /** In which vouches moved weight. */
  moved: number
  delivered: number
  /** Schedules by how many peers, and by the behaviours of their liars. */
  readonly peers: Record<string, number>
  readonly behaviours: Record<string, number>
  /** The most timeouts that a schedule took to certify all after faults ended, and the most of its patience. */
  mostTimeouts: number
  mostPatience: number
  readonly failures: { readonly seed: number; readonly wrong: NonNullable<Outcome['wrong']> }[]
}

export function noFindings(): Findings {
  return {
    schedules: 0,
    weighted: 0,
    manyHeads: 0,
    evicted: 0,
    moved: 0,
    delivered: 0,
    peers: {},
    behaviours: {},
    mostTimeouts: 0,
    mostPatience: 0,
    failures: [],
  }
}

export function addFindings(to: Findings, more: Findings): void {
  for (const count of ['schedules', 'weighted', 'manyHeads', 'evicted', 'moved', 'delivered'] as const)
    to[count] += more[count]
  for (const group of ['peers', 'behaviours'] as const)
    for (const [name, count] of Object.entries(more[group])) to[group][name] = (to[group][name] ?? 0) + count
  to.mostTimeouts = Math.max(to.mostTimeouts, more.mostTimeouts)
  to.mostPatience = Math.max(to.mostPatience, more.mostPatience)
  to.failures.push(...more.failures)
}

export function exploreSeed(seed: number, kind: Kind = 'any'): Findings {
  const schedule = drawSchedule(seed, kind)
  const { wrong, timeouts, delivered, evicted, moved } = runSchedule(schedule)
  const behaviours: Record<string, number> = {}
  for (const { behaviour } of schedule.liars)
    behaviours[behaviour.behaviour] = (behaviours[behaviour.behaviour] ?? 0) + 1
  return {
    schedules: 1,
    weighted: schedule.weights === undefined ? 0 : 1,
    manyHeads: 3 * schedule.liars.length >= schedule.peers ? 1 : 0,
    delivered,
    evicted: evicted ? 1 : 0,
    moved: moved ? 1 : 0,
    peers: { [schedule.peers]: 1 },
    behaviours,
    mostTimeouts: timeouts,
    mostPatience: timeouts / patience(schedule),
    failures: wrong === undefined ? [] : [{ seed, wrong }],
  }
}
