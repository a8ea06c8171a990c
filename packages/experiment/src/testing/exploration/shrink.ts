import { mostTolerated } from '@hearsay/protocol'
import type { Outcome } from './run-schedule.ts'
import type { Schedule } from './schedule.ts'
import { sum } from './sum.ts'

/** Seeds that are tried for each simpler schedule: what is drawn while it runs is drawn otherwise there. */
const seedsTried = 4

/**
 * A simpler schedule that goes wrong in the same way: fewer peers, liars, rounds and faults, shorter times, as long as
 * one step at a time makes it simpler.
 */
export function shrink(
  schedule: Schedule,
  run: (schedule: Schedule) => Outcome,
  seen: (schedule: Schedule) => void = () => {},
): Schedule {
  const kind = run(schedule).wrong?.kind
  if (kind === undefined) throw new Error('only a schedule that goes wrong can be shrunk')
  let best = schedule
  const better = (): Schedule | undefined => {
    for (const simpler of simplerThan(best))
      for (let more = 0; more < seedsTried; more++) {
        const tried = { ...simpler, seed: schedule.seed + more }
        if (run(tried).wrong?.kind === kind) return tried
      }
    return undefined
  }
  for (let next = better(); next !== undefined; next = better()) {
    best = next
    seen(best)
  }
  return best
}

/** Schedules that are simpler in one way, the most telling first. */
function* simplerThan(schedule: Schedule): Generator<Schedule> {
  const { peers, liars, rounds, partitions, crashes, links, vouching, pausing, slow } = schedule
  if (slow !== undefined) yield { ...schedule, slow: undefined }
  if (pausing !== undefined) yield { ...schedule, pausing: undefined }
  if (vouching !== undefined) yield { ...schedule, vouching: undefined }
  if (peers > 4) yield withPeers(schedule, peers - 3)
  for (const at of liars.keys()) yield { ...schedule, liars: liars.toSpliced(at, 1) }
  for (const at of partitions.keys()) yield { ...schedule, partitions: partitions.toSpliced(at, 1) }
  for (const at of crashes.keys()) yield { ...schedule, crashes: crashes.toSpliced(at, 1) }
  if (rounds > 1) yield { ...schedule, rounds: rounds - 1 }
  if (schedule.degree !== undefined) yield full(schedule)
  for (const fault of ['loss', 'duplication', 'reordering'] as const)
    if (links[fault] > 0) yield { ...schedule, links: { ...links, [fault]: 0 } }
  if (links.bytesPerSecond !== undefined) yield { ...schedule, links: { ...links, bytesPerSecond: undefined } }
  if (!('ms' in links.latency)) yield { ...schedule, links: { ...links, latency: { ms: 10 } } }
  if (!('ms' in schedule.training)) yield { ...schedule, training: { ms: 50 } }
  if (schedule.stepMs > 0) yield { ...schedule, stepMs: 0 }
  if (schedule.delayMs > 0) yield { ...schedule, delayMs: 0 }
  if (schedule.oneByOne) yield { ...schedule, oneByOne: false }
  for (const ms of ['healMs', 'delayMs'] as const)
    if (schedule[ms] > 1) yield { ...schedule, [ms]: Math.floor(schedule[ms] / 2) }
}

function full({ degree: _, ...schedule }: Schedule): Schedule {
  return schedule
}

/** The same among the first so many peers, f as large as it may be; liars beyond f are left out. */
function withPeers(schedule: Schedule, peers: number): Schedule {
  const { weights: all = Array<number>(schedule.peers).fill(1), liars } = schedule
  const weights = all.slice(0, peers)
  const tolerated = mostTolerated(sum(weights))
  const within = (peer: number): boolean => peer < peers
  const weigh = (some: Schedule['liars']): number => sum(some.map(({ peer }) => all[peer]!))
  const most = tolerated + Math.max(0, weigh(liars) - schedule.tolerated)
  const left = liars.filter(({ peer }) => within(peer))
  return full({
    ...schedule,
    peers,
    tolerated,
    ...(schedule.weights && { weights }),
    slow: schedule.slow?.slice(0, peers),
    vouching: schedule.vouching && {
      ...schedule.vouching,
      least: weights,
      most: schedule.vouching.most.slice(0, peers),
      leaves: schedule.vouching.leaves.filter(({ peer }) => within(peer)),
    },
    liars: left.filter((_, at) => weigh(left.slice(0, at + 1)) <= most),
    partitions: schedule.partitions.map((partition) => ({ ...partition, side: partition.side.filter(within) })),
    crashes: schedule.crashes.filter(({ peer }) => within(peer)),
  })
}
