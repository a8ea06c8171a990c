// Every aggregation rule on one core, against a plain copy of the same bytes in the same run; with --workers also with
// that many threads beside the first one, on shared memory, and without them on such memory. And updates of few rows of a
// model against the same rules on whole vectors, and rules that count weight against themselves without.
//   node scripts/lab/bench-aggregation.ts [--json] [--length 1048576, in CI 65536] [--rows 16,32,64] [--rules krum,median]
//     [--runs 7] [--workers 1] [--weighted]
import { Worker } from 'node:worker_threads'
import { aggregate, aggregateRows, type RuleSpec, rules, Workspace } from '@hearsay/aggregation'
import { commandLine } from '../command-line.ts'

const help = `pnpm bench:aggregation: every rule against a plain copy of the same memory, and how cost grows with n and d.

  --length D   coordinates; 1048576, in CI 65536
  --rows N,…   updates; 16,32,64
  --rules R,…  only these rules
  --runs K     the best of so many counts; 7
  --workers W  threads beside the first, compared with one thread in turns; 0
  --weighted   only rules that count weight, with weights and without
  --json       the figures as JSON`
const values = commandLine(help, {
  json: { type: 'boolean', default: false },
  length: { type: 'string', default: String(process.env.CI ? 2 ** 16 : 2 ** 20) },
  rows: { type: 'string', default: '16,32,64' },
  rules: { type: 'string', default: '' },
  runs: { type: 'string', default: '7' },
  workers: { type: 'string', default: '0' },
  weighted: { type: 'boolean', default: false },
})
const vectorLength = Number(values.length)
const rowCounts = values.rows.split(',').map(Number)
const runCount = Number(values.runs)
const workerCount = Number(values.workers)

interface Line {
  readonly name: string
  readonly rows: number
  readonly length: number
  readonly tolerated: number
  readonly timeMs: number
  readonly perCoordinateNs: number
  /** Of all rows, read once. */
  readonly gigabytesPerSecond: number
  /** Time in copies of all rows. */
  readonly copies: number
  /** With workers: times as fast as without, and the time of one thread on shared memory, in times of its own. */
  readonly speedup?: number
  readonly sharedCost?: number
}

interface Growth {
  readonly name: string
  /** Exponents of time in n, from the least to the most rows, and in d, from a quarter of the length. */
  readonly inRows: number
  readonly inLength: number
}

/** What rules are measured with: a third of liars, or as many as the rule allows and can search for. */
function specs(n: number): RuleSpec[] {
  const few = n <= 16 ? 3 : 2
  const named = [...rules.keys()].map((rule) => ({
    rule,
    tolerated:
      rule === 'bulyan'
        ? Math.floor((n - 3) / 4)
        : ['mva', 'smea'].includes(rule)
          ? few
          : rule === 'mda'
            ? 3
            : third(n),
  }))
  const mixed = (['mean', 'trimmed-mean', 'krum'] as const).map(
    (rule): RuleSpec => ({ rule, tolerated: third(n), before: ['nnm'] }),
  )
  const wanted = values.rules === '' ? undefined : values.rules.split(',')
  return [...named, ...mixed].filter((spec) => wanted?.includes(nameOf(spec)) ?? true)
}

function nameOf({ rule, before }: RuleSpec): string {
  return [...(before ?? []), rule].join('+')
}

/** Numbers of all magnitudes near 1, the same on every run; a generator this plain is enough to defeat no cache. */
function fill(vector: Float32Array, seed: number): void {
  let state = seed
  for (let column = 0; column < vector.length; column++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    vector[column] = state / 2 ** 31
  }
}

/**
 * The least time of some runs of each, after two that let the engine compile: others on the machine only ever add to it.
 * In turns, so that these are the same for all.
 */
function leastMs(...runs: (() => void)[]): number[] {
  for (let k = 0; k < 2; k++) for (const run of runs) run()
  const least = runs.map(() => Number.POSITIVE_INFINITY)
  for (let k = 0; k < runCount; k++) {
    for (const [i, run] of runs.entries()) {
      const startedMs = performance.now()
      run()
      least[i] = Math.min(least[i]!, performance.now() - startedMs)
    }
  }
  return least
}

function startWorkers(): Worker[] {
  const file = new URL(import.meta.resolve('@hearsay/aggregation/worker'))
  return Array.from({ length: workerCount }, () => new Worker(file))
}

