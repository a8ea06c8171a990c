/**
 * What the network costs without a protocol on it: ten hosts in one process over memory, ten rounds in which every peer
 * gossips ten envelopes of 300 bytes and pulls the 400 kB payloads of the nine others.
 *
 *   node packages/libp2p/src/testing/bench-network.ts [peers] [rounds] [memory|tcp]
 */
import { createHash, hash } from 'node:crypto'
import { createNetworkHost } from '../host.ts'
import { identityOfSeed } from '../keys.ts'
import type { NetworkHost } from '../options.ts'

const peers = Number(process.argv[2] ?? 10)
const rounds = Number(process.argv[3] ?? 10)
const overTcp = process.argv[4] === 'tcp'
const envelopesPerRound = 10
const envelopeBytes = 300
const payloadBytes = 400_000

const seeds = Array.from({ length: peers }, (_, i) => createHash('sha256').update(`bench ${i}`).digest())
const ids = await Promise.all(seeds.map(async (seed) => (await identityOfSeed(seed)).id))
const held: Map<string, Uint8Array>[] = ids.map(() => new Map())
const delivered = new Int32Array(peers)
let onDelivered = (): void => {}
let onNeighbour = (): void => {}

const hosts: NetworkHost[] = []
for (const [i, privateKey] of seeds.entries()) {
  hosts.push(
    await createNetworkHost({
      privateKey,
      roster: ids,
      network: 'be'.repeat(16),
      transport: overTcp
        ? { kind: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] }
        : { kind: 'memory', address: `bench-${i}` },
      limits: { envelopeBytes: 4096, leastAskBytes: 1, askBytes: 1024, answerBytes: 65_536, payloadBytes },
      handlers: {
        envelope: () => {
          delivered[i]!++
          onDelivered()
          return 'accept'
        },
        ask: () => undefined,
        payload: (digest) => held[i]!.get(digest),
        neighbour: () => onNeighbour(),
      },
    }),
  )
}
await Promise.all(hosts.map((host) => host.start()))
const meshed = new Promise<void>((resolve) => {
  onNeighbour = () => {
    if (hosts.every((host) => host.neighbours().length === peers - 1)) resolve()
  }
})
const dialledAt = performance.now()
for (const [i, host] of hosts.entries()) {
  for (const other of hosts.slice(i + 1)) void host.connect(other.addresses()[0]!)
}
await meshed
console.log(`${peers} peers fully connected after ${(performance.now() - dialledAt).toFixed(0)} ms`)

function payloadOf(peer: number, round: number): Uint8Array {
  const bytes = new Uint8Array(payloadBytes).fill(peer + 1)
  new DataView(bytes.buffer).setUint32(0, round)
  return bytes
}

async function runRound(round: number): Promise<void> {
  const want = delivered.map((count) => count + (peers - 1) * envelopesPerRound)
  const all = new Promise<void>((resolve) => {
    onDelivered = () => {
      if (delivered.every((count, i) => count >= want[i]!)) resolve()
    }
  })
  const payloads = ids.map((_, i) => payloadOf(i, round))
  const digests = payloads.map((payload) => hash('sha256', payload, 'buffer'))
  for (const [i, digest] of digests.entries()) held[i] = new Map([[digest.toString('hex'), payloads[i]!]])
  started = { cpu: process.cpuUsage(), at: performance.now() }
  const pulls = hosts.flatMap((host, i) =>
    ids.flatMap((id, j) =>
      i === j
        ? []
        : host.fetch({
            digest: digests[j]!,
            sizeBytes: payloadBytes,
            sources: () => [id],
            into: new Uint8Array(payloadBytes),
            signal: AbortSignal.timeout(60_000),
          }),
    ),
  )
  for (let step = 0; step < envelopesPerRound; step++) {
    for (const [i, host] of hosts.entries()) {
      const envelope = new Uint8Array(envelopeBytes).fill(i)
      new DataView(envelope.buffer).setUint32(0, round * envelopesPerRound + step)
      host.publish(envelope)
    }
    // A protocol speaks again when it has heard the others, not all at once.
    await new Promise(setImmediate)
  }
  await Promise.all([all, ...pulls])
}

let started = { cpu: process.cpuUsage(), at: 0 }
const cpuMs: number[] = []
const wallMs: number[] = []
const received: number[] = []
for (let round = 0; round < rounds; round++) {
  const before = hosts.map((host) => host.bytes.received)
  await runRound(round)
  const cpu = process.cpuUsage(started.cpu)
  cpuMs.push((cpu.user + cpu.system) / 1000)
  wallMs.push(performance.now() - started.at)
  received.push(Math.max(...hosts.map((host, i) => host.bytes.received - before[i]!)))
  console.log(
    `round ${round}: ${wallMs.at(-1)!.toFixed(0)} ms, cpu ${cpuMs.at(-1)!.toFixed(0)} ms, ` +
      `received at most ${received.at(-1)} bytes = ${(received.at(-1)! / ((peers - 1) * payloadBytes)).toFixed(4)} x the payloads`,
  )
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const statistics = hosts.map((host) => host.stats())
console.log(
  `median: ${median(wallMs).toFixed(0)} ms, cpu ${median(cpuMs).toFixed(0)} ms, ` +
    `bytes ${(median(received) / ((peers - 1) * payloadBytes)).toFixed(4)} x, mesh ${statistics.map((each) => each.mesh).join(' ')}, ` +
    `rss ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
)
await Promise.all(hosts.map((host) => host.stop()))
