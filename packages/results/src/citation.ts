import type { Summary } from '@hearsay/scenario'
import type { Manifest } from './manifest.ts'

/** What a paper has to say of a run, so that others can judge it and make it again. */
export interface Citation {
  readonly scenario: string
  readonly question: string
  readonly startedAt: string
  readonly cells: number
  readonly seeds: readonly number[]
  /** Jobs without a result. */
  readonly failed: number
  readonly expectations: { readonly held: number; readonly asked: number }
  /** By path: what all cells have in common, and what the cells differ in, each value once. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly varied: Readonly<Record<string, readonly unknown[]>>
  readonly program: {
    readonly name: 'Hearsay'
    readonly version: string
    readonly commit: string | null
    /** The clone had changes that no commit has. */
    readonly dirty: boolean | null
    readonly lockfile: string | null
  }
  readonly engine: string
  readonly machine: string
  /** SHA-256 of the scenario with its files. */
  readonly digest: string
  /** On the virtual network: the same on every machine with this engine. */
  readonly traceDigest?: string
  readonly data: readonly { readonly source: string; readonly licence: string }[]
  readonly commandLine: readonly string[]
}

export function citationOf(summary: Summary, manifest: Manifest): Citation {
  const { version, commit, dirty, lockfile, node, platform, cpu, cores } = manifest
  const { settings, varied } = settingsOf(summary.cells.map(({ parameters }) => parameters))
  return {
    scenario: summary.scenario,
    question: summary.question,
    startedAt: manifest.startedAt,
    cells: summary.cells.length,
    seeds: summary.seeds,
    failed: summary.failed?.length ?? 0,
    expectations: {
      held: summary.expectations.filter(({ held }) => held).length,
      asked: summary.expectations.length,
    },
    settings,
    varied,
    program: { name: 'Hearsay', version, commit, dirty, lockfile },
    engine: manifest.engine,
    machine: `Node ${node}, ${platform}, ${cores} × ${cpu}`,
    digest: manifest.digest,
    ...(summary.traceDigest === undefined ? {} : { traceDigest: summary.traceDigest }),
    data: summary.data ?? [],
    commandLine: manifest.commandLine,
  }
}

function settingsOf(cells: readonly object[]): Pick<Citation, 'settings' | 'varied'> {
  const leaves = cells.map((cell) => new Map(leavesOf(cell)))
  const paths = [...new Set(leaves.flatMap((each) => [...each.keys()]))]
  const values = new Map(paths.map((path) => [path, valuesOf(leaves.map((each) => each.get(path)))]))
  const entries = [...values]
  return {
    settings: Object.fromEntries(entries.filter(([, each]) => each.length === 1).map(([path, [only]]) => [path, only])),
    varied: Object.fromEntries(entries.filter(([, each]) => each.length > 1)),
  }
}

/** Each once, in the order of the cells; null where a cell has none. */
function valuesOf(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value) ?? 'null', value ?? null])).values()]
}

/** Lists are leaves: a list of layers is one setting. */
function leavesOf(value: object, path = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const at = path === '' ? name : `${path}.${name}`
    if (inner === undefined) return []
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? leavesOf(inner, at) : [[at, inner]]
  })
}
