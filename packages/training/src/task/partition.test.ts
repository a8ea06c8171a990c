import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PartitionSpec, partition } from './partition.ts'
import { stream } from './random.ts'

const random = stream(1, 'labels')
const labels = Uint8Array.from({ length: 2_000 }, () => random.integer(10))
const specs: PartitionSpec[] = [
  { kind: 'iid' },
  { kind: 'dirichlet', alpha: 0.5 },
  { kind: 'shards', perPeer: 2 },
  { kind: 'quantity', alpha: 1 },
]
const classesOf = (share: Int32Array) => new Set(Array.from(share, (index) => labels[index])).size

test('every sample belongs to one peer, and every peer has its batch', () => {
  fc.assert(
    fc.property(fc.constantFrom(...specs), fc.integer({ min: 1, max: 20 }), fc.nat(), (spec, peers, seed) => {
      const shares = partition(labels, peers, spec, seed, 5)
      expect(shares).toHaveLength(peers)
      for (const share of shares) expect(share.length).toBeGreaterThanOrEqual(5)
      const all = shares.flatMap((share) => [...share]).sort((a, b) => a - b)
      expect(all).toEqual([...labels.keys()])
    }),
    { numRuns: 60 },
  )
})

test.each(specs)('$kind is a function of the seed', (spec) => {
  expect(partition(labels, 7, spec, 3, 5)).toEqual(partition(labels, 7, spec, 3, 5))
  expect(partition(labels, 7, spec, 3, 5)).not.toEqual(partition(labels, 7, spec, 4, 5))
})

test('iid shares are equal in size and have all classes', () => {
  for (const share of partition(labels, 7, { kind: 'iid' }, 1, 5)) {
    expect(Math.abs(share.length - 2_000 / 7)).toBeLessThan(1)
    expect(classesOf(share)).toBe(10)
  }
})

test('two shards are about two classes', () => {
  for (const share of partition(labels, 10, { kind: 'shards', perPeer: 2 }, 1, 5)) {
    expect(classesOf(share)).toBeLessThanOrEqual(4)
    expect(Math.abs(share.length - 200)).toBeLessThanOrEqual(2)
  }
})

test('dirichlet concentrates classes as alpha falls', () => {
  const purity = (alpha: number) => {
    const shares = partition(labels, 10, { kind: 'dirichlet', alpha }, 1, 5)
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
  const shares = partition(labels, 5, { kind: 'quantity', alpha: 0.5 }, 1, 20)
  const sizes = shares.map((share) => share.length)
  expect(Math.max(...sizes)).toBeGreaterThan(2 * Math.min(...sizes))
  for (const share of shares) if (share.length > 100) expect(classesOf(share)).toBe(10)
})

test('too few samples are a clear error', () => {
  const code = expect.objectContaining({ code: 'partition-too-small' })
  expect(() => partition(labels, 100, { kind: 'iid' }, 1, 32)).toThrow(code)
  expect(() => partition(labels, 100, { kind: 'iid' }, 1, 32)).toThrow(/need 3200 training samples, have 2000/)
  const skewed = () => partition(labels, 40, { kind: 'quantity', alpha: 0.001 }, 1, 32)
  expect(skewed).toThrow(code)
  expect(skewed).toThrow(/quantity with alpha 0.001 .*raise alpha/)
})
