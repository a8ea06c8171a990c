import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stream } from '../random.ts'
import { type PartitionSpec, partition } from './partitions.ts'

const random = stream(1, 'labels')
const labels = Uint8Array.from({ length: 2_000 }, () => random.integer(10))
// Thirty users of whom some have much and some little.
const groups = Int32Array.from({ length: 2_000 }, () => Math.floor(30 * random.uniform() ** 2))
const samples = { count: 2_000, labels, groups }
const specs: PartitionSpec[] = [
  { kind: 'iid' },
  { kind: 'dirichlet', alpha: 0.5 },
  { kind: 'shards', perPeer: 2 },
  { kind: 'quantity', alpha: 1 },
  { kind: 'group' },
]
const classesOf = (share: Int32Array) => new Set(Array.from(share, (index) => labels[index])).size

test('every sample belongs to one peer, and every peer has its batch', () => {
  fc.assert(
    fc.property(fc.constantFrom(...specs), fc.integer({ min: 1, max: 20 }), fc.nat(), (spec, peers, seed) => {
      const shares = partition(samples, peers, spec, seed, 5)
      expect(shares).toHaveLength(peers)
      for (const share of shares) expect(share.length).toBeGreaterThanOrEqual(5)
      const all = shares.flatMap((share) => [...share]).sort((a, b) => a - b)
      expect(all).toEqual([...labels.keys()])
    }),
    { numRuns: 60 },
  )
})

test.each(specs)('$kind is a function of the seed', (spec) => {
  expect(partition(samples, 7, spec, 3, 5)).toEqual(partition(samples, 7, spec, 3, 5))
  expect(partition(samples, 7, spec, 3, 5)).not.toEqual(partition(samples, 7, spec, 4, 5))
})

test('iid shares are equal in size and have all classes', () => {
  for (const share of partition(samples, 7, { kind: 'iid' }, 1, 5)) {
    expect(Math.abs(share.length - 2_000 / 7)).toBeLessThan(1)
    expect(classesOf(share)).toBe(10)
  }
})

test('two shards are about two classes', () => {
  for (const share of partition(samples, 10, { kind: 'shards', perPeer: 2 }, 1, 5)) {
    expect(classesOf(share)).toBeLessThanOrEqual(4)
    expect(Math.abs(share.length - 200)).toBeLessThanOrEqual(2)
  }
})

test('dirichlet concentrates classes as alpha falls', () => {
  const purity = (alpha: number) => {
    const shares = partition(samples, 10, { kind: 'dirichlet', alpha }, 1, 5)
    const most = shares.map((share) => {
      const counts = Array.from({ length: 10 }, (_, label) => share.filter((index) => labels[index] === label).length)
      return Math.max(...counts) / share.length
    })
    return most.reduce((sum, value) => sum + value) / most.length
  }
  expect(purity(0.1)).toBeGreaterThan(0.4)
  expect(purity(1_000)).toBeLessThan(0.2)
})

test('quantity varies sizes, not classes', () => {
  const shares = partition(samples, 5, { kind: 'quantity', alpha: 0.5 }, 1, 20)
  const sizes = shares.map((share) => share.length)
  expect(Math.max(...sizes)).toBeGreaterThan(2 * Math.min(...sizes))
  for (const share of shares) if (share.length > 100) expect(classesOf(share)).toBe(10)
})

test('too few samples are a clear error', () => {
  const code = expect.objectContaining({ code: 'partition-too-small' })
  expect(() => partition(samples, 100, { kind: 'iid' }, 1, 32)).toThrow(code)
  expect(() => partition(samples, 100, { kind: 'iid' }, 1, 32)).toThrow(/need 3200 training samples, have 2000/)
  const skewed = () => partition(samples, 40, { kind: 'quantity', alpha: 0.001 }, 1, 32)
  expect(skewed).toThrow(code)
  expect(skewed).toThrow(/quantity with alpha 0.001 .*raise alpha/)
})

test('whole groups go to peers, dealt so that sizes are even', () => {
  const shares = partition(samples, 4, { kind: 'group' }, 1, 5)
  const owners = shares.flatMap((share, peer) =>
    [...new Set(Array.from(share, (index) => groups[index]!))].map((group) => [group, peer]),
  )
  expect(new Set(owners.map(([group]) => group)).size).toBe(owners.length)
  const sizes = shares.map((share) => share.length)
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(30)
})

test('with as many groups as peers each has one, and which is drawn', () => {
  const thirty = (seed: number) =>
    partition(samples, 30, { kind: 'group' }, seed, 1).map(
      (share) => new Set(Array.from(share, (index) => groups[index])),
    )
  for (const only of thirty(1)) expect(only.size).toBe(1)
  expect(thirty(1)).not.toEqual(thirty(2))
})

test('fewer groups than peers are a clear error', () => {
  const divide = () => partition(samples, 31, { kind: 'group' }, 1, 1)
  expect(divide).toThrow(expect.objectContaining({ code: 'partition-too-small' }))
  expect(divide).toThrow('31 peers need as many groups, the training samples are of 30; lower peers')
})

test('without classes or groups, partitions that need them say so, and the others divide', () => {
  const bare = { count: 2_000 }
  const code = expect.objectContaining({ code: 'bad-partition' })
  for (const spec of specs) {
    const divide = () => partition(bare, 7, spec, 1, 5)
    if (spec.kind === 'iid' || spec.kind === 'quantity') expect(divide()).toHaveLength(7)
    else expect(divide).toThrow(code)
  }
  expect(() => partition(bare, 7, { kind: 'shards', perPeer: 2 }, 1, 5)).toThrow(
    /no class; take iid, quantity or group/,
  )
  expect(() => partition(bare, 7, { kind: 'group' }, 1, 5)).toThrow(/whose each sample is.*data\.group/)
})

test('classes may be more than a byte holds', () => {
  const many = Int32Array.from({ length: 2_000 }, (_, index) => 1_000 * (index % 500))
  for (const share of partition({ count: 2_000, labels: many }, 10, { kind: 'shards', perPeer: 2 }, 1, 5))
    expect(new Set(Array.from(share, (index) => many[index])).size).toBeLessThanOrEqual(52)
})

// Results that were published follow from them.
test('shares keep their bits', () => {
  const firsts = specs.map((spec) =>
    partition(samples, 7, spec, 'golden', 5)
      .map((share) => share[0])
      .join(' '),
  )
  expect(firsts).toEqual([
    '758 781 1421 1804 849 1608 877',
    '471 245 918 976 151 1815 1276',
    '1586 178 1354 525 1785 1402 1663',
    '758 228 752 1061 1797 61 652',
    '1994 501 1127 99 1229 1146 181',
  ])
})
