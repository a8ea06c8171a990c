/**
 * A process of one member of the roster that besieges others: raw libp2p with the member's key, a connection to each
 * victim, and one way of asking or sending without end, between the messages `begin` and `end` of its parent.
 */
import { gossipsub } from '@chainsafe/libp2p-gossipsub'
import { identify } from '@libp2p/identify'
import type { Connection } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { type GossipInside, gossipOptions } from '../gossip.ts'
import { keyOfSeed } from '../identity.ts'
import { protocolNames } from '../node.ts'
import { defaultTiming } from '../options.ts'
import { type Besieging, type Siege, sieges } from './sieges.ts'

/** What a parent tells a besieger. */
export type ToBesieger =
  | {
      readonly kind: 'connect'
      /** Of its key, in hex. */
      readonly seed: string
      readonly genesis: string
      readonly peers: number
      /** Addresses. */
      readonly victims: readonly string[]
      readonly payloadBytes: number
    }
  | { readonly kind: 'model'; readonly digest: string }
  | { readonly kind: 'begin'; readonly siege: Siege }
  | { readonly kind: 'end' }

/** After `connect`, and after `begin` or `end`, of which the besieger does one thing after the other. */
export type FromBesieger = 'done'

let node: Libp2p
let names: ReturnType<typeof protocolNames>
let victims: readonly string[] = []
const known = { model: '', payloadBytes: 0, envelope: new Uint8Array(1) }
const connections = new Map<string, Connection>()
let over = new AbortController()
let besieging: Promise<unknown> = Promise.resolve()

async function connect(options: Extract<ToBesieger, { kind: 'connect' }>): Promise<void> {
  names = protocolNames(options.genesis)
  const gossip = gossipsub(gossipOptions(names.topic, defaultTiming, { weights: Array(options.peers).fill(1) }))
  const made = await createLibp2p({
    privateKey: await keyOfSeed(Buffer.from(options.seed, 'hex')),
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      pubsub: (components: Parameters<typeof gossip>[0]) => gossip(components) as GossipInside,
    },
  })
  made.services.pubsub.subscribe(names.topic)
  made.services.pubsub.addEventListener('message', ({ detail }) => {
    known.envelope = new Uint8Array(detail.data)
  })
  node = made
  victims = options.victims
  known.payloadBytes = options.payloadBytes
  await dial()
}

/** A victim may have hung up on an earlier siege. */
async function dial(): Promise<void> {
  for (const victim of victims) {
    if (connections.get(victim)?.status === 'open') continue
    connections.set(victim, await node.dial(multiaddr(victim), { force: true }))
  }
}

async function begin(siege: Siege): Promise<void> {
  await dial()
  over = new AbortController()
  const { signal } = over
  const run = (connection: Connection): Promise<void> =>
    sieges[siege].run({ connection, names, signal, victim: known } satisfies Besieging)
  besieging = Promise.all([...connections.values()].map(run))
}

async function end(): Promise<void> {
  over.abort()
  await besieging
}

process.on('message', async (message: ToBesieger) => {
  if (message.kind === 'model') {
    known.model = message.digest
    return
  }
  if (message.kind === 'connect') await connect(message)
  else if (message.kind === 'begin') await begin(message.siege)
  else await end()
  process.send?.('done' satisfies FromBesieger)
})
process.on('disconnect', () => process.exit(0))
