/** More peers than f are paused in one round, where pauses do not stand for updates: when they resume, the round goes on. */
import type { Filters } from '@hearsay/protocol'
import { expect, it } from 'vitest'
import { ModelledSwarm, type ModelledSwarmOptions } from '../testing/modelled-swarm.ts'

const filters: Filters = {
  lipschitz: 'usual',
  memory: 1,
  frequency: 'strict',
  dampening: 'inverse',
  alpha: 0.2,
  escape: false,
}
const budget = { pauses: 0, rounds: 4 }

it.each<[string, Partial<ModelledSwarmOptions>]>([
  ['a network that does not count pauses', {}],
  ['one in which they have spent their pauses', { pauses: { policy: 'present', budget } }],
  ['an agreed order', { ordered: { filters, remembered: 4, bootstrap: 0, step: 1 } }],
])('%s', (_, options) => {
  const [peers, resumesMs] = [4, 3000]
  const swarm = new ModelledSwarm({
    ...{ peers, tolerated: 1, seed: 1, rounds: 4, links: { latency: { ms: 10 } }, ...options },
    pausing: (peer, clock) => ({
      isPaused: () => peer < 2 && clock.nowMs() < resumesMs,
      onChange: (changed) => clock.after(Math.max(1, resumesMs - clock.nowMs()), changed),
    }),
  })
  swarm.network.run(() => false, resumesMs - 1)
  expect(swarm.allCertified(1)).toBe(false)
  swarm.network.run(() => swarm.allCertified(4), 30_000)
  expect(swarm.allCertified(4)).toBe(true)
  expect([swarm.forks(), swarm.faults.length]).toEqual([0, 0])
})
