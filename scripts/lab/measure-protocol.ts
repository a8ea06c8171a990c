/**
 * What agreement costs: `node scripts/lab/measure-protocol.ts [--json]`. Runs rounds of honest peers, and of honest peers
 * with f silent ones, on the virtual network, with payloads of no size, and prints what a peer says, sends and receives
 * in a round, and how many message delays a round takes; then how fast one core opens and handles envelopes.
 */
import { createAdversary } from '@hearsay/adversary'
import { ModelledSwarm } from '@hearsay/experiment/testing/modelled-swarm'
import { RecordedSwarm } from '@hearsay/experiment/testing/recorded-swarm'
import { Peer } from '@hearsay/protocol'
import type { Distribution } from '@hearsay/virtual'
import { commandLine } from '../command-line.ts'

const rounds = 5
const latencyMs = 20
const trainingMs = 100
const timing = { graceMs: 10 * latencyMs, timeoutMs: 5 * latencyMs, askMs: 500 }

interface RoundCost {
  readonly sent: number
  readonly received: number
  readonly tookMs: number
}

interface Costs {
  readonly peers: number
  readonly silent: number
  /** Said by a peer in a round, on average. */
  readonly envelopes: number
  readonly statements: number
  /** Of one peer in one round, on average and at most, with gossiped copies, asks and answers. */
  readonly sentBytes: number
  readonly sentBytesPeak: number
  readonly receivedBytes: number
  readonly receivedBytesPeak: number
  /** Of all peers in one round. */
  readonly totalBytes: number
  /** From the end of training to the certificate, in latencies of a link; the longest of any peer and round. */
  readonly delays: number
  /** The last phase of binary agreement that anybody took part in. */
  readonly phases: number
}

/**
 * Runs the rounds, of which all but the first count: in it everybody greets everybody. Silent are peer 1, who coordinates
 * phase 2, and those after it: nobody is worse to lack.
 */
function costs(peers: number, silent: number, latency: Distribution, stepMs: number): Costs {
  const tolerated = Math.floor((peers - 1) / 3)
  const liars = new Map(
    Array.from({ length: silent }, (_, at) => [1 + at, createAdversary({ behaviour: 'silent' }, at)] as const),
  )
  const begun = new Map<number, { sent: number; received: number; atMs: number }>()
  const measured: RoundCost[] = []
  let envelopes = 0
  let statements = 0
  let phases = 0
  const swarm = new ModelledSwarm({
    peers,
    tolerated,
    seed: 1,
    rounds: rounds + 1,
    liars,
    timing,
    training: { ms: trainingMs },
    payloadBytes: 4,
    links: { latency },
    stepMs,
    onStep: (peer, step, _, nowMs) => {
      if (liars.has(peer)) return
      for (const { envelope } of step.sends) {
        if (envelope.round < 2 || envelope.round > rounds + 1) continue
        envelopes++
        statements += envelope.statements.length
        for (const said of envelope.statements) if ('phase' in said) phases = Math.max(phases, said.phase)
      }
      for (const output of step.outputs) {
        if (output.kind !== 'round') continue
        const { sentBytes, receivedBytes } = swarm.network.counters
        const [sent, received] = [sentBytes[peer]!, receivedBytes[peer]!]
        const before = begun.get(peer)
        begun.set(peer, { sent, received, atMs: nowMs })
        // What a peer sends and hears from the beginning of a round to that of the next.
        if (before !== undefined && output.round > 2)
          measured.push({
            sent: sent - before.sent,
            received: received - before.received,
            tookMs: nowMs - before.atMs - trainingMs,
          })
      }
    },
  })
  swarm.network.run(() => swarm.allCertified(rounds + 1), 600_000)
  if (!swarm.allCertified(rounds + 1)) throw new Error('the rounds were not certified: this is a bug')
  const of = (pick: (cost: RoundCost) => number): number[] => measured.map(pick)
  const mean = (values: readonly number[]): number => Math.round(values.reduce((a, b) => a + b, 0) / values.length)
  const each = (count: number): number => Math.round((10 * count) / (rounds * swarm.honest.length)) / 10
  return {
    peers,
    silent,
    envelopes: each(envelopes),
    statements: each(statements),
    sentBytes: mean(of(({ sent }) => sent)),
    sentBytesPeak: Math.max(...of(({ sent }) => sent)),
    receivedBytes: mean(of(({ received }) => received)),
    receivedBytesPeak: Math.max(...of(({ received }) => received)),
    totalBytes: mean(of(({ sent }) => sent)) * swarm.honest.length,
    delays: Math.round((10 * Math.max(...of(({ tookMs }) => tookMs))) / latencyMs) / 10,
    phases,
  }
}

/** Envelopes a second that one peer opens, and handles, on this core; signatures are hashes here. */
function speeds(peers: number): Record<string, number> {
  const tolerated = Math.floor((peers - 1) / 3)
  const links = { latency: { uniform: [0, 40] as const } }
  const swarm = new RecordedSwarm({ peers, tolerated, seed: 1, rounds, links }).runRounds(rounds, 600_000)
  const journal = swarm.journal.filter(({ peer }) => peer === 0)
  const count = journal.reduce((sum, { events }) => sum + events.filter(({ kind }) => kind === 'envelope').length, 0)
  const times = Array.from({ length: 15 }, () => {
    const peer = new Peer({ ...swarm.optionsOf(0), memory: 'whole' })
    let openMs = 0
    const startedMs = performance.now()
    for (const { events, nowMs } of journal) {
      const openedMs = performance.now()
      for (const event of events) if (event.kind === 'envelope') peer.open(event.envelope.bytes)
      openMs += performance.now() - openedMs
      peer.handle(events, nowMs)
    }
    return { openMs, handleMs: performance.now() - startedMs - openMs }
  })
  const perSecond = (of: 'openMs' | 'handleMs'): number =>
    Math.round((1000 * count) / Math.min(...times.map((time) => time[of])))
  return { peers, openedPerSecond: perSecond('openMs'), handledPerSecond: perSecond('handleMs') }
}

const { json } = commandLine(
  `node scripts/lab/measure-protocol.ts: what agreement costs, in envelopes, bytes and message delays, and how fast a core is.

  --json  print the costs as JSON`,
  { json: { type: 'boolean', default: false } },
)
const sizes = [4, 7, 10, 13, 31]
const both = (latency: Distribution, stepMs: number): Costs[] =>
  sizes.flatMap((n) => [0, Math.floor((n - 1) / 3)].map((silent) => costs(n, silent, latency, stepMs)))
const equal = both({ ms: latencyMs }, 0)
const random = both({ uniform: [0, 2 * latencyMs] }, latencyMs)
const speed = [4, 7, 10].map(speeds)
if (json) console.log(JSON.stringify({ equal, random, speed }, undefined, 2))
else {
  console.log('A round of agreement, payloads of no size, grace of 10 latencies, timeout of 5.')
  console.log('Every link takes 20 ms, a step no time:')
  console.table(equal)
  console.log('Links take 0 to 40 ms, a step 20 ms:')
  console.table(random)
  console.log('Envelopes received by a peer, on one core, signatures modelled:')
  console.table(speed)
}
