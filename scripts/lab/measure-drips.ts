/**
 * What f liars that serve by drips cost: `node scripts/lab/measure-drips.ts [--json]`. The median round of an honest peer with
 * them, against that with honest peers only, in the same run: on libp2p over TCP, and on the virtual network. Silent ones
 * beside them: who drips to all is left out after the grace time, and costs as much as who says nothing.
 */
import { createAdversary, createCoalition } from '@hearsay/adversary'
import { lying } from '@hearsay/experiment'
import { ModelledSwarm } from '@hearsay/experiment/testing/modelled-swarm'
import { createLibp2pPeer, type Libp2pPeer } from '@hearsay/libp2p'
import { createRoster } from '@hearsay/libp2p/testing/roster'
import { composePeer, type PeerParts, promised } from '@hearsay/peer'
import { digestOfVector } from '@hearsay/protocol'
import { commandLine } from '../command-line.ts'

const timing = { graceMs: 1000, timeoutMs: 200, askMs: 500 }

type Kind = 'drip' | 'drip to all' | 'silent'

const behaviours = {
  drip: { behaviour: 'drip' },
  'drip to all': { behaviour: 'drip', to: 'all' },
  silent: { behaviour: 'silent' },
} as const

export interface Measure {
  readonly network: string
  readonly peers: number
  readonly liars: number
  readonly kind: Kind
  /** Median over rounds, and the longest, from one certificate of the first honest peer to its next, in ms. */
  readonly honestMs: number
  readonly medianMs: number
  readonly longestMs: number
  /** Median over median. */
  readonly ratio: number
  /** Bytes that an honest peer receives in a round, in updates of all others; with honest peers only, and with liars. */
  readonly receivedHonest: number
  readonly received: number
}

interface Run {
  readonly roundsMs: readonly number[]
  readonly receivedBytes: number
}

interface Setting {
  readonly peers: number
  readonly tolerated: number
  readonly liars: number
  readonly kind: Kind
  readonly payloadBytes: number
  readonly rounds: number
  readonly trainMs: number
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const gaps = (atMs: readonly number[]): number[] => atMs.slice(1).map((ms, at) => ms - atMs[at]!)

/** The last peers lie. */
function positionsOf({ peers, liars }: Setting): number[] {
  return Array.from({ length: liars }, (_, at) => peers - 1 - at)
}

function onVirtual(setting: Setting): Run {
  const { peers, tolerated, rounds, payloadBytes, trainMs, kind } = setting
  const liars = new Map(positionsOf(setting).map((at) => [at, createAdversary(behaviours[kind], at)] as const))
  const certifiedMs: number[] = [0]
  const links = { latency: { ms: 20 }, bytesPerSecond: 12_500_000 }
  const training = { uniform: [trainMs / 2, trainMs] } as const
  const swarm: ModelledSwarm = new ModelledSwarm({
    ...{ peers, tolerated, seed: 1, rounds, liars, payloadBytes, links, training, timing },
    onStep: (peer, { outputs }, _, nowMs) => {
      if (peer === 0) for (const { kind } of outputs) if (kind === 'round-ended') certifiedMs.push(nowMs)
    },
  })
  swarm.network.run(() => swarm.allCertified(rounds), 3_600_000)
  const received = swarm.honest.map((peer) => swarm.network.counters.receivedBytes[peer]!)
  return { roundsMs: gaps(certifiedMs), receivedBytes: median(received) / rounds }
}

async function onTcp(setting: Setting): Promise<Run> {
  const { peers, tolerated, rounds, payloadBytes, trainMs, kind } = setting
  const roster = await createRoster(peers, tolerated, `drips ${JSON.stringify(setting)}`)
  const liars = positionsOf(setting)
  const coalition = createCoalition(peers, liars)
  const initial = new Float32Array(payloadBytes / 4).fill(1)
  const certifiedMs: number[] = []
  const over = Promise.withResolvers<void>()
  const running: Libp2pPeer[] = []
  for (const [self, { seed }] of roster.identities.entries()) {
    const network = roster.networks[self]!
    const liar = liars.includes(self) ? createAdversary(behaviours[kind], self) : undefined
    const rule = { rule: 'mean', tolerated } as const
    const transport = { kind: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] } as const
    const host = { network, ids: roster.ids, rule, initial, privateKey: seed, transport }
    const peer = await createLibp2pPeer(host, (ports) => {
      const parts: PeerParts = {
        ...ports,
        ...{ network, ids: roster.ids, self, initial: digestOfVector(initial), rounds, timing },
        kept: { memory: 'whole' },
        trainer: promised(async (round) => {
          await new Promise((resolve) => setTimeout(resolve, trainMs))
          return new Float32Array(initial.length).fill((self + 1) / round)
        }),
        watch: (event) => {
          if (event.kind === 'failed') over.reject(event.error)
          if (self !== 0 || event.kind !== 'output' || event.output.kind !== 'round-ended') return
          certifiedMs.push(event.nowMs)
          if (certifiedMs.length === rounds) over.resolve()
        },
      }
      return composePeer(liar === undefined ? parts : lying(parts, liar, coalition))
    })
    running.push(peer)
  }
  const hosts = running.map(({ host }) => host)
  await Promise.all(hosts.map((host) => host.start()))
  const pairs = hosts.flatMap((a, i) => hosts.slice(i + 1).map((b) => [a, b] as const))
  await Promise.all(pairs.map(([a, b]) => a.connect(b.addresses()[0]!)))
  const startMs = performance.now()
  for (const { driver } of running) driver.start()
  await over.promise
  const received = hosts.slice(0, peers - liars.length).map(({ bytes }) => bytes.received)
  await Promise.all(running.map(({ driver }) => driver.stop()))
  return { roundsMs: gaps([startMs, ...certifiedMs]), receivedBytes: median(received) / rounds }
}

