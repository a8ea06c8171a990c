import { dirname, resolve } from 'node:path'
import { stringify } from 'yaml'
import { type Cell, expandCells } from './cells.ts'
import { compileExpectation, type Expectation } from './expectations.ts'
import { type Extension, loadExtensions } from './extensions.ts'
import { findingsOf } from './issues.ts'
import { scenarioJsonSchema } from './json-schema.ts'
import { locator } from './locate.ts'
import { modulesIn } from './modules.ts'
import { applyOverrides, type LoadOptions, readOverrides } from './overrides.ts'
import { checkPanel, withValue } from './panels.ts'
import { getPath } from './parameter-path.ts'
import { checkPublished, type Published } from './published.ts'
import { ScenarioError } from './scenario-error.ts'
import { type Header, headerSchema, type Panel, parameterNames } from './schema.ts'
import { parseSource } from './source.ts'
import { type Tree, toTree } from './tree.ts'

/** A scenario that can be run. */
export interface LoadedScenario {
  readonly file: string
  /** Absolute path of the folder that relative paths in `task` stand against. */
  readonly base: string
  readonly name: string
  readonly question: string
  readonly seeds: readonly number[]
  /** In the order of the file; without those that come to the same parameters as an earlier one with the same label. */
  readonly cells: readonly Cell[]
  readonly expectations: readonly Expectation[]
  /** In the order of the file; without those that overrides have left no cells. */
  readonly plot: readonly Panel[]
  /** What is shown beside the results, of cells that there are. */
  readonly published?: Published
  /** In the order of the file. */
  readonly extensions: readonly Extension[]
  /** What is expected of cells that the overrides have changed into others, and so cannot be checked. */
  readonly skipped: readonly string[]
  /** The scenario as YAML with overrides and defaults filled in and every cell spelled out. Loads to the same cells. */
  readonly resolved: string
}

/**
 * Reads and checks a scenario. Throws ScenarioError with everything that is wrong, each with line, column, path, what
 * was expected and the nearest known word.
 */
export function loadScenario(text: string, options: LoadOptions): LoadedScenario {
  const { file } = options
  const source = parseSource(text, file)
  // First: what else the scenario and the overrides may say depends on them. What is wrong with them is told below.
  extensionsOf(source.data, file)
  const overrides = readOverrides(options)
  const data = applyOverrides(source.data, overrides, file)
  const locate = locator(source, overrides)

  const { extensions, findings } = extensionsOf(data, file)
  if (findings.length > 0)
    throw new ScenarioError(
      file,
      findings.map((one) => locate(one)),
    )

  const parsed = headerSchema.safeParse(data)
  const problems = parsed.success
    ? []
    : findingsOf(parsed.error.issues, data, scenarioJsonSchema()).map((one) => locate(one))
  const brought = (module: string) => tasksOf(extensions, resolve(dirname(file), module))
  const expanded = expandCells(parsed.data ?? fallback(data), toTree(data), { overrides, brought, locate })
  problems.push(...expanded.problems)
  if (!parsed.success || problems.length > 0) throw new ScenarioError(file, problems)
  const header = parsed.data
  const { cells } = expanded

  // Another sweep may have made any cell another.
  const overridden = overrides.flatMap(({ path }) =>
    parameterNames.includes(path[0]!) ? [path] : path[0] === 'sweep' ? [[]] : [],
  )
  const compiled = header.expect.map((input) => compileExpectation(input, cells, overridden))
  const plot = [header.plot ?? []].flat().map((panel) => withValue(panel, cells))
  const checked = plot.map((panel) => checkPanel(panel, cells, overridden))
  const { published, findings: misquoted } = checkPublished(header.published, cells, overridden)
  const wrong = [
    ...misquoted.map((finding) => locate({ ...finding, path: ['published', ...finding.path] })),
    ...compiled.flatMap(({ findings }, index) =>
      findings.map((finding) => locate({ ...finding, path: ['expect', index, ...finding.path] })),
    ),
    ...checked.flatMap(({ findings }, index) => {
      const place = Array.isArray(header.plot) ? ['plot', index] : ['plot']
      return findings.map((finding) => locate({ ...finding, path: [...place, ...finding.path] }))
    }),
  ]
  if (wrong.length > 0) throw new ScenarioError(file, wrong)
  const expectations = compiled.flatMap(({ expectation }) => expectation ?? [])
  const skipped = compiled.flatMap(({ skipped: text }) => text ?? [])
  const { name, question, seeds } = header
  const expect = header.expect.filter((_, index) => compiled[index]!.expectation !== undefined)
  const beside = extensions.map((extension) => `./${extension.name}`)
  const drawn = plot.filter((_, index) => !checked[index]!.skipped)
  const shown = published && { published }
  const told = { ...header, expect, plot: drawn, extensions: beside, published }
  const resolved = resolvedText(told, cells, expectations)
  const base = resolve(options.base ?? dirname(file))
  return {
    file,
    base,
    name,
    question,
    seeds,
    cells,
    expectations,
    plot: drawn,
    ...shown,
    extensions,
    skipped,
    resolved,
  }
}

function extensionsOf(data: unknown, file: string): ReturnType<typeof loadExtensions> {
  const listed = headerSchema.shape.extensions.safeParse(toTree(data).extensions).data ?? []
  const named = listed.map((one, index) => ({ path: ['extensions', index], file: one }))
  return loadExtensions([...named, ...modulesIn(data)], file)
}

function tasksOf(extensions: readonly Extension[], path: string): readonly string[] {
  return extensions.find((one) => one.path === path)?.tasks ?? []
}

/** What cells can still be checked with when the rest of the scenario is wrong. */
function fallback(data: unknown): Pick<Header, 'seeds' | 'sweep'> {
  const sweep = headerSchema.shape.sweep.safeParse(toTree(data).sweep)
  return { seeds: [], sweep: sweep.data }
}

/** Sections that differ between cells go into the sweep, whole, so that nothing is merged when it is read again. */
function resolvedText(
  header: Header & { plot: Panel[]; published: Published | undefined },
  cells: readonly Cell[],
  expectations: readonly Expectation[],
): string {
  const { name, question, extensions, seeds, plot, published, expect } = header
  const first = cells[0]!.parameters as Tree
  const differing = parameterNames.filter((key) =>
    cells.some((cell) => JSON.stringify(getPath(cell.parameters, [key])) !== JSON.stringify(first[key])),
  )
  const sweep = cells.map((cell) => {
    const sections = differing.map((key): [string, unknown] => {
      const value = getPath(cell.parameters, [key])
      return [key, Array.isArray(value) ? [value] : value]
    })
    return { label: cell.label, ...Object.fromEntries(sections) }
  })
  const checks = expect.map((one, index) => ({ ...one, text: expectations[index]!.text }))
  const own = extensions.length > 0 ? { extensions } : {}
  const drawn = { ...(plot.length > 0 && { plot }), ...(published && { published }) }
  const resolved = { name, question, ...own, ...first, seeds, sweep, ...drawn, expect: checks }
  return stringify(resolved, { aliasDuplicateObjects: false })
}
