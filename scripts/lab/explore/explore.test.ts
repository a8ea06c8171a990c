import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** What `pnpm explore --mutant 'the short cuts of 0.1.0'` finds within half a minute, from seed 1. */
const hurried = {
  seed: 286,
  peers: 5,
  tolerated: 1,
  rounds: 1,
  liars: [{ peer: 2, behaviour: { behaviour: 'hurry', delayMs: 43, scheme: 245239278 } }],
  links: { latency: { ms: 3 }, loss: 0, duplication: 0, reordering: 0 },
  delayMs: 0,
  training: { uniform: [47, 132] },
  stepMs: 0,
  oneByOne: true,
  partitions: [],
  crashes: [],
  healMs: 0,
}

const schedule = ['--schedule', JSON.stringify(hurried)]

function explore(...options: readonly string[]): { status: number | null; last: string | undefined } {
  const script = join(import.meta.dirname, 'explore.ts')
  const { status, stdout } = spawnSync(process.execPath, [script, ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { status, last: stdout.trim().split('\n').at(-1) }
}

it('one liar who hurries others keeps the agreement of 0.1.0 undecided, though messages take 46 ms at most', () => {
  const { status, last } = explore(...schedule, '--mutant', 'the short cuts of 0.1.0')
  expect(last).toMatch(/liveness: honest peers have certified 0,0,0,0 of 1 rounds/)
  expect(status).toBe(1)
})

it('and stops nothing of what ships', () => {
  const { status, last } = explore(...schedule)
  expect(last).toMatch(/^nothing wrong: all rounds certified/)
  expect(status).toBe(0)
})

it('so do schemes against binary agreement alone, found among the first hundreds', () => {
  const { status, last } = explore('--agreement', '--seeds', '1000', '--mutant', 'the short cuts of 0.1.0')
  expect(last).toMatch(/liveness: not decided by phase \d+$/)
  expect(status).toBe(1)
  expect(explore('--agreement', '--seeds', '1000')).toEqual({ status: 0, last: 'nothing went wrong' })
})
