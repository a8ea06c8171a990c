// Workspaces with real workers. Who takes which task is up to the machine; the results must not be.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aggregate } from './aggregate.ts'
import { passNames } from './machine/pass.ts'
import { Workspace } from './machine/workspace.ts'
import type { RuleSpec } from './rule-names.ts'
import { rules } from './rules.ts'

const rowCount = 16
const vectorLength = 200_003
const toleratedLiars = 3

const workers: Worker[] = []

function startWorker(file: string, workerData?: string): Worker {
  const worker = new Worker(new URL(file, import.meta.url), { workerData })
  workers.push(worker)
  return worker
}

const nodeWorkers = (count: number) => Array.from({ length: count }, () => startWorker('./worker-node.ts'))

afterAll(async () => {
  for (const worker of workers) await worker.terminate()
})

/** Numbers of many magnitudes; rows of the last few are far from the others. */
function fill(vector: Float32Array, row: number): void {
  let state = row * 7919 + 1
  for (let column = 0; column < vector.length; column++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    vector[column] = (state / 2 ** 31) * (row >= rowCount - toleratedLiars ? 5 : 1) * (1 + (column % 7))
  }
}

const rows = Array.from({ length: rowCount }, (_, row) => row)
const context = { root: new Float32Array(vectorLength).fill(0.25), previous: new Float32Array(vectorLength).fill(-0.5) }

const alone = new Workspace({ rows: rowCount, length: vectorLength })
let helped: Workspace<SharedArrayBuffer>[]

beforeAll(() => {
  helped = [0, 1, 2, 3].map(
    (count) => new Workspace<SharedArrayBuffer>({ rows: rowCount, length: vectorLength, workers: nodeWorkers(count) }),
  )
  for (const workspace of [alone, ...helped]) for (const row of rows) fill(workspace.vector(row), row)
})

function bitsOf(spec: RuleSpec, workspace: Workspace<ArrayBufferLike>): Uint8Array {
  return new Uint8Array(aggregate(spec, workspace, rows, context).buffer)
}

/** With more than one iteration, where a rule has them, so that all that it is made of is needed. */
const specs: RuleSpec[] = [
  ...[...rules.keys()].map((rule) => ({ rule, tolerated: toleratedLiars })),
  { rule: 'centered-clipping', tolerated: toleratedLiars, iterations: 3, radius: 1 },
  { rule: 'geometric-median', tolerated: toleratedLiars, start: 'zero', smoothing: 0.1, iterations: 3 },
  { rule: 'dnc', tolerated: toleratedLiars, dimensions: vectorLength, iterations: 2 },
  ...(['median', 'meamed', 'krum', 'signguard', 'dnc'] as const).map(
    (rule): RuleSpec => ({ rule, tolerated: toleratedLiars, before: ['nnm'] }),
  ),
  { rule: 'trimmed-mean', tolerated: 1, before: ['arc', { bucketing: { size: 2 } }, { clipping: { norm: 900 } }] },
]

const nameOf = ({ tolerated: _, ...rest }: RuleSpec) => JSON.stringify(rest)

describe('the same bits without workers and with none, one, two or three', () => {
  test.each(specs.map((spec) => [nameOf(spec), spec] as const))('%s', (_name, spec) => {
    const expected = bitsOf(spec, alone)
    for (const workspace of helped) expect(Buffer.compare(bitsOf(spec, workspace), expected)).toBe(0)
  })

  test('with a row that is not finite anywhere, and with far rows that want exact distances', () => {
    for (const [column, value] of [
      [0, Number.NaN],
      [100_000, Number.POSITIVE_INFINITY],
      [vectorLength - 1, Number.NEGATIVE_INFINITY],
      [70_000, 3e38],
    ] as const) {
      for (const workspace of [alone, ...helped]) workspace.vector(2)[column] = value
      for (const rule of ['mean', 'trimmed-mean', 'krum', 'cge'] as const) {
        const spec = { rule, tolerated: toleratedLiars }
        const expected = bitsOf(spec, alone)
        for (const workspace of helped) expect(Buffer.compare(bitsOf(spec, workspace), expected)).toBe(0)
      }
    }
    for (const workspace of [alone, ...helped]) fill(workspace.vector(2), 2)
  })

  test('mixtures whose sums overflow in float32', () => {
    const spec: RuleSpec = { rule: 'median', tolerated: toleratedLiars, before: ['nnm'] }
    for (const workspace of [alone, ...helped]) for (const row of rows) workspace.vector(row).fill(3.4e38, 50_000)
    const expected = bitsOf(spec, alone)
    for (const workspace of helped) expect(Buffer.compare(bitsOf(spec, workspace), expected)).toBe(0)
    for (const workspace of [alone, ...helped]) for (const row of rows) fill(workspace.vector(row), row)
  })

  test('too many rows that are not finite are an error with workers too, and the next call is right', () => {
    const [, one] = helped
    for (const row of [1, 5, 7, 11]) one!.vector(row)[150_000] = Number.NaN
    expect(() => bitsOf({ rule: 'krum', tolerated: toleratedLiars }, one!)).toThrow(
      expect.objectContaining({ code: 'too-many-non-finite' }),
    )
    for (const row of [1, 5, 7, 11]) fill(one!.vector(row), row)
    const spec: RuleSpec = { rule: 'krum', tolerated: toleratedLiars }
    expect(Buffer.compare(bitsOf(spec, one!), bitsOf(spec, alone))).toBe(0)
  })
})

