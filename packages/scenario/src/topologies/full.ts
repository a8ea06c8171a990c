import type { Topology } from './topology.ts'

export const full: Topology<'full'> = {
  name: 'full',
  summary: 'every peer is connected to every other',
  options: {},
  connected: true,
  *connections(peers) {
    for (let a = 0; a < peers; a++) for (let b = a + 1; b < peers; b++) yield [a, b]
  },
}
