import type { OptionDescriptor } from '@hearsay/catalogue'
import type { Topology } from './topology.ts'

type Pair = readonly [number, number]

const peerOption: OptionDescriptor = {
  kind: 'integer',
  summary: 'a peer, 0 … peers − 1; liars are the last ones',
  least: 0,
  most: 9_999,
}
const pairOption: OptionDescriptor = {
  kind: 'list',
  summary: 'two peers that are connected',
  of: peerOption,
  least: 2,
  most: 2,
}

export const edges: Topology<'edges'> = {
  name: 'edges',
  summary: 'connections given one by one; the graph must be connected',
  options: { edges: { kind: 'list', summary: 'pairs of connected peers', of: pairOption, least: 1, most: 100_000 } },
  faults: (peers, options) =>
    (options.edges as readonly Pair[]).flatMap(([a, b], index) => {
      const at = ['edges', index]
      if (Math.max(a, b) >= peers)
        return [{ at, message: `there are peers 0 to ${peers - 1}, found ${Math.max(a, b)}` }]
      return a === b ? [{ at, message: `peer ${a} cannot be connected to itself` }] : []
    }),
  connections: (_peers, options) => options.edges as readonly Pair[],
}
