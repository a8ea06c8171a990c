import { expect, test } from 'vitest'
import { namedSeed, namedStream, type RandomStream, seededStream, shuffle } from './random.ts'

const eight = (random: RandomStream) => Array.from({ length: 8 }, () => random.integer(1_000_000))

test('streams are the same on every machine, by names and by seed', () => {
  expect(eight(namedStream('1', 'golden'))).toEqual([
    562_071, 627_925, 384_843, 883_474, 370_164, 213_507, 142_925, 79_738,
  ])
  expect(eight(seededStream(7))).toEqual([483_640, 518_630, 75_975, 206_679, 520_423, 801_376, 345_420, 398_331])
  expect(namedSeed('a', 1)).toBe(-1_541_972_205)
})

test('a stream depends on every name, its kind, and where names end', () => {
  const one = eight(namedStream(1, 'batches', 2, 3))
  expect(eight(namedStream(1, 'batches', 2, 3))).toEqual(one)
  const others = [
    [2, 'batches', 2, 3],
    [1, 'model', 2, 3],
    [1, 'batches', 23],
    [1, 'batches', 3, 2],
    ['1', 'batches', 2, 3],
  ]
  for (const names of others) expect(eight(namedStream(...names))).not.toEqual(one)
})

test('below takes one draw whatever its bound', () => {
  const [one, other] = [namedStream('draws'), namedStream('draws')]
  for (let draw = 0; draw < 100; draw++) {
    one.below(3)
    other.below(2 ** 31)
  }
  expect(one.uniform()).toBe(other.uniform())
})

test('uniform, between, integer and below have the means of their distributions', () => {
  const random = namedStream(1, 'moments')
  const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((sum, value) => sum + value) / 20_000
  expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1)
  expect(mean(() => random.between(-3, 1))).toBeCloseTo(-1, 1)
  expect(mean(() => random.integer(5))).toBeCloseTo(2, 1)
  expect(mean(() => random.below(5))).toBeCloseTo(2, 1)
})

test('shuffle permutes, and every order is as likely', () => {
  const counts = new Map<string, number>()
  const random = namedStream(1, 'shuffle')
  for (let draw = 0; draw < 6_000; draw++) {
    const order = shuffle([0, 1, 2], random.integer).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210'])
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})