export async function measure(
  network: string,
  run: (setting: Setting) => Run | Promise<Run>,
  setting: Setting,
): Promise<Measure> {
  const { peers, liars, kind, payloadBytes } = setting
  const honest = await run({ ...setting, liars: 0 })
  const among = await run(setting)
  const [honestMs, medianMs] = [median(honest.roundsMs), median(among.roundsMs)]
  const updates = (bytes: number): number => bytes / ((peers - 1) * payloadBytes)
  return {
    ...{ network, peers, liars, kind, honestMs, medianMs },
    longestMs: Math.max(...among.roundsMs),
    ratio: medianMs / honestMs,
    receivedHonest: updates(honest.receivedBytes),
    received: updates(among.receivedBytes),
  }
}

const help = `node scripts/lab/measure-drips.ts: what f liars that serve by drips cost.

  --mib N     size of an update; 4
  --rounds N  of each run; 7
  --train N   how long peers train, ms; 300
  --virtual   on the virtual network only
  --json      the figures as JSON`

if (import.meta.main) {
  const flags = commandLine(help, {
    mib: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '7' },
    train: { type: 'string', default: '300' },
    virtual: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  })
  const payloadBytes = Number(flags.mib) * 1024 * 1024
  const measures: Measure[] = []
  for (const peers of [4, 7])
    for (const kind of Object.keys(behaviours) as Kind[])
      for (const [network, run] of [
        ['virtual', onVirtual],
        ['tcp', onTcp],
      ] as const) {
        if (flags.virtual && network !== 'virtual') continue
        const tolerated = (peers - 1) / 3
        const sizes = { payloadBytes, rounds: Number(flags.rounds), trainMs: Number(flags.train) }
        measures.push(await measure(network, run, { peers, tolerated, liars: tolerated, kind, ...sizes }))
        if (!flags.json) console.error(`${network}, ${peers} peers, ${kind}: ${measures.at(-1)!.ratio.toFixed(2)}`)
      }
  const shown = (value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(2)) : value)
  if (flags.json) console.log(JSON.stringify(measures, undefined, 2))
  else
    console.table(
      measures.map((each) => Object.fromEntries(Object.entries(each).map(([key, value]) => [key, shown(value)]))),
    )
}
