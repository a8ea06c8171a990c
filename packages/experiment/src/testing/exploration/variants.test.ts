/** A few of the schedules that `pnpm explore --ordered`, `--each-for-itself`, `--holes` and `--pauses` draw. */
import { expect, it, vi } from 'vitest'
import { addFindings, exploreSeed, noFindings } from './explore-seeds.ts'
import { drawSchedule, type Kind } from './schedule.ts'
import { breaks, sweepThreshold } from './thresholds.ts'

// Many messages on a machine that may be busy.
vi.setConfig({ testTimeout: 50_000 })

const kinds: readonly Kind[] = ['ordered', 'each-for-itself', 'holes', 'pauses']

it.each(kinds)('%s: with at most f liars who know the argument nothing goes wrong', (kind) => {
  const findings = noFindings()
  for (let seed = 1; seed <= 8; seed++) addFindings(findings, exploreSeed(seed, kind))
  expect(findings.failures).toEqual([])
  const { schemer = 0 } = findings.behaviours
  expect(schemer).toBeGreaterThan(4)
  expect(findings.mostPatience).toBeLessThan(1)
})

it.each(kinds)('%s: schedules have every kind of fault, and liars of weight f at most', (kind) => {
  const drawn = Array.from({ length: 300 }, (_, seed) => drawSchedule(seed, kind))
  expect(drawSchedule(7, kind)).toEqual(drawn[7])
  expect(drawn.filter(({ crashes, partitions }) => crashes.length > 0 && partitions.length > 0).length).toBeGreaterThan(
    5,
  )
  expect(drawn.filter(({ rounds }) => rounds > 1).length).toBeGreaterThan(150)
  for (const { liars, weights, tolerated } of drawn)
    expect(weights === undefined ? liars.length : 0).toBeLessThanOrEqual(tolerated)
  const of = (which: 'variant' | 'pausing') => drawn.filter((schedule) => schedule[which] !== undefined).length
  expect(of('variant')).toBe(kind === 'pauses' ? 0 : 300)
  expect(of('pausing')).toBeGreaterThan(50)
})

it.each(['ordered', 'each-for-itself'] as const)(
  '%s: f fast liars have neither a set nor f + 1 of 2f + 1 in a row, and f + 1 have',
  (behaviour) => {
    const seeds = [1, 2, 3, 4]
    expect(sweepThreshold(seeds, behaviour, false)).toMatchObject({ broken: 0, unexpected: [] })
    expect(sweepThreshold(seeds, behaviour, true)).toMatchObject({ broken: seeds.length, unexpected: [] })
    expect(breaks[behaviour]).toBe('safety')
  },
)
