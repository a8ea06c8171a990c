/**
 * Of what the bytes of a round are: `node scripts/lab/measure-bytes.ts [--peers N] [--parameters D] [--rounds N] [--json]`.
 * Runs rounds of honest peers on the virtual network, as a scenario does that sets nothing about it, and prints what a peer
 * receives in a round, by kind, and what all but payloads is of the updates.
 */

import { ModelledSwarm } from '@hearsay/experiment/testing/modelled-swarm'
import { leastStepMs } from '@hearsay/peer'
import { type Envelope, type Network, type Statement, sealEnvelopes } from '@hearsay/protocol'
import { framingBytes } from '@hearsay/virtual'
import { commandLine, usageError } from '../command-line.ts'

const help = `node scripts/lab/measure-bytes.ts: of what the bytes of a round are, on the virtual network, of honest peers.

  --peers N       100
  --parameters D  of the model, 4 bytes each; 100000
  --rounds N      3
  --json          the figures as JSON`
const flags = commandLine(help, {
  peers: { type: 'string', default: '100' },
  parameters: { type: 'string', default: '100000' },
  rounds: { type: 'string', default: '3' },
  json: { type: 'boolean', default: false },
})
const [peers, parameters, rounds] = (['peers', 'parameters', 'rounds'] as const).map((name) => {
  const value = Number(flags[name])
  if (!Number.isInteger(value) || value < 1) usageError(`--${name} takes a whole number from 1, not ${flags[name]}`)
  return value
}) as [number, number, number]

/** What each kind of statement takes of the envelopes; the rest is their heads and signatures. */
const said = new Map<string, number>()
let envelopes = 0

const vote = (value: 0 | 1): Statement => ({ kind: 'estimate', instance: 1, phase: 1, value })

function count(envelope: Envelope, network: Network): void {
  const sizeOf = (statements: readonly Statement[]): number =>
    sealEnvelopes({ ...envelope, statements }, network).reduce((sum, { bytes }) => sum + bytes.length, 0)
  const add = (kind: string, bytes: number): void => void said.set(kind, (said.get(kind) ?? 0) + bytes)
  // No envelope is without statements: two votes and one tell what the rest takes.
  const head = 2 * sizeOf([vote(0)]) - sizeOf([vote(0), vote(1)])
  let rest = envelope.bytes.length
  for (const [kind, statements] of Map.groupBy(envelope.statements, ({ kind }) => kind)) {
    const bytes = sizeOf(statements) - head
    add(kind, bytes)
    rest -= bytes
  }
  add('head and signature', rest)
  add('framing', framingBytes)
  envelopes++
}

const swarm = new ModelledSwarm({
  peers,
  tolerated: Math.floor((peers - 1) / 3),
  seed: 1,
  rounds,
  timing: { graceMs: 1000, timeoutMs: 500, askMs: 500 },
  training: { uniform: [80, 120] },
  payloadBytes: 4 * parameters,
  links: { latency: { uniform: [10, 30] } },
  stepMs: Math.max(1, leastStepMs(peers)),
  onStep: (peer, step) => {
    for (const { envelope } of step.sends) count(envelope, swarm.networks[peer]!)
  },
})
swarm.network.run(() => swarm.allCertified(rounds), 3_600_000)
if (!swarm.allCertified(rounds)) throw new Error('the rounds were not certified: this is a bug')

const { received } = swarm.network.counters
const each = (bytes: number): number => bytes / (peers * rounds)
const updates = 4 * parameters * (peers - 1)
const all = Object.values(received).reduce((sum, bytes) => sum + bytes, 0)
const figures = {
  peers,
  parameters,
  rounds,
  /** Bytes that a peer receives in a round. */
  updates,
  received: Object.fromEntries(Object.entries(received).map(([kind, bytes]) => [kind, Math.round(each(bytes))])),
  /** Of the envelopes of all others, each once. */
  envelopes: Object.fromEntries([...said].map(([kind, bytes]) => [kind, Math.round(each(bytes) * (peers - 1))])),
  envelopesOfAPeer: Math.round(each(envelopes) * 10) / 10,
  overhead: Math.round(each(all) - updates),
  ratio: (each(all) - updates) / updates,
}

if (flags.json) console.log(JSON.stringify(figures, undefined, 2))
else {
  const line = (kind: string, bytes: number): void => {
    const share = ((100 * bytes) / updates).toFixed(2).padStart(7)
    console.log(`  ${kind.padEnd(20)} ${(bytes / 1000).toFixed(1).padStart(10)} kB ${share} %`)
  }
  console.log(
    `${peers} peers, ${parameters} parameters, ${rounds} rounds: received by a peer in a round, against the updates`,
  )
  for (const [kind, bytes] of Object.entries(figures.received)) line(kind, bytes)
  console.log(`Of the envelopes, ${figures.envelopesOfAPeer} of each peer, each once:`)
  for (const [kind, bytes] of Object.entries(figures.envelopes)) line(kind, bytes)
  console.log(
    `All but updates: ${(figures.overhead / 1e6).toFixed(2)} MB, ${(100 * figures.ratio).toFixed(1)} % of ${(updates / 1e6).toFixed(1)} MB`,
  )
}
