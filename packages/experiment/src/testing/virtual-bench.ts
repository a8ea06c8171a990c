import { ModelledSwarm, type ModelledSwarmOptions } from './modelled-swarm.ts'

export interface Bench {
  readonly peers: number
  readonly rounds: number
  /** Real time of this process's processor, and of the clock on the wall. */
  readonly cpuSeconds: number
  readonly seconds: number
  /** Envelopes that came to a peer for the first time. */
  readonly delivered: number
  readonly duplicates: number
  readonly deliveredPerSecond: number
  /** Of a peer in a round. */
  readonly perPeerAndRound: {
    readonly delivered: number
    /** Words of others that it heard. */
    readonly statements: number
    readonly cpuMs: number
  }
}

/** Rounds of exact agreement among honest peers without training, as fast as this machine can. Throws if they stop. */
export function bench(rounds: number, options: Omit<ModelledSwarmOptions, 'seed' | 'tolerated' | 'rounds'>): Bench {
  const { peers } = options
  const startedMs = performance.now()
  const started = process.cpuUsage()
  const swarm = new ModelledSwarm({ ...options, tolerated: Math.floor((peers - 1) / 3), seed: 1, rounds })
  swarm.network.run(() => swarm.allCertified(rounds), 3_600_000)
  if (!swarm.allCertified(rounds)) throw new Error('the rounds were not certified: this is a bug')
  const { user, system } = process.cpuUsage(started)
  const seconds = (performance.now() - startedMs) / 1000
  const { delivered, duplicates, said } = swarm.network.counters
  const each = (count: number): number => count / (peers * rounds)
  const cpuSeconds = (user + system) / 1e6
  const statements = [...said.values()].reduce((sum, count) => sum + count, 0) * (peers - 1)
  return {
    peers,
    rounds,
    cpuSeconds,
    seconds,
    delivered,
    duplicates,
    deliveredPerSecond: delivered / cpuSeconds,
    perPeerAndRound: { delivered: each(delivered), statements: each(statements), cpuMs: each(1000 * cpuSeconds) },
  }
}

/** The slopes in a doubly logarithmic picture between neighbours of a list: of what grows like n², 2. */
export function growth(points: readonly { readonly n: number; readonly cost: number }[]): number[] {
  return points.slice(1).map(({ n, cost }, at) => {
    const before = points[at]!
    return Math.log(cost / before.cost) / Math.log(n / before.n)
  })
}
