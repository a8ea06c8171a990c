import { type Cell, loadScenario } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { cellsToTry, estimate, type Machine, type Probe } from './plan-estimate.ts'

const cellsOf = (text: string): readonly Cell[] =>
  loadScenario(`name: x\nquestion: How long?\npeers: 4\ntolerated: 1\n${text}`, { file: 'x.yaml' }).cells
const virtual = cellsOf('network: virtual\nsweep: { rounds: [10, 20] }\n')
const machine: Machine = { cores: 4, freeMemoryBytes: 8e9, freeDiskBytes: 1e9 }
const tried: Probe = {
  ...{ startMs: 1000, roundMs: 100, evaluationMs: 0, coresAtWork: 1 },
  ...{ memoryBytes: 1e9, ownBytes: 1e9, roundBytes: 2000, modelBytes: 500 },
}

test('what was not tried takes what those that were tried take, round by round', () => {
  const plan = estimate(virtual, new Map([[virtual[0]!, tried]]), machine, 1)
  expect(plan).toMatchObject({ cells: 2, jobs: 2, tried: 1, parallel: 1, aloneMs: 1900 + 2900, longestJobMs: 2900 })
  expect(plan.diskBytes).toBe(30 * 2000 * 1.5 + 2 * 500)
  expect(plan.parallelMs).toBe(plan.aloneMs)
})

test('as many at once as memory and cores bear, and never more than there are', () => {
  const long = { ...tried, startMs: 9100 }
  const probes = new Map([[virtual[0]!, long]])
  const many = Array.from({ length: 10 }, () => virtual[0]!)
  const at = (change: Partial<Machine>, probe: Partial<Probe> = {}, jobs: readonly Cell[] = many) =>
    estimate(jobs, new Map([[virtual[0]!, { ...long, ...probe }]]), { ...machine, ...change }).parallel
  expect(at({})).toBe(4)
  expect(at({ freeMemoryBytes: 3e9 })).toBe(2)
  expect(at({ freeMemoryBytes: 1e8 })).toBe(1)
  expect(at({}, { memoryBytes: undefined })).toBe(1)
  // Of two training processes, each of 0.4 GB, four jobs at once on four cores have one each.
  expect(at({}, { ownBytes: 2e8 })).toBe(4)
  expect(at({ freeMemoryBytes: 3.1e9 }, { ownBytes: 2e8 })).toBe(4)
  expect(at({ freeMemoryBytes: 2.9e9 }, { ownBytes: 2e8 })).toBe(3)
  expect(estimate(many, new Map([[virtual[0]!, { ...long, ownBytes: 2e8 }]]), machine, 2).memoryBytes).toBe(1e9)
  expect(estimate(many, new Map([[virtual[0]!, { ...long, ownBytes: 2e8 }]]), machine, 4).memoryBytes).toBe(6e8)
  expect(at({}, {}, many.slice(0, 3))).toBe(3)
  const { parallelMs, longestJobMs } = estimate(many, probes, machine)
  expect(parallelMs).toBeCloseTo(4000 + 100_000 / 4)
  expect(estimate(many.slice(0, 1), probes, machine).parallelMs).toBe(longestJobMs)
})

test('one by one where several would not be done sooner', () => {
  const two = { ...machine, cores: 2 }
  const at = (count: number, change: Partial<Probe>) =>
    estimate(
      Array.from({ length: count }, () => virtual[0]!),
      new Map([[virtual[0]!, { ...tried, ...change }]]),
      two,
    )
  // Each takes 1.9 s, of which two at once save a half, but for what it takes to begin.
  expect(at(4, {}).parallel).toBe(1)
  expect(at(5, {}).parallel).toBe(2)
  // One that keeps one and a half of two cores at work leaves a quarter to save, one that keeps both nothing.
  expect(at(8, { coresAtWork: 1.5 })).toMatchObject({ parallel: 1, parallelMs: 8 * 1900 })
  expect(at(9, { coresAtWork: 1.5 })).toMatchObject({ parallel: 2, parallelMs: 4000 + 0.75 * 9 * 1900 })
  expect(at(1000, { coresAtWork: 2 }).parallel).toBe(1)
  expect(at(9, { coresAtWork: undefined }).parallelMs).toBe(4000 + 0.5 * 9 * 1900)
})

test('what is evaluated now and then is not added to each round', () => {
  const [cell] = cellsOf('network: virtual\nrounds: 10\nevaluateEvery: 4\n')
  const plan = estimate([cell!], new Map([[cell!, { ...tried, evaluationMs: 50 }]]), machine)
  // In rounds 4, 8 and 10.
  expect(plan.aloneMs).toBe(1900 + 3 * 50)
})

test('networks with the clock of the machine are not to make each other late', () => {
  const cells = cellsOf('sweep: { rounds: [10, 20] }\n')
  expect(estimate(cells, new Map([[cells[0]!, tried]]), machine).parallel).toBe(1)
  expect(estimate(cells, new Map([[cells[0]!, tried]]), machine, 3).parallel).toBe(3)
})

test('cells to try are spread over the run', () => {
  expect(cellsToTry([1, 2, 3], 6)).toEqual([1, 2, 3])
  expect(cellsToTry([...Array(101).keys()], 5)).toEqual([0, 25, 50, 75, 100])
  expect(cellsToTry([1, 2, 3], 1)).toEqual([1])
})
