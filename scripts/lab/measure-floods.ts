/**
 * What liars that are loud cost the others: `node scripts/lab/measure-floods.ts [--json]`. Rounds on the virtual network with
 * all peers honest, and with f that flood, say old words again, or send what is no envelope, and with payloads of no
 * size: what an honest peer handles, receives and sends in a round, on average.
 */
import { createAdversary } from '@hearsay/adversary'
import { ModelledSwarm } from '@hearsay/experiment/testing/modelled-swarm'
import { mostPhasesAhead } from '@hearsay/protocol'
import { commandLine } from '../command-line.ts'

const rounds = 5

export interface Cost {
  readonly peers: number
  readonly behaviour: string
  /** Envelopes that an honest peer handles in a round: each of them costs a signature to check. */
  readonly handled: number
  /** At most so many of them are of liars: a liar fills each slot once. */
  readonly slotsOfLiars: number
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly tookMs: number
}

/** Of f liars of this behaviour, the last f peers; `none` has none. */
export function costOf(peers: number, behaviour: string): Cost {
  const tolerated = Math.floor((peers - 1) / 3)
  const liarCount = behaviour === 'none' ? 0 : tolerated
  const liars = new Map(
    Array.from({ length: liarCount }, (_, at) => [peers - 1 - at, createAdversary({ behaviour }, at)] as const),
  )
  let handled = 0
  const swarm = new ModelledSwarm({
    peers,
    tolerated,
    seed: 1,
    rounds,
    liars,
    // The least there is: what is measured is agreement.
    payloadBytes: 4,
    onStep: (peer, _, events) => {
      if (liars.has(peer)) return
      // Some are in the round after the last while others finish that.
      for (const event of events) if (event.kind === 'envelope' && event.envelope.round <= rounds) handled++
    },
  })
  swarm.network.run(() => swarm.allCertified(rounds), 600_000)
  if (!swarm.allCertified(rounds)) throw new Error('the rounds were not certified: this is a bug')
  const { sentBytes, receivedBytes } = swarm.network.counters
  const each = (sum: number): number => Math.round(sum / (rounds * swarm.honest.length))
  const of = (bytes: Float64Array): number => each(swarm.honest.reduce((sum, peer) => sum + bytes[peer]!, 0))
  return {
    peers,
    behaviour,
    handled: each(handled),
    slotsOfLiars: liarCount * (2 + 2 * peers + 4 * mostPhasesAhead * peers),
    receivedBytes: of(receivedBytes),
    sentBytes: of(sentBytes),
    tookMs: Math.round(swarm.network.nowMs() / rounds),
  }
}

if (import.meta.main) {
  const { json } = commandLine(
    `node scripts/lab/measure-floods.ts: what liars that are loud cost the others, on the virtual network.

  --json  print the costs as JSON`,
    { json: { type: 'boolean', default: false } },
  )
  const behaviours = ['none', 'silent', 'flood', 'replay', 'oversize', 'malformed', 'impersonate']
  const costs = [4, 7, 10].flatMap((peers) => behaviours.map((behaviour) => costOf(peers, behaviour)))
  if (json) console.log(JSON.stringify(costs, undefined, 2))
  else console.table(costs)
}
