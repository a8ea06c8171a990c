/**
 * What agreement costs: `node scripts/measure-protocol.ts`. Prints, for honest peers in a virtual network, what each
 * says a round, and how fast one core opens and handles what a peer receives.
 */
import { Peer } from '../packages/protocol/src/peer.ts'
import { silent } from '../packages/protocol/src/testing/liars.ts'
import { Swarm } from '../packages/protocol/src/testing/swarm.ts'

const rounds = 5

function swarmOf(peers: number, quiet: number, batchMs: number): Swarm {
  const liars = new Map(Array.from({ length: quiet }, (_, at) => [peers - 1 - at, silent] as const))
  const swarm = new Swarm({ peers, tolerated: Math.floor((peers - 1) / 3), seed: 1, rounds, liars, batchMs })
  swarm.run(600_000, () => swarm.allCertified(rounds))
  if (!swarm.allCertified(rounds)) throw new Error('the rounds were not certified: this is a bug')
  return swarm
}

function costs(peers: number, quiet: number, batchMs: number): Record<string, string | number> {
  const swarm = swarmOf(peers, quiet, batchMs)
  const sent = swarm.honest.flatMap((peer) => swarm.sent[peer] ?? []).filter(({ round }) => round <= rounds)
  const each = (total: number): number => Math.round((10 * total) / (swarm.honest.length * rounds)) / 10
  return {
    peers,
    silent: quiet,
    'batch, ms': batchMs,
    envelopes: each(sent.length),
    statements: each(sent.reduce((sum, { statements }) => sum + statements.length, 0)),
    bytes: Math.round(each(sent.reduce((sum, { bytes }) => sum + bytes.length, 0))),
    'bytes received': Math.round(
      each((swarm.honest.length - 1) * sent.reduce((sum, { bytes }) => sum + bytes.length, 0)),
    ),
  }
}

/** Envelopes a second that one peer opens, and handles, on this core; signatures are hashes here. */
function speeds(peers: number): Record<string, number> {
  const swarm = swarmOf(peers, 0, 0)
  const journal = swarm.journal.filter(({ peer }) => peer === 0)
  const count = journal.reduce((sum, { events }) => sum + events.filter(({ kind }) => kind === 'envelope').length, 0)
  const times = Array.from({ length: 15 }, () => {
    const peer = new Peer(swarm.optionsOf(0))
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
  return { peers, 'opened a second': perSecond('openMs'), 'handled a second': perSecond('handleMs') }
}

const sizes = [4, 7, 10]
console.log('Said by an honest peer in a round:')
console.table(sizes.flatMap((n) => [0, 20].flatMap((ms) => [0, Math.floor((n - 1) / 3)].map((b) => costs(n, b, ms)))))
console.log('Envelopes received by a peer, on one core, signatures modelled:')
console.table(sizes.map(speeds))
