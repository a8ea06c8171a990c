// Every aggregation rule on one core, against a plain copy of the same bytes in the same run.
//   node scripts/bench-aggregation.ts [--json] [--length 1048576, in CI 65536] [--rows 16,32,64] [--rules krum,median] [--runs 7]
import { parseArgs } from 'node:util'
import { aggregate, type RuleSpec, rules, Workspace } from '../packages/aggregation/src/index.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    length: { type: 'string', default: String(process.env.CI ? 2 ** 16 : 2 ** 20) },
    rows: { type: 'string', default: '16,32,64' },
    rules: { type: 'string', default: '' },
    runs: { type: 'string', default: '7' },
  },
})
const LENGTH = Number(values.length)
const ROWS = values.rows.split(',').map(Number)
const RUNS = Number(values.runs)

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
}

interface Growth {
  readonly name: string
  /** Exponents of time in n, from the least to the most rows, and in d, from a quarter of the length. */
  readonly inRows: number
  readonly inLength: number
}

/** What rules are measured with: a third of liars, or as many as the rule allows and can search for. */
function specs(n: number): RuleSpec[] {
  const third = Math.floor((n - 1) / 3)
  const few = n <= 16 ? 3 : 2
  const named = [...rules.keys()].map((rule) => ({
    rule,
    tolerated:
      rule === 'bulyan' ? Math.floor((n - 3) / 4) : ['mva', 'smea'].includes(rule) ? few : rule === 'mda' ? 3 : third,
  }))
  const mixed = ['mean', 'trimmed-mean', 'krum'].map((rule) => ({ rule, tolerated: third, before: ['nnm'] }))
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

/** The least time of some runs, after two that let the engine compile: others on the machine only ever add to it. */
function leastMs(run: () => void): number {
  run()
  run()
  let least = Number.POSITIVE_INFINITY
  for (let k = 0; k < RUNS; k++) {
    const startedMs = performance.now()
    run()
    least = Math.min(least, performance.now() - startedMs)
  }
  return least
}

function measure(n: number, length: number): Line[] {
  const workspace = new Workspace({ rows: n, length })
  const rows = Array.from({ length: n }, (_, row) => row)
  for (const row of rows) fill(workspace.vector(row), row * 7919 + 1)
  const source = new Float32Array(n * length).fill(1)
  const target = new Float32Array(n * length)
  const root = new Float32Array(length).fill(0.1)
  const copyMs = leastMs(() => target.set(source))
  const line = (name: string, tolerated: number, timeMs: number): Line => ({
    name,
    rows: n,
    length,
    tolerated,
    timeMs,
    perCoordinateNs: (timeMs * 1e6) / length,
    gigabytesPerSecond: (n * length * 4) / timeMs / 1e6,
    copies: timeMs / copyMs,
  })
  return [
    line('copy', 0, copyMs),
    ...specs(n).map((spec) =>
      line(
        nameOf(spec),
        spec.tolerated,
        leastMs(() => aggregate(spec, workspace, rows, { root })),
      ),
    ),
  ]
}

function exponent(more: number, less: number, ratio: number): number {
  return Math.log(more / less) / Math.log(ratio)
}

function growths(lines: readonly Line[]): Growth[] {
  const [least, most] = [Math.min(...ROWS), Math.max(...ROWS)]
  const short = measure(least, LENGTH / 4)
  return short.map(({ name, timeMs }) => {
    const at = (n: number) => lines.find((line) => line.name === name && line.rows === n)!.timeMs
    return {
      name,
      inRows: most > least ? exponent(at(most), at(least), most / least) : Number.NaN,
      inLength: exponent(at(least), timeMs, 4),
    }
  })
}

const lines = ROWS.flatMap((n) => measure(n, LENGTH))
const growth = growths(lines)
if (values.json) {
  console.log(JSON.stringify({ length: LENGTH, runs: RUNS, lines, growth }, null, 2))
} else {
  console.log(`d = ${LENGTH}, one core, the least of ${RUNS} runs`)
  const heads = ['n', 'f', 'ms', 'ns/coordinate', 'GB/s', 'copies']
  console.log(`${'rule'.padEnd(20)}${heads.map((head) => head.padStart(15)).join('')}`)
  for (const line of lines) {
    const numbers = [line.timeMs, line.perCoordinateNs, line.gigabytesPerSecond, line.copies].map((x) => x.toFixed(2))
    const cells = [line.rows, line.tolerated, ...numbers].map((cell) => String(cell).padStart(15))
    console.log(`${line.name.padEnd(20)}${cells.join('')}`)
  }
  console.log(`\ngrowth: time ~ n^a (from n = ${Math.min(...ROWS)} to ${Math.max(...ROWS)}), time ~ d^b`)
  for (const { name, inRows, inLength } of growth) {
    console.log(`${name.padEnd(20)}${inRows.toFixed(2).padStart(15)}${inLength.toFixed(2).padStart(15)}`)
  }
}
