import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trustMethods, trustOf } from './methods.ts'
import { type Vouch, Vouches } from './vouches/vouches.ts'
import { wholeWeights } from './whole-weights.ts'

/** Honest peers and a region of sybils that say of each other whatever they like; few vouches go into the region. */
const regions = fc
  .record({ honest: fc.integer({ min: 2, max: 12 }), sybils: fc.integer({ min: 1, max: 20 }) })
  .chain(({ honest, sybils }) => {
    const count = honest + sybils
    const pair = fc.record({
      from: fc.nat(count - 1),
      to: fc.nat(count - 1),
      weight: fc.constantFrom(0.01, 0.3, 0.5, 1),
    })
    const vouches = fc
      .uniqueArray(pair, { maxLength: 120, selector: ({ from, to }) => from * count + to })
      .map((all) => all.filter(({ from, to }) => from !== to))
    return fc.record({ honest: fc.constant(honest), count: fc.constant(count), vouches, shuffle: fc.nat() })
  })

const ofRegion = (trust: Float64Array, honest: number) => trust.slice(honest).reduce((sum, each) => sum + each, 0)
const sumOver = (vouches: readonly Vouch[], share: (vouch: Vouch) => number) =>
  vouches.reduce((sum, vouch) => sum + share(vouch), 0)

test('lipschitrust: a region has at most its inflow over 1 − decay', () => {
  fc.assert(
    fc.property(regions, fc.constantFrom(0.3, 0.8, 0.95), fc.constantFrom(0, 5), (region, decay, sink) => {
      const { honest, count, vouches } = region
      const { trust } = trustOf({ method: 'lipschitrust', decay, sink }, Vouches.of(count, vouches), [0, 1])
      const given = (peer: number) => vouches.filter(({ from }) => from === peer).length + sink
      const into = vouches.filter(({ from, to }) => from < honest && to >= honest)
      const inflow = sumOver(into, ({ from, weight }) => (decay * weight! * trust[from]!) / given(from))
      expect(ofRegion(trust, honest)).toBeLessThanOrEqual(inflow / (1 - decay) + 1e-7)
      for (const each of trust) expect(each).toBeLessThanOrEqual(1)
      for (const peer of [0, 1]) expect(trust[peer]).toBeGreaterThanOrEqual(0.8)
    }),
  )
})

test('eigentrust: a region has at most its inflow times (1 − restart) / restart, and all is 1', () => {
  fc.assert(
    fc.property(regions, fc.constantFrom(0.05, 0.15, 0.5), ({ honest, count, vouches }, restart) => {
      const { trust } = trustOf({ method: 'eigentrust', restart }, Vouches.of(count, vouches), [0, 1])
      const given = (peer: number) =>
        sumOver(
          vouches.filter(({ from }) => from === peer),
          ({ weight }) => weight!,
        )
      const into = vouches.filter(({ from, to }) => from < honest && to >= honest)
      const inflow = sumOver(into, ({ from, weight }) => (weight! / given(from)) * trust[from]!)
      expect(ofRegion(trust, honest)).toBeLessThanOrEqual((inflow * (1 - restart)) / restart + 1e-9)
      expect(trust.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9)
    }),
  )
})

test('sybilrank: what sybils say of honest peers, and of each other without a link to them, is worth nothing', () => {
  fc.assert(
    fc.property(regions, ({ honest, count, vouches }) => {
      const free = vouches.filter(({ from, to }) => from >= honest || to < honest)
      const { trust } = trustOf({ method: 'sybilrank' }, Vouches.of(count, free), [0, 1])
      expect(ofRegion(trust, honest)).toBe(0)
    }),
  )
})

test.each([...trustMethods.keys()])('%s: the order of vouches does not touch a bit', (method) => {
  fc.assert(
    fc.property(regions, ({ count, vouches, shuffle }) => {
      const turned = vouches.toSorted((a, b) => ((a.from * 31 + a.to) ^ shuffle) - ((b.from * 31 + b.to) ^ shuffle))
      const one = trustOf({ method }, Vouches.of(count, vouches), [0, 1]).trust
      const other = trustOf({ method }, Vouches.of(count, turned), [1, 0]).trust
      expect(new BigUint64Array(other.buffer)).toEqual(new BigUint64Array(one.buffer))
    }),
  )
})

test('weights are whole, and the pre-trusted have a floor', () => {
  const trust = Float64Array.of(0.8, 0.0009, 0.0016, 3_000)
  expect(wholeWeights(trust, { scale: 1_000 })).toEqual([800, 0, 1, 1_000_000])
  expect(wholeWeights(trust, { scale: 1_000, floor: 5, preTrusted: [0, 1] })).toEqual([800, 5, 1, 1_000_000])
})

test.each([
  [0, [], [0], 'There must be 1 to 100000 peers, found 0.'],
  [1e9, [], [0], 'There must be 1 to 100000 peers'],
  [2, [{ from: 0, to: 0 }], [0], 'Vouch 0: peer 0 vouches for itself, which says nothing: leave it out.'],
  [2, [{ from: 0, to: 2 }], [0], 'Vouch 0: there are peers 0 to 1, found 2.'],
  [2, [{ from: Number.NaN, to: 1 }], [0], 'there are peers 0 to 1, found NaN.'],
  [2, [{ from: 0, to: 1, weight: Number.NaN }], [0], 'its weight must be from 0.000001 to 1000000, found NaN.'],
  [2, [{ from: 0, to: 1, weight: 0 }], [0], 'its weight must be'],
  [2, [{ from: 0, to: 1, weight: 2 }], [0], 'lipschitrust takes vouches of a weight up to 1, found 2.'],
  [
    2,
    [
      { from: 0, to: 1 },
      { from: 0, to: 1 },
    ],
    [0],
    'Vouch 1: peer 0 vouches for 1 twice: leave one out.',
  ],
  [2, [], [], 'Nobody is pre-trusted'],
  [2, [], [2], 'Pre-trusted are some of peers 0 to 1, found 2.'],
] as [number, Vouch[], number[], string][])(
  '%d peers and vouches %j are refused',
  (count, vouches, trusted, message) => {
    expect(() => trustOf({ method: 'lipschitrust' }, Vouches.of(count, vouches), trusted)).toThrow(message)
  },
)

test('a method of one’s own is one more, and what it gives is checked', () => {
  const vouches = Vouches.of(2, [])
  const own = { name: 'own', summary: 'all the same', options: {}, scale: 1, trust: () => new Float64Array(2) }
  trustMethods.add(own)
  expect([...trustOf({ method: 'own' }, vouches, [0]).trust]).toEqual([0, 0])
  trustMethods.add({ ...own, name: 'short', trust: () => new Float64Array(1) })
  expect(() => trustOf({ method: 'short' }, vouches, [0])).toThrow('must give a Float64Array of 2 finite numbers')
  expect(() => trustMethods.add({ ...own, name: 'none', scale: 0 })).toThrow('scale, and mostWeight')
  expect(() => trustOf({ method: 'lipshitrust' }, vouches, [0])).toThrow('did you mean "lipschitrust"?')
})
