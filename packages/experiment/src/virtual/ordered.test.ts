/** The ordered variant of asynchronous agreement, on the virtual network: identical models, whoever is slow or silent, or lies. */
import { createAdversary } from '@hearsay/adversary'
import type { Certificate, Filters, Output } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { expect, it } from 'vitest'
import { ModelledSwarm, type ModelledSwarmOptions } from '../testing/modelled-swarm.ts'

const filters: Filters = {
  lipschitz: 'usual',
  memory: 2,
  frequency: 'strict',
  dampening: 'inverse',
  alpha: 0.2,
  escape: false,
}

/** ½‖x − 1‖², each gradient a tenth of the way, and a little noise. */
const learn =
  (seed: number, lies: (peer: number) => number = () => 1): NonNullable<ModelledSwarmOptions['learn']> =>
  (peer, round, from) => {
    const random = randomStream(seed, 'noise', peer, round)
    return from.map((x) => lies(peer) * (-0.1 * (x + 1) + 0.001 * (random.uniform() - 0.5)))
  }

interface Judged {
  readonly applied: readonly number[]
  readonly refused: readonly number[]
  /** In the order of the roster by the rule, and else as filters let them through. */
  readonly robust: boolean
}

class Watched {
  readonly swarm: ModelledSwarm
  /** By epoch, as the first who judged it told. */
  readonly judged = new Map<number, Judged>()
  /** By epoch, who judged it. */
  readonly judges = new Map<number, Set<number>>()
  /** By epoch, when the first had it certified. */
  readonly endedMs = new Map<number, number>()
  /** Who lies about its numbers, and keeps to the protocol. */
  readonly #lies: (peer: number) => boolean

  constructor(
    options: Partial<ModelledSwarmOptions> & Pick<ModelledSwarmOptions, 'peers' | 'tolerated' | 'seed'>,
    lies: (peer: number) => boolean = () => false,
  ) {
    this.#lies = lies
    this.swarm = new ModelledSwarm({
      rounds: 1000,
      ordered: { filters, remembered: 16, bootstrap: 0, step: 1 },
      learn: learn(options.seed),
      timing: { graceMs: 20, timeoutMs: 100, askMs: 500 },
      training: { ms: 100 },
      links: { latency: { ms: 10 }, loss: 0, duplication: 0, reordering: 0 },
      ...options,
      onStep: (peer, { outputs }, _, nowMs) => {
        for (const output of outputs) this.#see(peer, output, nowMs)
      },
    })
  }

  #see(peer: number, output: Output, nowMs: number): void {
    if (output.kind === 'ordered') {
      const { kind: _, round, ...judged } = output
      const before = this.judged.get(round)
      if (before !== undefined) expect(judged).toEqual(before)
      this.judged.set(round, judged)
      this.judges.set(round, (this.judges.get(round) ?? new Set()).add(peer))
    }
    if (output.kind === 'round-ended' && !this.endedMs.has(output.round)) this.endedMs.set(output.round, nowMs)
  }

  /** Until all honest peers have certified so many epochs. */
  until(epochs: number, mostMs: number, peers = this.swarm.honest): this {
    const done = (): boolean => peers.every((peer) => this.swarm.height(peer) >= epochs)
    this.swarm.network.run(done, mostMs)
    expect(done(), `heights ${peers.map((peer) => this.swarm.height(peer))}`).toBe(true)
    return this
  }

  isHonest(peer: number): boolean {
    return this.swarm.honest.includes(peer) && !this.#lies(peer)
  }

  /** How many gradients of a peer, or of all, the filters let through. */
  applied(peer?: number): number {
    const all = [...this.judged.values()].flatMap(({ applied, robust }) => (robust ? [] : applied))
    return peer === undefined ? all.length : all.filter((author) => author === peer).length
  }

  certificates(): readonly Certificate[] {
    const [first] = this.swarm.honest
    return this.swarm.certified[first!]!
  }
}

/** Of all sets of so many in a row, the fewest honest authors. */
function fewestHonest(watched: Watched, inRow: number): number {
  const authors = [...watched.judged]
    .sort(([a], [b]) => a - b)
    .flatMap(([, { applied, robust }]) => (robust ? [] : applied))
  const honest = authors.map((peer) => (watched.isHonest(peer) ? 1 : 0) as number)
  const counts = honest.slice(inRow - 1).map((_, at) => honest.slice(at, at + inRow).reduce((a, b) => a + b, 0))
  return Math.min(...counts)
}

/** Whether of every set that is judged one author at least is honest. */
function honestInAll(watched: Watched): boolean {
  return [...watched.judged.values()].every(({ applied, refused }) =>
    [...applied, ...refused].some((peer) => watched.isHonest(peer)),
  )
}

