import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aggregate, checkRule, type RuleName, type RuleSpec, Workspace } from '@hearsay/aggregation'
import type { Backend, Byzfl, ByzflCall } from './byzfl.ts'
import { uniform } from './inputs.ts'
import { centeredClipping, geometricMedian, neighbours, notHere } from './rules-table.ts'

export interface SpeedCase {
  readonly name: string
  readonly n: number
  readonly f: number
  readonly options?: Readonly<Record<string, unknown>>
  readonly rule: RuleName
  readonly byzfl?: ByzflCall & { readonly after?: ByzflCall }
  /** How many times faster than ByzFL the project asks for. */
  readonly bar?: number
  /** Or: less than so many times the time of the case of that name. */
  readonly under?: { readonly name: string; readonly times: number }
  /** Or: at most so many times the time of copying the same bytes. */
  readonly copies?: number
}

const N = 32
const F = 10
const call = (name: string, options: ByzflCall['arguments'] = { f: F }): ByzflCall => ({
  class: name,
  arguments: options,
})

export const speedCases: readonly SpeedCase[] = [
  { name: 'mean', n: N, f: F, rule: 'mean', byzfl: call('Average', {}) },
  { name: 'median', n: N, f: F, rule: 'median', byzfl: call('Median', {}), bar: 20 },
  { name: 'trimmed-mean', n: N, f: F, rule: 'trimmed-mean', byzfl: call('TrMean'), bar: 8 },
  { name: 'trimmed-mean at n = 16', n: 16, f: 5, rule: 'trimmed-mean', byzfl: call('TrMean', { f: 5 }), copies: 2 },
  { name: 'meamed', n: N, f: F, rule: 'meamed', byzfl: call('Meamed'), bar: 8 },
  { name: 'phocas', n: N, f: F, rule: 'phocas' },
  { name: 'krum', n: N, f: F, rule: 'krum', options: neighbours, byzfl: call('Krum'), bar: 8 },
  { name: 'multi-krum', n: N, f: F, rule: 'multi-krum', options: neighbours, byzfl: call('MultiKrum'), bar: 8 },
  {
    name: 'nnm → mean',
    n: N,
    f: F,
    rule: 'mean',
    options: { before: ['nnm'] },
    byzfl: { ...call('NNM'), after: call('Average', {}) },
    bar: 20,
  },
  {
    name: 'nnm → trimmed-mean',
    n: N,
    f: F,
    rule: 'trimmed-mean',
    options: { before: ['nnm'] },
    byzfl: { ...call('NNM'), after: call('TrMean') },
    bar: 20,
  },
  {
    name: 'geometric-median',
    n: N,
    f: F,
    rule: 'geometric-median',
    options: geometricMedian,
    byzfl: call('GeometricMedian', { nu: 0.1, T: 3 }),
    bar: 8,
  },
  { name: 'caf', n: N, f: F, rule: 'caf', byzfl: call('CAF'), bar: 8 },
  {
    name: 'centered-clipping',
    n: N,
    f: F,
    rule: 'centered-clipping',
    options: centeredClipping,
    byzfl: call('CenteredClipping', { L: 1, tau: 100 }),
  },
  {
    name: 'arc → mean',
    n: N,
    f: F,
    rule: 'mean',
    options: { before: ['arc'] },
    byzfl: { ...call('ARC'), after: call('Average', {}) },
  },
  { name: 'cge', n: N, f: F, rule: 'cge' },
  { name: 'dnc', n: N, f: F, rule: 'dnc' },
  // ByzFL tries every subset: at n = 32, f = 10 those are 64 million.
  { name: 'mda', n: 16, f: 3, rule: 'mda', byzfl: call('MDA', { f: 3 }) },
  { name: 'mva', n: 16, f: 3, rule: 'mva' },
  { name: 'smea', n: 12, f: 2, rule: 'smea', byzfl: call('SMEA', { f: 2 }) },
  { name: 'krum at n = 43', n: 43, f: 10, rule: 'krum', options: neighbours },
  { name: 'bulyan', n: 43, f: 10, rule: 'bulyan', under: { name: 'krum at n = 43', times: 2 } },
]

export interface SpeedLine {
  readonly name: string
  readonly n: number
  readonly f: number
  readonly absent?: string
  /** The least of some runs, as for ByzFL: whatever else the machine does only ever adds to it. */
  readonly oursMs?: number
  readonly oursMedianMs?: number
  /** Of copying the vectors into the workspace, which is not in the other times: a peer receives them there. */
  readonly copyInMs?: number
  /** The least in milliseconds, or why there is none. */
  readonly byzfl?: Readonly<Partial<Record<Backend, number | string>>>
  /** ByzFL's better least time over our least. */
  readonly ratio?: number
  readonly bar?: string
  readonly met?: boolean
}

