import { createKeys, createLibp2pPeer } from '@hearsay/libp2p'
import { composePeer, type Driver, FoundedCharter, promised } from '@hearsay/peer'
import { agreementOf, agreements, type Digest, digestOfVector, type Ended, type Keys } from '@hearsay/protocol'
import type { Life } from '@hearsay/virtual'
import { modelledKeys, SharedVectors, VirtualNetwork } from '@hearsay/virtual'
import { gossip } from '@hearsay/virtual/testing/gossip/gossip'
import { expect, it } from 'vitest'
import { identities } from '../../identities.ts'

agreements.add({
  name: 'gossip',
  summary: 'plain averaging with neighbours',
  end: 'averaged',
  options: {
    graph: {
      kind: 'list',
      summary: 'pairs of neighbours',
      of: { kind: 'list', summary: 'two peers', of: { kind: 'integer', summary: 'a peer' }, least: 2, most: 2 },
      least: 1,
      most: 100,
    },
  },
  make: ({ graph }) => gossip({ graph: graph as [number, number][] }),
  describe: () => 'gossip',
})

const rule = { rule: 'mean', tolerated: 0 } as const
const initial = new Float32Array(8).fill(1)
const timing = { graceMs: 2000, askMs: 100 }

/** A ring with one chord. */
function ringOf(peers: number): [number, number][] {
  return [...Array(peers).keys()].map((at): [number, number] => [at, (at + 1) % peers]).concat([[0, peers >> 1]])
}

function networksOf(peers: number, keysOf: (self: number) => Keys) {
  const agreement = agreementOf({ kind: 'gossip', graph: ringOf(peers) })
  const { tolerated, ...aggregation } = rule
  const ids = [...Array(peers).keys()].map(String)
  const charter = new FoundedCharter({ record: `gossip of ${peers}`, ids, tolerated, aggregation, agreement })
  return Array.from({ length: peers }, (_, self) => charter.network(keysOf(self)))
}

/** Everybody learns something else in the first round, and nothing after it. */
const trainerOf = (self: number) =>
  promised(async (round) => new Float32Array(8).fill(round === 1 ? 2 ** (self % 10) : 0))
const at = (peers: number) => ({ ids: [...Array(peers).keys()].map(String), initial: digestOfVector(initial), timing })

interface Run {
  readonly network: VirtualNetwork
  readonly vectors: SharedVectors
  /** By peer, what its rounds ended with. */
  readonly ended: Ended[][]
}

function virtualRun(peers: number, rounds: number, { silent = -1, loss = 0, seed = 1 } = {}): Run {
  const keys = modelledKeys(peers, seed)
  const networks = networksOf(peers, (self) => keys[self]!)
  const vectors = new SharedVectors(peers, initial, rule)
  const ended: Ended[][] = networks.map(() => [])
  const create = (self: number, { kept, ...ports }: Life): Driver =>
    composePeer({
      ...{ ...ports, ...at(peers), network: networks[self]!, self, vectors: vectors.of(self), lastRound: rounds },
      kept: { memory: 'whole', ...kept },
      trainer: self === silent ? { train: () => {} } : synchronous(self),
      watch: (event) => {
        if (event.kind === 'failed') throw event.error
      },
    })
  const network = new VirtualNetwork({
    ...{ seed, links: { latency: { uniform: [5, 60] }, loss }, connections: ringOf(peers) },
    peers: networks.map((_, self) => ({ id: String(self), honest: true, create: (life) => create(self, life) })),
    onStep: (peer, { outputs }) => {
      for (const output of outputs) if (output.kind === 'round-ended') ended[peer]!.push(output)
    },
  })
  return { network, vectors, ended }
}

/** Virtual time does not wait for promises. */
const synchronous = (self: number): ReturnType<typeof promised> => ({
  train: ({ round }, done) => done(new Float32Array(8).fill(round === 1 ? 2 ** (self % 10) : 0)),
})

