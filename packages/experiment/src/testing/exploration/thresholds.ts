/** Schedules on either side of the border: liars of weight F, and of one more, of W = 3F + 1. */
import type { Filters } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { runSchedule } from './run-schedule.ts'
import type { Schedule } from './schedule.ts'
import type { Variant } from './schedule-variants.ts'

/**
 * What breaks when liars weigh too much: who says nothing stops a network, who tells two stories forks it, and of gradients that are judged one by
 * one, who is fast makes rows and sets of its own.
 */
export const breaks = {
  silent: 'liveness',
  'split-brain': 'safety',
  ordered: 'safety',
  'each-for-itself': 'safety',
} as const
export type Breaking = keyof typeof breaks

/** So many positive integers of this sum. */
function parts(total: number, count: number, random: ReturnType<typeof randomStream>): number[] {
  const weights = Array<number>(count).fill(1)
  for (let left = total - count; left > 0; left--) weights[random.below(count)]!++
  return weights
}

/** Liars who keep to the protocol and train twenty times as fast as the others, among 3f + 1 peers of one weight. */
function drawRow(seed: number, kind: 'ordered' | 'each-for-itself', tooMuch: boolean): Schedule {
  const tolerated = 1 + (seed % 2)
  const peers = 3 * tolerated + 1
  const lying = tolerated + (tooMuch ? 1 : 0)
  const filters: Filters = {
    ...({
      lipschitz: 'none',
      memory: 1,
      frequency: 'strict',
      dampening: 'inverse',
      alpha: 0.2,
      escape: false,
    } as const),
  }
  const options = { remembered: 16, bootstrap: 1, step: 1 }
  const variant: Variant =
    kind === 'ordered'
      ? { kind, options: { filters, ...options } }
      : { kind, settings: { variant: kind, ...filters, ...options, mixEvery: 0 } }
  return {
    ...{ seed, peers, tolerated, variant, rounds: 10 },
    liars: Array.from({ length: lying }, (_, peer) => ({ peer, behaviour: { behaviour: 'schemer', often: 0 } })),
    slow: Array.from({ length: peers }, (_, peer) => (peer < lying ? 1 : 20)),
    links: { latency: { ms: 5 }, loss: 0, duplication: 0, reordering: 0 },
    ...{
      delayMs: 0,
      training: { uniform: [40, 60] },
      stepMs: 0,
      oneByOne: false,
      partitions: [],
      crashes: [],
      healMs: 0,
    },
  }
}

/** Two sides of honest peers of F each, and liars of F + 1, or of one less, which one side then has; so many heads, if given. */
export function drawThreshold(seed: number, behaviour: Breaking, tooMuch: boolean, many?: number): Schedule {
  if (behaviour === 'ordered' || behaviour === 'each-for-itself') return drawRow(seed, behaviour, tooMuch)
  const random = randomStream(seed, 'thresholds')
  const tolerated = many ?? 1 + random.below(6)
  const lying = tolerated + (tooMuch ? 1 : 0)
  // One head, as many as can be, or some in between.
  const heads = many ?? [1, lying, 1 + random.below(lying)][seed % 3]!
  const sides = [tolerated, tolerated + (tooMuch ? 0 : 1)].map((side) =>
    parts(side, 1 + random.below(Math.min(3, side)), random),
  )
  const [first, second] = sides as [number[], number[]]
  const weights = [...first, ...second, ...parts(lying, heads, random)]
  const honest = first.length + second.length
  return {
    seed,
    peers: weights.length,
    weights,
    tolerated,
    rounds: 1,
    liars: weights.slice(honest).map((_, at) => ({ peer: honest + at, behaviour: { behaviour } })),
    links: { latency: { ms: 20 }, loss: 0, duplication: 0, reordering: 0 },
    delayMs: 0,
    training: { ms: 50 },
    stepMs: 0,
    oneByOne: false,
    partitions: behaviour === 'silent' ? [] : [{ fromMs: 0, untilMs: 15_000, side: [...first.keys()], bridges: true }],
    crashes: [],
    healMs: behaviour === 'silent' ? 0 : 15_001,
  }
}

/** Of some seeds: how many heads lied, and what went wrong. */
export interface Threshold {
  readonly behaviour: Breaking
  readonly tooMuch: boolean
  readonly runs: number
  /** Runs by how many heads lie. */
  readonly heads: Readonly<Record<number, number>>
  /** In which a third of the heads or more lie. */
  readonly manyHeads: number
  /** Runs in which what `breaks` says broke. */
  readonly broken: number
  /** Seeds of those that ended otherwise than they should. */
  readonly unexpected: readonly number[]
}

export function sweepThreshold(
  seeds: readonly number[],
  behaviour: Breaking,
  tooMuch: boolean,
  many?: number,
): Threshold {
  const heads: Record<number, number> = {}
  const unexpected: number[] = []
  let [manyHeads, broken] = [0, 0]
  for (const seed of seeds) {
    const schedule = drawThreshold(seed, behaviour, tooMuch, many)
    const { liars, peers } = schedule
    heads[liars.length] = (heads[liars.length] ?? 0) + 1
    if (3 * liars.length >= peers) manyHeads++
    const wrong = runSchedule(schedule).wrong?.kind
    if (wrong === breaks[behaviour]) broken++
    if (wrong !== (tooMuch ? breaks[behaviour] : undefined)) unexpected.push(seed)
  }
  return { behaviour, tooMuch, runs: seeds.length, heads, manyHeads, broken, unexpected }
}