async function measure(n: number, length: number, workers: readonly Worker[] = []): Promise<Line[]> {
  const alone = new Workspace({ rows: n, length })
  const shared = [workers, workers.slice(0, 0)].map(
    (given) => new Workspace<SharedArrayBuffer>({ rows: n, length, workers: given }),
  )
  const workspaces = workers.length > 0 ? [alone, ...shared] : [alone]
  const rows = Array.from({ length: n }, (_, row) => row)
  for (const workspace of workspaces) for (const row of rows) fill(workspace.vector(row), row * 7919 + 1)
  const source = new Float32Array(n * length).fill(1)
  const target = new Float32Array(n * length)
  const root = new Float32Array(length).fill(0.1)
  const [copyMs = 0] = leastMs(() => target.set(source))
  const line = (name: string, tolerated: number, [timeMs = 0, manyMs, sharedMs]: readonly number[]): Line => ({
    name,
    rows: n,
    length,
    tolerated,
    timeMs,
    perCoordinateNs: (timeMs * 1e6) / length,
    gigabytesPerSecond: (n * length * 4) / timeMs / 1e6,
    copies: timeMs / copyMs,
    ...(manyMs === undefined ? {} : { speedup: timeMs / manyMs }),
    ...(sharedMs === undefined ? {} : { sharedCost: sharedMs / timeMs }),
  })
  const lines = specs(n).map((spec) => {
    const runs = workspaces.map((workspace) => () => aggregate(spec, workspace, rows, { root }))
    return line(nameOf(spec), spec.tolerated, leastMs(...runs))
  })
  // No rule is faster than this, with one thread or with more: memory gives so much and no more.
  const read = leastMs(...workspaces.map((workspace) => () => void workspace.finiteRows(rows)))
  for (const worker of workers) await worker.terminate()
  return [line('copy', 0, [copyMs]), line('read', 0, read), ...lines]
}

interface Rows {
  readonly name: string
  readonly rows: number
  readonly timeMs: number
  readonly denseMs: number
}

/** Of a model of rows of 16 numbers one in a hundred is touched, each of these by every other update or so. */
function measureRows(n: number): Rows[] {
  const times = 10
  const [width, modelRows] = [16, Math.floor((vectorLength / 2 ** 20) * 100_000)]
  const touched = Array.from({ length: modelRows / 100 }, (_, k) => 100 * k + (k % 7))
  const updates = Array.from({ length: n }, (_, i) => {
    const said = touched.filter((row) => (row + i * 31) % 5 < 3)
    const values = new Float32Array(said.length * width)
    fill(values, i * 7919 + 1)
    return { rows: Uint32Array.from(said), values }
  })
  const workspace = new Workspace({ rows: n, length: modelRows * width })
  const all = Array.from({ length: n }, (_, row) => row)
  for (const [i, { rows, values }] of updates.entries()) {
    for (const [k, row] of rows.entries()) {
      workspace.vector(i).set(values.subarray(k * width, (k + 1) * width), row * width)
    }
  }
  return (['mean', 'sum', 'median', 'trimmed-mean', 'krum'] as const).map((rule) => {
    const spec: RuleSpec = { rule, tolerated: Math.floor((n - 1) / 5) }
    const [denseMs = 0, timeMs = 0] = leastMs(
      () => aggregate(spec, workspace, all),
      () => {
        for (let k = 0; k < times; k++) aggregateRows(spec, updates, width)
      },
    )
    return { name: rule, rows: modelRows, timeMs: timeMs / times, denseMs }
  })
}

const weightedRows = 32

interface Weighted {
  readonly name: string
  readonly timeMs: number
  readonly weightedMs: number
}

/** Of so many updates, of weight 1 to 5. */
function measureWeighted(n: number): Weighted[] {
  const workspace = new Workspace({ rows: n, length: vectorLength })
  const all = Array.from({ length: n }, (_, row) => row)
  for (const row of all) fill(workspace.vector(row), row * 7919 + 1)
  const weights = all.map((row) => 1 + (row % 5))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const counting = [...rules.values()].filter(({ weighted = 'refuses' }) => weighted !== 'refuses')
  return counting.map(({ name }) => {
    const spec = (tolerated: number) => ({ rule: name, tolerated }) as RuleSpec
    const [timeMs = 0, weightedMs = 0] = leastMs(
      () => aggregate(spec(third(n)), workspace, all),
      () => aggregate(spec(third(total)), workspace, all, { weights }),
    )
    return { name, timeMs, weightedMs }
  })
}

