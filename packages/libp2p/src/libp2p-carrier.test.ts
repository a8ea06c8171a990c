import { carrierContract } from '@hearsay/peer/testing/carrier-contract'
import { type Libp2pOptions, libp2pCarrier } from './libp2p-carrier.ts'
import { createRoster } from './testing/roster.ts'

let run = 0

function carriersOver(transportOf: (self: number) => Libp2pOptions['transport']) {
  return async (peers: number) => {
    const { networks, ids, identities } = await createRoster(peers, Math.floor((peers - 1) / 3), `carriers ${run++}`)
    const carriers = await Promise.all(
      identities.map(({ seed }, self) =>
        libp2pCarrier({
          network: networks[self]!,
          ids,
          payloadBytes: 4096,
          privateKey: seed,
          transport: transportOf(self),
          timing: { heartbeatMs: 100 },
        }),
      ),
    )
    return {
      carriers,
      start: async () => {
        await Promise.all(carriers.map(({ host }) => host.start()))
        const pairs = carriers.flatMap((a, at) => carriers.slice(at + 1).map((b) => [a.host, b.host] as const))
        await Promise.all(pairs.map(([a, b]) => a.connect(b.addresses()[0]!)))
      },
      stop: async () => {
        await Promise.all(carriers.map((carrier) => carrier.stop()))
      },
    }
  }
}

carrierContract(
  'libp2p in memory',
  carriersOver((self) => ({ kind: 'memory', address: `carrier ${run} ${self}` })),
)
carrierContract(
  'libp2p over TCP',
  carriersOver(() => ({ kind: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] })),
)
