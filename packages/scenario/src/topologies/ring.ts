import type { Topology } from './topology.ts'

export const ring: Topology<'ring'> = {
  name: 'ring',
  summary: 'every peer is connected to two others',
  options: {},
  connected: true,
  connections: (peers) => Array.from({ length: peers }, (_, peer) => [peer, (peer + 1) % peers] as const),
}
