// Every aggregation rule at n = 16, d = 2^20 on one core, against a plain copy of the same bytes in the same run.
//   node scripts/bench-aggregation.ts [--json]
import { Bench } from 'tinybench'
import { aggregate, type RuleSpec, rules, Workspace } from '../packages/aggregation/src/index.ts'

const ROWS = 16
const LENGTH = 2 ** 20
const TOLERATED = 5

interface Line {
  readonly name: string
  readonly timeMs: number
  readonly perCoordinateNs: number
  /** Time in copies of all rows. */
  readonly copies: number
}

/** Numbers of all magnitudes near 1, the same on every run; a generator this plain is enough to defeat no cache. */
function fill(vector: Float32Array, seed: number): void {
  let state = seed
  for (let column = 0; column < vector.length; column++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    vector[column] = state / 2 ** 31
  }
}

async function measure(): Promise<Line[]> {
  const workspace = new Workspace({ rows: ROWS, length: LENGTH })
  const rows = Array.from({ length: ROWS }, (_, row) => row)
  for (const row of rows) fill(workspace.vector(row), row * 7919 + 1)
  const source = new Float32Array(ROWS * LENGTH).fill(1)
  const target = new Float32Array(ROWS * LENGTH)

  // The warm-up is what lets the engine compile the kernels with its optimising compiler.
  const bench = new Bench({ time: 0, iterations: 20, warmupTime: 0, warmupIterations: 5 })
  bench.add('copy', () => target.set(source))
  for (const rule of rules.keys()) {
    const spec: RuleSpec = { rule, tolerated: TOLERATED }
    bench.add(rule, () => {
      aggregate(spec, workspace, rows)
    })
  }
  await bench.run()
  const times = bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name} did not finish`)
    return { name, timeMs: result.latency.p50 }
  })
  const copyMs = times[0]!.timeMs
  return times.map(({ name, timeMs }) => ({
    name,
    timeMs,
    perCoordinateNs: (timeMs * 1e6) / LENGTH,
    copies: timeMs / copyMs,
  }))
}

const lines = await measure()
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ rows: ROWS, length: LENGTH, tolerated: TOLERATED, lines }, null, 2))
} else {
  console.log(`n = ${ROWS}, d = ${LENGTH}, f = ${TOLERATED}, one core, median of 20 runs`)
  console.log(`${'rule'.padEnd(14)}${'ms'.padStart(8)}${'ns/coordinate'.padStart(16)}${'copies'.padStart(9)}`)
  for (const { name, timeMs, perCoordinateNs, copies } of lines) {
    const numbers = `${timeMs.toFixed(1).padStart(8)}${perCoordinateNs.toFixed(1).padStart(16)}`
    console.log(`${name.padEnd(14)}${numbers}${copies.toFixed(2).padStart(9)}`)
  }
}
