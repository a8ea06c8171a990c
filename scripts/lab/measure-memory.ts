// Peak memory of each aggregation rule in times its input, n × d float32. Each is measured in a process of its own, above
// what that process takes with a small input. Exit code 1 when one takes more than twice its input, and what does not
// depend on d: 8 MiB and 100 bytes for each pair of rows.
//   pnpm bench:memory [--json] [--rules krum,nnm+trimmed-mean] [--rows 32,1000] [--lengths 1048576,100000]
// Without --rows and --lengths, sizes from one row to 1,000 and from 10^5 to 10^7 columns, some of which take minutes.
import { spawnSync } from 'node:child_process'
import { aggregate, checkRule, type RuleSpec, ruleSpec, rules, Workspace } from '@hearsay/aggregation'
import { commandLine } from '../command-line.ts'

export interface Size {
  readonly rows: number
  readonly length: number
}

export interface Memory extends Size {
  readonly name: string
  readonly tolerated: number
  readonly inputBytes: number
  /** The most that was resident, above the process with a small input. */
  readonly peakBytes: number
  readonly ratio: number
  readonly timeMs: number
  /** Whether it is within the bound. */
  readonly met: boolean
}

const mostRatio = 2
const fixedBytes = 2 ** 23
const pairBytes = 100

const allRules: Size = { rows: 32, length: 2 ** 20 }
const furtherSizes: readonly (Size & { readonly names: readonly string[] })[] = [
  { rows: 1, length: 10 ** 7, names: ['mean', 'median', 'geometric-median'] },
  { rows: 43, length: 10 ** 7, names: ['median', 'krum', 'bulyan', 'nnm+trimmed-mean'] },
  // Where what does not depend on d is the most of it.
  { rows: 1000, length: 1000, names: ['median', 'krum', 'nnm+trimmed-mean', 'nnm+geometric-median'] },
  { rows: 1000, length: 10 ** 5, names: ['mean', 'trimmed-mean', 'krum', 'caf', 'bulyan', 'nnm+trimmed-mean'] },
]
const smallSizes = 4096

/** A rule by its name, with pre-rules before it, tolerating a third, or as many as it is defined for and can search for. */
export function specOf(name: string, rows: number): RuleSpec {
  const before = name.split('+')
  const { rule, before: mixed } = ruleSpec({ rule: before.pop()!, tolerated: 0, before })
  for (let tolerated = Math.floor((rows - 1) / 3); tolerated > 0; tolerated--) {
    const spec: RuleSpec = { rule, tolerated, before: mixed! }
    try {
      checkRule(spec, rows)
      return spec
    } catch {
      // Not defined for so many.
    }
  }
  return { rule, tolerated: 0, before: mixed! }
}

/** In a new process: what this one has taken so far, nobody could tell apart. */
export function measureMemory(name: string, size: Size): Memory {
  const child = spawnSync(process.execPath, [import.meta.filename, '--child', JSON.stringify({ name, ...size })], {
    encoding: 'utf8',
    maxBuffer: 2 ** 20,
  })
  if (child.status !== 0) throw new Error(`${name}, ${size.rows} × ${size.length}: ${child.stderr.trim()}`)
  return JSON.parse(child.stdout) as Memory
}

function measureHere(name: string, { rows, length }: Size): Memory {
  const spec = specOf(name, rows)
  run(specOf(name, Math.min(rows, 16)), { rows: Math.min(rows, 16), length: smallSizes })
  const beforeBytes = process.resourceUsage().maxRSS * 1024
  const startedMs = performance.now()
  run(spec, { rows, length })
  const peakBytes = process.resourceUsage().maxRSS * 1024 - beforeBytes
  const inputBytes = rows * length * 4
  const timeMs = performance.now() - startedMs
  const ratio = peakBytes / inputBytes
  const met = peakBytes <= mostRatio * inputBytes + fixedBytes + pairBytes * rows * rows
  return { name, rows, length, tolerated: spec.tolerated, inputBytes, peakBytes, ratio, timeMs, met }
}

function run(spec: RuleSpec, { rows, length }: Size): void {
  const workspace = new Workspace({ rows, length })
  const all = Array.from({ length: rows }, (_, row) => row)
  let state = 1
  for (const row of all) {
    const vector = workspace.vector(row)
    for (let column = 0; column < length; column++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      vector[column] = state / 2 ** 31
    }
  }
  const context = rules.get(spec.rule)?.context === 'root' ? { root: new Float32Array(length).fill(1) } : {}
  const output = aggregate(spec, workspace, all, context)
  if (!output.every(Number.isFinite)) throw new Error('The output is not finite.')
}

const help = `pnpm bench:memory: the most memory that each rule takes, in times its input.

  --rules R,…    only these, such as krum,nnm+trimmed-mean
  --rows N,…     updates
  --lengths D,…  coordinates
  --json         the figures as JSON

Without --rows and --lengths: up to 1,000 rows and 10,000,000 columns, which takes minutes. Exit code 1 when a rule takes
more than twice its input.`

function main(): void {
  const values = commandLine(help, {
    json: { type: 'boolean', default: false },
    rules: { type: 'string' },
    rows: { type: 'string' },
    lengths: { type: 'string' },
    child: { type: 'string' },
  })
  if (values.child !== undefined) {
    const { name, ...size } = JSON.parse(values.child) as Size & { name: string }
    console.log(JSON.stringify(measureHere(name, size)))
    return
  }
  const names = values.rules?.split(',') ?? [...rules.keys(), 'nnm+mean', 'nnm+trimmed-mean', 'nnm+krum']
  const numbers = (text: string | undefined, otherwise: number) => text?.split(',').map(Number) ?? [otherwise]
  const given = values.rows !== undefined || values.lengths !== undefined
  const cases = numbers(values.rows, allRules.rows).flatMap((rows) =>
    numbers(values.lengths, allRules.length).flatMap((length) => names.map((name) => ({ name, rows, length }))),
  )
  const further = furtherSizes.flatMap(({ names: some, ...size }) => some.map((name) => ({ name, ...size })))
  if (!given) cases.push(...further.filter(({ name }) => names.includes(name)))
  const heads = ['n', 'd', 'f', 'input, MB', 'peak, MB', 'times', 'ms']
  if (!values.json) console.log(`${'rule'.padEnd(20)}${heads.map((head) => head.padStart(12)).join('')}`)
  const found: Memory[] = []
  for (const each of cases) {
    const memory = measureMemory(each.name, each)
    found.push(memory)
    if (values.json) continue
    const { name, rows, length, tolerated, inputBytes, peakBytes, ratio, timeMs } = memory
    const megabytes = [inputBytes, peakBytes].map((bytes) => (bytes / 1e6).toFixed(1))
    const cells = [rows, length, tolerated, ...megabytes, ratio.toFixed(2), timeMs.toFixed(0)]
    console.log(`${name.padEnd(20)}${cells.map((cell) => String(cell).padStart(12)).join('')}`)
  }
  if (values.json) console.log(JSON.stringify(found, null, 2))
  for (const { name, rows, length } of found.filter(({ met }) => !met)) {
    console.error(`${name} at n = ${rows}, d = ${length} takes more than ${mostRatio} times its input.`)
    process.exitCode = 1
  }
}

if (import.meta.main) main()