/** The distance between the models farthest apart. */
function spread(models: readonly (Float32Array | undefined)[]): number {
  const values = models.map((model) => model![0]!)
  return Math.max(...values) - Math.min(...values)
}

const heights = (ended: readonly (readonly Ended[])[]): number[] => ended.map((rounds) => rounds.at(-1)?.round ?? 0)
const modelsOf = (ended: readonly (readonly Ended[])[], round: number): Digest[] =>
  ended.map((rounds) => rounds.find((each) => each.round === round)!.model)

it('models come closer on a virtual network that loses words, through a crash', () => {
  for (const seed of [1, 2, 3]) {
    const rounds = 20
    const { network, vectors, ended } = virtualRun(10, rounds, { loss: 0.05, seed })
    const spreads: number[] = []
    network.after(700, () => network.crash(3))
    network.after(1500, () => network.restart(3))
    network.run(() => {
      const least = Math.min(...heights(ended))
      if (least > spreads.length && spreads.length < least)
        spreads.push(spread(modelsOf(ended, least).map((model) => vectors.vector(model))))
      return least === rounds
    }, 600_000)
    expect(heights(ended)).toEqual(Array(10).fill(rounds))
    for (const [round, now] of spreads.entries()) expect(now).toBeLessThanOrEqual(spreads[round - 1] ?? 1024)
    expect(spreads.at(-1)!).toBeLessThan(spreads[0]! / 5)
    expect(network.counters.rejected).toBe(0)
  }
})

it('a silent peer is not waited for without end, and the same seed gives the same run', () => {
  const digests = [1, 1, 2].map((seed) => {
    const { network, ended } = virtualRun(5, 4, { silent: 2, seed })
    network.run(() => heights(ended).every((height, peer) => peer === 2 || height === 4), 600_000)
    expect(heights(ended)).toEqual([4, 4, 0, 4, 4])
    return network.traceDigest()
  })
  expect(digests[0]).toBe(digests[1])
  expect(digests[0]).not.toBe(digests[2])
})

it('libp2p gives the very models that the virtual network gives', async () => {
  const [peers, rounds] = [4, 5]
  const members = await identities(peers, 1)
  const publicKeys = members.map(({ publicKey }) => publicKey)
  const networks = networksOf(peers, (self) => createKeys(members[self]!.seed, publicKeys))
  const ended: Ended[][] = networks.map(() => [])
  const over = Promise.withResolvers<void>()
  const running = await Promise.all(
    members.map(({ seed }, self) => {
      const transport = { kind: 'memory', address: `gossip ${self}` } as const
      const ids = members.map(({ id }) => id)
      const host = { network: networks[self]!, ids, rule, initial, privateKey: seed, transport }
      return createLibp2pPeer(host, (ports) =>
        composePeer({
          ...{ ...ports, ...at(peers), ids, network: networks[self]!, self, lastRound: rounds },
          timing: { ...timing, graceMs: 60_000 },
          kept: { memory: 'whole' },
          trainer: trainerOf(self),
          watch: (event) => {
            if (event.kind === 'failed') over.reject(event.error)
            if (event.kind === 'output' && event.output.kind === 'round-ended') ended[self]!.push(event.output)
            if (heights(ended).every((height) => height === rounds)) over.resolve()
          },
        }),
      )
    }),
  )
  try {
    await Promise.all(running.map(({ host }) => host.start()))
    await Promise.all(ringOf(peers).map(([a, b]) => running[a]!.host.connect(running[b]!.host.addresses()[0]!)))
    for (const { driver } of running) driver.start()
    await over.promise
  } finally {
    await Promise.all(running.map(({ driver }) => driver.stop()))
  }
  const virtual = virtualRun(peers, rounds)
  virtual.network.run(() => heights(virtual.ended).every((height) => height === rounds), 600_000)
  for (let round = 1; round <= rounds; round++) expect(modelsOf(ended, round)).toEqual(modelsOf(virtual.ended, round))
})