function printWeighted(weighted: readonly Weighted[]): void {
  console.log(`\nn = ${weightedRows}: ms with weights from 1 to 5, without, and times as long`)
  for (const { name, timeMs, weightedMs } of weighted) {
    const cells = [weightedMs.toFixed(2), timeMs.toFixed(2), `× ${(weightedMs / timeMs).toFixed(2)}`]
    console.log(`${name.padEnd(20)}${cells.map((cell) => cell.padStart(15)).join('')}`)
  }
}

const third = (n: number): number => Math.floor((n - 1) / 3)

function exponent(more: number, less: number, ratio: number): number {
  return Math.log(more / less) / Math.log(ratio)
}

async function growths(lines: readonly Line[]): Promise<Growth[]> {
  const [least, most] = [Math.min(...rowCounts), Math.max(...rowCounts)]
  const short = await measure(least, vectorLength / 4)
  return short.map(({ name, timeMs }) => {
    const at = (n: number) => lines.find((line) => line.name === name && line.rows === n)!.timeMs
    return {
      name,
      inRows: most > least ? exponent(at(most), at(least), most / least) : Number.NaN,
      inLength: exponent(at(least), timeMs, 4),
    }
  })
}

const lines: Line[] = []
if (values.weighted) {
  const weighted = measureWeighted(weightedRows)
  if (values.json) console.log(JSON.stringify({ length: vectorLength, runs: runCount, weighted }, null, 2))
  else printWeighted(weighted)
  process.exit()
}
for (const n of rowCounts) lines.push(...(await measure(n, vectorLength, startWorkers())))
const growth = await growths(lines)
const sparse = measureRows(Math.max(...rowCounts))
const weighted = measureWeighted(weightedRows)
if (values.json) {
  console.log(
    JSON.stringify(
      { length: vectorLength, runs: runCount, workers: workerCount, lines, growth, sparse, weighted },
      null,
      2,
    ),
  )
} else {
  console.log(`d = ${vectorLength}, one core, the least of ${runCount} runs`)
  const threads = workerCount > 0 ? [`${workerCount + 1} threads`, 'shared memory'] : []
  const heads = ['n', 'f', 'ms', 'ns/coordinate', 'GB/s', 'copies', ...threads]
  console.log(`${'rule'.padEnd(20)}${heads.map((head) => head.padStart(15)).join('')}`)
  for (const line of lines) {
    const numbers = [line.timeMs, line.perCoordinateNs, line.gigabytesPerSecond, line.copies].map((x) => x.toFixed(2))
    const times = [line.speedup, line.sharedCost].flatMap((x) => (x === undefined ? [] : [`× ${x.toFixed(2)}`]))
    const cells = [line.rows, line.tolerated, ...numbers, ...times].map((cell) => String(cell).padStart(15))
    console.log(`${line.name.padEnd(20)}${cells.join('')}`)
  }
  if (workerCount > 0) {
    console.log(
      `\n${workerCount + 1} threads: times as fast as one, which reading the rows and nothing else (read) bounds for rules that do little more; ` +
        'shared memory: time of one thread there, in times of its own',
    )
  }
  console.log(`\ngrowth: time ~ n^a (from n = ${Math.min(...rowCounts)} to ${Math.max(...rowCounts)}), time ~ d^b`)
  for (const { name, inRows, inLength } of growth) {
    const exponents = [inRows, inLength].map((x) => (Number.isNaN(x) ? '–' : x.toFixed(2)).padStart(15))
    console.log(`${name.padEnd(20)}${exponents.join('')}`)
  }
  console.log(
    `\nn = ${Math.max(...rowCounts)}, ${sparse[0]!.rows} rows of 16 numbers, 1 % of them touched: ms, and of whole vectors`,
  )
  for (const { name, timeMs, denseMs } of sparse) {
    const cells = [timeMs.toFixed(2), denseMs.toFixed(2), `${((100 * timeMs) / denseMs).toFixed(2)} %`]
    console.log(`${name.padEnd(20)}${cells.map((cell) => cell.padStart(15)).join('')}`)
  }
  printWeighted(weighted)
}