test('a worker takes tasks of every pass', async () => {
  const worker = startWorker('./testing/telling-worker.ts')
  const workspace = new Workspace<SharedArrayBuffer>({ rows: rowCount, length: vectorLength, workers: [worker] })
  for (const row of rows) fill(workspace.vector(row), row)
  // Two rows that are too near to each other for inner products.
  workspace.vector(5).set(workspace.vector(0))
  const left = new Set<string>(passNames)
  worker.on('message', (pass: string) => left.delete(pass))
  const some = rows.slice(0, 5)
  const sample = Uint32Array.from({ length: 10_000 }, (_, k) => 19 * k)
  while (left.size > 0) {
    workspace.finiteRows(some)
    workspace.mean(some)
    workspace.weightedSum(some, [1, 2, 3, 4, 5])
    workspace.trimmedMean(some, 1)
    workspace.nearestMean(some, { first: 1, last: 3 }, 4)
    workspace.weightedTrimmedMean(some, [1, 2, 3, 4, 5], 3)
    workspace.quadraticMedian(some, [1, 2, 3, 4, 5], { resilience: 1, clipped: true })
    workspace.squaredDistances(some)
    workspace.squaredDistances([0, 0])
    workspace.squaredDistances([0, 5])
    workspace.products(some, 0)
    workspace.productsOf(some, 'origin')
    workspace.sampledDistances(some, sample)
    workspace.sampledProducts(some, sample, 0)
    workspace.countSigned(some, { first: 1000, end: vectorLength - 5 }, 1)
    // Messages come in when this thread lets them.
    await new Promise(setImmediate)
  }
  expect([...left]).toEqual([])
})

describe('workers that fail', () => {
  const spec: RuleSpec = { rule: 'mean', tolerated: 0 }
  const lost = expect.objectContaining({ code: 'worker-lost' })

  function workspaceWith(worker: Worker, timeoutMs?: number): Workspace<SharedArrayBuffer> {
    const given = timeoutMs === undefined ? {} : { timeoutMs }
    return new Workspace<SharedArrayBuffer>({ rows: rowCount, length: vectorLength, workers: [worker], ...given })
  }

  /** Until the worker has begun a task, which it does when it runs. */
  async function untilThrown(workspace: Workspace<SharedArrayBuffer>): Promise<unknown> {
    for (;;) {
      try {
        aggregate(spec, workspace, rows)
      } catch (error) {
        return error
      }
      await new Promise(setImmediate)
    }
  }

  test('one that stops in the midst of a task is an error after the time limit, now and later', async () => {
    const workspace = workspaceWith(startWorker('./testing/stuck-worker.ts'), 100)
    expect(await untilThrown(workspace)).toEqual(lost)
    expect(() => aggregate(spec, workspace, rows)).toThrow(lost)
  })

  test('one that throws is an error at once', async () => {
    const worker = startWorker('./testing/stuck-worker.ts', 'throws')
    const failed = once(worker, 'error')
    expect(await untilThrown(workspaceWith(worker))).toEqual(lost)
    expect(await failed).toEqual([expect.objectContaining({ message: 'a task that fails' })])
  })

  test('one that is ended while nothing is going on is not missed', async () => {
    const [worker] = nodeWorkers(1)
    const workspace = workspaceWith(worker!)
    for (const row of rows) fill(workspace.vector(row), row)
    const before = bitsOf({ rule: 'krum', tolerated: toleratedLiars }, workspace)
    await worker!.terminate()
    expect(Buffer.compare(bitsOf({ rule: 'krum', tolerated: toleratedLiars }, workspace), before)).toBe(0)
  })
})

describe('refused', () => {
  const refused = (workers: readonly never[], timeoutMs?: number) => () =>
    new Workspace<SharedArrayBuffer>({ rows: 2, length: 8, workers, ...(timeoutMs === undefined ? {} : { timeoutMs }) })

  test('what is no worker, or serves already', () => {
    const [worker] = nodeWorkers(1)
    refused([worker as never])()
    for (const each of [worker, {}, null, 'worker']) {
      expect(refused([each as never])).toThrow(expect.objectContaining({ code: 'bad-workers' }))
    }
  })

  test.each([0, -1, Number.NaN])('a time limit of %s', (timeoutMs) => {
    expect(refused([], timeoutMs)).toThrow(expect.objectContaining({ code: 'bad-workspace' }))
  })
})
