import { identityOfSeed } from '@hearsay/libp2p'
import { canonical } from '@hearsay/peer'
import { agreements } from '@hearsay/protocol'
import { expect, test } from 'vitest'
import { charterOf, foundedCharterOf, type Genesis, genesisSchema, ruleOf } from './genesis.ts'

const seeds = Array.from({ length: 14 }, (_, at) => new Uint8Array(32).fill(at + 1))
const ids = (await Promise.all(seeds.map((seed) => identityOfSeed(seed)))).map(({ id }) => id)
const peers = ids.slice(0, 4).map((id) => ({ id }))
const genesis = { name: 'n', tolerated: 1, peers }
const parsed = (input: unknown): Genesis => genesisSchema().parse(input)
const base = {
  ...genesis,
  task: { model: 'mlp', partition: { kind: 'dirichlet', alpha: 0.5 } },
  learning: { localSteps: 5 },
  aggregation: { rule: 'median' },
  agreement: { graceMs: 1, timeoutMs: 2 },
  seed: 3,
}
const name = (input: unknown, initial = 'a'.repeat(64)): string => foundedCharterOf(parsed(input), initial).genesis

test('the name of a network does not depend on the order of peers and keys, nor on names of peers', () => {
  const reversed = Object.fromEntries(Object.entries(base).reverse())
  const named = [...peers].reverse().map((peer, i) => ({ name: `peer ${i}`, ...peer }))
  const task = { partition: { alpha: 0.5, kind: 'dirichlet' }, model: 'mlp' }
  expect(name({ ...reversed, peers: named, task })).toBe(name(base))
  expect(name(base)).toMatch(/^[0-9a-f]{64}$/)
})

test.each([
  { name: 'm' },
  { tolerated: 0 },
  { peers: peers.slice(0, 3), tolerated: 0 },
  { peers: [...peers.slice(0, 3), { id: ids[4]! }] },
  { task: { model: 'cnn' } },
  { task: { ...base.task, partition: { kind: 'dirichlet', alpha: 0.6 } } },
  { learning: {} },
  { aggregation: { rule: 'mean' } },
  { agreement: { graceMs: 2, timeoutMs: 2 } },
  { seed: 4 },
])('the name of a network changes with %j', (change) => {
  const names = new Set([name(base), name({ ...base, tolerated: 0 }), name({ ...base, ...change })])
  expect(names.size).toBe('tolerated' in change && !('peers' in change) ? 2 : 3)
})

test('the name of a network is what it was before there were weights, unless somebody weighs more', () => {
  const weighing = (...weights: number[]): string =>
    name({
      name: 'n',
      peers: ids.slice(0, 4).map((id, at) => ({ id, ...(weights[at] !== undefined && { weight: weights[at] }) })),
    })
  expect(weighing()).toBe('e1af9fbcc8e14f8818fc75c8d96a8c5bcc32348a4117883adccdd7b298b5e076')
  expect(weighing(1, 1)).toBe(weighing())
  expect(new Set([weighing(), weighing(2), weighing(1, 2), weighing(2, 2, 2, 2)]).size).toBe(4)
})

test.each([
  [undefined, '79c055ec63518bbafe3bfe9cf8022fd758e189031a140b400ed5dfe9d7f9e4a9', 4],
  [{ kind: 'exact', timeoutMs: 7 }, 'b09dbd28f4fd3519182f1d53f84347c719a9da5ae117c6b6dcfd24d018fd3d9b', 4],
  [{ kind: 'averaging' }, 'c9ade058b1525bf7b6447c8630c4a24d650faef951f052406bcce7524c6c681b', 4],
  [
    { kind: 'averaging', method: 'mda', mode: 'synchronous', heterogeneous: false, graceMs: 0, roundMs: 0 },
    '6da8d662548ad70a8f8cbad34314755ff60ab472061b92bd17b4fb91f2913e6a',
    3,
  ],
  [{ kind: 'averaging', method: 'nna' }, '21e33b6a4e7f693b53229e09ce2ca8ae1fd121e6a54040ce730abe261d56602c', 1],
])(
  'the name of a network is what it was before agreements said what a genesis may say of them: %j',
  (agreement, digest, tolerated) => {
    const written = { name: 'n', peers: ids.slice(0, 13).map((id) => ({ id })), ...(agreement && { agreement }) }
    expect([name(written), parsed(written).tolerated]).toEqual([digest, tolerated])
  },
)

test('a genesis takes an agreement that somebody brings, with what it says of itself', () => {
  const spread = { kind: 'integer', summary: 'how far', least: 1, default: 3 } as const
  agreements.add({
    ...agreements.find('averaging'),
    name: 'spreading',
    options: {},
    genesis: { spread },
    least: ({ spread }) => Number(spread),
    faults: () => [],
  })
  const of = (agreement: object): Genesis => parsed({ ...genesis, tolerated: undefined, agreement })
  expect(of({ kind: 'spreading' })).toMatchObject({
    tolerated: 1,
    agreement: { kind: 'spreading', spread: 3, roundMs: 60_000 },
  })
  expect(of({ kind: 'spreading', spread: 4 }).tolerated).toBe(0)
  expect(() => of({ kind: 'spreading', graceMs: 1 })).toThrow('Unrecognized key: \\"graceMs\\"')
  expect(() => of({ kind: 'spraeding' })).toThrow('did you mean \\"spreading\\"')
  const weights = genesis.peers.map((peer) => ({ ...peer, weight: 2 }))
  expect(() => parsed({ ...genesis, peers: weights, agreement: { kind: 'spreading' } })).toThrow('counts peers')
})

