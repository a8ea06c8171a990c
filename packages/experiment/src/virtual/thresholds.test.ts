/** One third is a share of weight: liars of weight F break nothing and liars of F + 1 break it in every run, however many they are. */
import { randomStream } from '@hearsay/virtual'
import { describe, expect, it } from 'vitest'
import { runSchedule, type Schedule } from '../testing/exploration/index.ts'

/** So many positive integers of this sum. */
function parts(total: number, count: number, random: ReturnType<typeof randomStream>): number[] {
  const weights = Array<number>(count).fill(1)
  for (let left = total - count; left > 0; left--) weights[random.below(count)]!++
  return weights
}

/** W = 3F + 1: two sides of honest peers of F each, and liars of F + 1, or of one less, which one side then has. */
function scheduleOf(seed: number, behaviour: string, tooMuch: boolean): Schedule {
  const random = randomStream(seed, 'thresholds')
  const tolerated = 1 + random.below(6)
  const lying = tolerated + (tooMuch ? 1 : 0)
  // One head, as many as can be, or some in between.
  const heads = [1, lying, 1 + random.below(lying)][seed % 3]!
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

const seeds = Array.from({ length: 30 }, (_, at) => at)
const manyHeads = ({ liars, peers }: Schedule): boolean => 3 * liars.length >= peers

describe.each(['silent', 'split-brain'])('%s liars', (behaviour) => {
  it('that weigh F break nothing, though they are a third of the heads or more', () => {
    const schedules = seeds.map((seed) => scheduleOf(seed, behaviour, false))
    expect(schedules.filter(manyHeads).length).toBeGreaterThan(5)
    for (const schedule of schedules) expect(runSchedule(schedule).wrong, JSON.stringify(schedule)).toBeUndefined()
  })

  it('that weigh F + 1 break it, though one head may be all', () => {
    const schedules = seeds.map((seed) => scheduleOf(seed, behaviour, true))
    expect(schedules.filter(({ liars }) => liars.length === 1).length).toBeGreaterThan(5)
    for (const schedule of schedules)
      expect(runSchedule(schedule).wrong?.kind, JSON.stringify(schedule)).toBe(
        behaviour === 'silent' ? 'liveness' : 'safety',
      )
  })
})
