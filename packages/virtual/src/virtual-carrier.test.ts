import type { Carrier } from '@hearsay/peer'
import { carrierContract } from '@hearsay/peer/testing/carrier-contract'
import { VirtualNetwork } from './virtual-network.ts'

carrierContract('a virtual network', async (peers) => {
  const positions = Array.from({ length: peers }, (_, position) => position)
  const carriers: Carrier[] = []
  const network = new VirtualNetwork({
    seed: 1,
    connections: positions.flatMap((a) => positions.slice(a + 1).map((b) => [a, b] as const)),
    peers: positions.map((position) => ({
      id: String(position),
      honest: true,
      create: ({ carrier }) => {
        carriers[position] = carrier
        return { start: () => {}, stop: () => carrier.stop() }
      },
    })),
  })
  return {
    carriers,
    start: async () => {},
    advance: () => {
      const nowMs = network.nowMs()
      network.run(() => network.nowMs() > nowMs)
    },
    stop: () => network.stop(),
  }
})