test('a genesis has weights: as many liars as they allow are tolerated, and the rule withstands their weight', () => {
  const weights = [3, 1, 1, 1]
  const heavy = {
    ...base,
    aggregation: { rule: 'mean' },
    peers: peers.map((peer, at) => ({ ...peer, weight: weights[at]! })),
  }
  const { tolerated: _, ...open } = heavy
  expect(parsed(open).tolerated).toBe(1)
  expect(ruleOf(parsed(heavy))).toMatchObject({ rule: 'mean', tolerated: 1 })
  const even = { ...open, peers: peers.map((peer) => ({ ...peer, weight: 2 })) }
  expect(parsed(even).tolerated).toBe(2)
  expect(ruleOf(parsed(even))).toMatchObject({ tolerated: 2 })
  expect(() => ruleOf(parsed({ ...heavy, aggregation: { rule: 'caf' } }))).toThrow('refuses weights that differ')
  const { quorums } = charterOf(parsed(heavy)).at(7)
  expect(peers.map((_, at) => quorums.weight(at)).sort()).toEqual([1, 1, 1, 3])
  expect(() => parsed({ ...heavy, tolerated: 2 })).toThrow('peers that weigh 6 tolerate at most 1 liars, not 2')
})

test('the name of a network changes with the first model', () =>
  expect(name(base, 'b'.repeat(64))).not.toBe(name(base)))

test('a genesis has a rule in one text, in whatever order its options are written', () => {
  const texts = [
    { rule: 'krum', variant: 'x' },
    { variant: 'x', rule: 'krum' },
  ].map((aggregation) => canonical({ ...aggregation, tolerated: 1 }))
  expect(texts[0]).toBe(texts[1])
  expect(canonical(ruleOf(parsed(genesis)))).toBe('{"rule":"trimmed-mean","tolerated":1}')
})

test('a rule may tolerate another f than the agreement, which is part of the name of the network', () => {
  const own = { ...base, aggregation: { rule: 'median', tolerated: 0 } }
  expect(ruleOf(parsed(own))).toMatchObject({ rule: 'median', tolerated: 0 })
  expect(name(own)).not.toBe(name({ ...base, aggregation: { rule: 'median' } }))
  expect(() => parsed({ ...base, aggregation: { rule: 'median', tolerated: 2 } })).toThrow('n > 2f')
})

test('no genesis trusts everybody', () =>
  expect(() => parsed({ ...base, agreement: { kind: 'trusted' } })).toThrow('protects nobody'))

const trusting = {
  name: 'n',
  peers,
  aggregation: { rule: 'median' },
  trust: { preTrusted: [ids[0], ids[1]], vouches: [[ids[0], ids[2], 0.5]] },
}

test('vouches give the weights of the first round, in a name of their own, and F is the most that these allow', () => {
  const { quorums, trust } = charterOf(parsed(trusting)).at(1)
  const roster = ids.slice(0, 4).sort()
  const weightOf = (id: string | undefined): number => quorums.weight(roster.indexOf(id!))
  expect([0, 1, 2, 3].map((at) => weightOf(ids[at]))).toEqual([800, 800, 53, 0])
  expect(quorums.tolerated).toBe(550)
  expect(trust?.vouches).toEqual([{ from: roster.indexOf(ids[0]!), to: roster.indexOf(ids[2]!), weight: 50 }])
  const reversed = { ...trusting, trust: { ...trusting.trust, preTrusted: [ids[1], ids[0]], every: 1 } }
  expect(name(reversed)).toBe(name(trusting))
  expect(name({ ...trusting, trust: { ...trusting.trust, every: 2 } })).not.toBe(name(trusting))
})

test.each([
  [{ trust: { preTrusted: [ids[9]] } }, 'is none of the peers'],
  [{ trust: { preTrusted: [ids[0]], vouches: [[ids[0], ids[0]]] } }, 'vouches for itself'],
  [{ trust: { preTrusted: [ids[0]], vouches: [[ids[0], ids[1], 0.001]] } }, 'in hundredths'],
  [{ trust: { preTrusted: [ids[0]], decay: 2 } }, 'decay'],
  [{ tolerated: 1 }, 'leave it out'],
  [{ peers: peers.map((peer) => ({ ...peer, weight: 1 })) }, 'trust gives the weights'],
  [{ agreement: { kind: 'averaging' } }, 'take exact'],
  [{ aggregation: { rule: 'krum' } }, 'choose a rule that counts them'],
])('of a genesis with vouches %j is refused', (change, message) => {
  expect(() => parsed({ ...trusting, ...change })).toThrow(message)
})