export interface SpeedOptions {
  readonly length: number
  /** On one run of ByzFL. */
  readonly limitMs: number
  readonly folder: string
  readonly seen?: (line: SpeedLine) => void
}

/** Of each, but fewer of one that would take longer than the budget. */
export const runCount = 9
/** A warm-up of ours, milliseconds: the optimising compiler works beside the first runs, and takes a second to be done. */
const warmUpMs = 1_500
const budgetS = 20

/** Times one case after another: ours, then ByzFL's, so that both meet the same machine. */
export async function measureSpeeds(
  cases: readonly SpeedCase[],
  byzfl: Byzfl,
  { length, limitMs, folder, seen = () => {} }: SpeedOptions,
): Promise<SpeedLine[]> {
  const lines: SpeedLine[] = []
  const path = join(folder, 'speed.f32')
  for (const each of cases) {
    const spec: RuleSpec = { ...each.options, rule: each.rule, tolerated: each.f }
    const absent = notHere(spec)
    let line: SpeedLine = { name: each.name, n: each.n, f: each.f }
    if (absent !== undefined) line = { ...line, absent }
    else {
      checkRule(spec, each.n)
      const numbers = speedNumbers(each.n * length)
      line = { ...line, ...timeOurs(spec, each.n, length, numbers) }
      if (each.byzfl) {
        await writeFile(path, numbers)
        line = { ...line, byzfl: await timeByzfl(each, byzfl, path, length, limitMs) }
      }
    }
    lines.push(verdict(each, line, lines))
    seen(lines.at(-1)!)
  }
  await rm(path, { force: true })
  return lines
}

function speedNumbers(count: number): Float32Array<ArrayBuffer> {
  const next = uniform(count)
  return Float32Array.from({ length: count }, () => 2 * next() - 1)
}

function timeOurs(spec: RuleSpec, n: number, length: number, numbers: Float32Array) {
  const workspace = new Workspace({ rows: n, length })
  const rows = Array.from({ length: n }, (_, row) => row)
  const copyIn = timesMs(() => {
    for (const row of rows) workspace.vector(row).set(numbers.subarray(row * length, (row + 1) * length))
  })
  const ours = timesMs(() => aggregate(spec, workspace, rows))
  return { oursMs: ours[0]!, oursMedianMs: ours[Math.floor(runCount / 2)]!, copyInMs: copyIn[0]! }
}

/** In ascending order, after a warm-up that lets the engine compile the kernels with its optimising compiler. */
function timesMs(run: () => void): number[] {
  const once = (): number => {
    const start = performance.now()
    run()
    return performance.now() - start
  }
  for (let warmMs = 0; warmMs < warmUpMs; ) warmMs += once()
  return Array.from({ length: runCount }, once).sort((a, b) => a - b)
}

async function timeByzfl(
  { byzfl: request, n }: SpeedCase,
  byzfl: Byzfl,
  input: string,
  d: number,
  limitMs: number,
): Promise<Partial<Record<Backend, number | string>>> {
  const times: Partial<Record<Backend, number | string>> = {}
  for (const backend of ['numpy32', 'torch'] as const) {
    const timed = { runs: runCount, budgetS: budgetS }
    const answer = await byzfl.run({ ...request!, kind: 'aggregator', backend, input, n, d, seed: 1, timed }, limitMs)
    times[backend] = answer.timeS === undefined ? (answer.error ?? 'no answer') : answer.timeS * 1000
  }
  return times
}

/** Adds the ratio, and whether the bar is met. */
export function verdict(each: SpeedCase, line: SpeedLine, before: readonly SpeedLine[]): SpeedLine {
  if (line.oursMs === undefined) return line
  if (each.under) {
    const { name, times } = each.under
    const other = before.find((candidate) => candidate.name === name)?.oursMs
    const bar = `< ${times} × ${name}`
    return other === undefined ? { ...line, bar } : { ...line, bar, met: line.oursMs < times * other }
  }
  const copied = each.copies !== undefined &&
    line.copyInMs !== undefined && { bar: `≤ ${each.copies} copies`, met: line.oursMs <= each.copies * line.copyInMs }
  const theirs = Object.values(line.byzfl ?? {}).filter((time) => typeof time === 'number')
  const ratio = theirs.length > 0 ? Math.min(...theirs) / line.oursMs : undefined
  return {
    ...line,
    ...(ratio !== undefined && { ratio }),
    ...copied,
    ...(each.bar !== undefined && { bar: `≥ ${each.bar}` }),
    ...(each.bar !== undefined && ratio !== undefined && { met: ratio >= each.bar }),
  }
}