function expectSound(watched: Watched): void {
  expect(watched.swarm.forks()).toBe(0)
  expect([...watched.swarm.halted]).toEqual([])
  for (const { peer } of watched.swarm.faults) expect(watched.swarm.honest).not.toContain(peer)
  for (const culprit of watched.swarm.culprits()) expect(watched.swarm.honest).not.toContain(culprit)
}

/** How far the newest model is from what all learn. */
function distance(watched: Watched): number {
  const model = watched.swarm.vector(watched.certificates().at(-1)!.checkpoint.model)!
  return Math.hypot(...[...model].map((x) => x + 1))
}

it('learns, and all have one model', () => {
  const watched = new Watched({ peers: 4, tolerated: 1, seed: 1 }).until(40, 60_000)
  expectSound(watched)
  expect(distance(watched)).toBeLessThan(0.05)
  expect(watched.applied()).toBeGreaterThan(60)
})

it('waits for nobody that is ten times slower, whose gradients count', () => {
  const training = (peer: number) => ({ ms: peer === 0 ? 1000 : 100 })
  const watched = new Watched({ peers: 4, tolerated: 1, seed: 2, training }).until(45, 30_000)
  expectSound(watched)
  // Training, the grace time, and agreement on who is not there.
  expect(watched.endedMs.get(45)! / 45).toBeLessThan(300)
  expect(watched.applied(0)).toBeGreaterThan(0)
  expect(distance(watched)).toBeLessThan(0.05)
})

it.each(['silent', 'equivocate', 'split-brain'])('goes on while f are %s', (behaviour) => {
  const liars = new Map([[2, createAdversary({ behaviour }, 2)]])
  const watched = new Watched({ peers: 4, tolerated: 1, seed: 3, liars }).until(25, 60_000)
  expectSound(watched)
  expect(distance(watched)).toBeLessThan(0.5)
})

const factors = { 'reversed x 10': -10, 'times 20': 20 }

it.each(Object.entries(factors))('%s: f liars that are fast neither lead nor stop it', (_, factor) => {
  const watched = withFastLiars({ peers: 4, tolerated: 1, seed: 4 }, 1, factor).until(50, 60_000)
  expectSound(watched)
  // It began at 4.
  expect(distance(watched)).toBeLessThan(0.5)
})

/** The first of them lie about their numbers, and are fast; the honest are not alike. */
function withFastLiars(
  options: Pick<ModelledSwarmOptions, 'peers' | 'tolerated' | 'seed'>,
  count: number,
  factor: number,
): Watched {
  const lies = (peer: number): boolean => peer < count
  return new Watched(
    {
      ...options,
      learn: learn(options.seed, (peer) => (lies(peer) ? factor : 1)),
      training: (peer) => (lies(peer) ? { ms: 1 } : { uniform: [50, 400] }),
    },
    lies,
  )
}

const seeds = [1, 2]

it('has an honest author in every set, and f + 1 of any 2f + 1 that are applied in a row', () => {
  for (const seed of seeds) {
    const watched = withFastLiars({ peers: 7, tolerated: 2, seed }, 2, 1).until(20, 60_000)
    expect(honestInAll(watched)).toBe(true)
    expect(fewestHonest(watched, 5)).toBeGreaterThanOrEqual(3)
  }
})

it('has neither with thresholds of one less: f is taken to be 1 where 2 lie', () => {
  const all = seeds.map((seed) => withFastLiars({ peers: 7, tolerated: 1, seed }, 2, 1).until(20, 60_000))
  expect(all.some((watched) => !honestInAll(watched))).toBe(true)
  expect(Math.min(...all.map((watched) => fewestHonest(watched, 5)))).toBeLessThan(3)
})

it('takes in whoever was cut off, with the vectors that the checkpoint names', () => {
  const watched = new Watched({ peers: 4, tolerated: 1, seed: 5 })
  const { network } = watched.swarm
  watched.until(6, 60_000)
  network.setReach((a, b) => (a === 3) === (b === 3))
  watched.until(18, 60_000, [0, 1, 2])
  expect(watched.swarm.height(3)).toBeLessThan(10)
  network.setReach(() => true)
  const [before, at] = [watched.applied(3), watched.swarm.height(0)]
  watched.until(at + 15, 120_000)
  expectSound(watched)
  // It judged epochs itself, as the others did, and its gradients count again.
  expect([...watched.judges].filter(([round, peers]) => round > at && peers.has(3)).length).toBeGreaterThan(3)
  expect(watched.applied(3)).toBeGreaterThan(before)
})
