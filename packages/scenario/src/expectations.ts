import { suggestion } from '@hearsay/catalogue'
import { agreements } from '@hearsay/protocol'
import { type Measure, measuresOf, taskOf, tasks } from '@hearsay/training/schema'
import { maliciousCount, maliciousWeight } from './adversaries.ts'
import { endOfRounds } from './agreement.ts'
import type { Cell } from './cells.ts'
import { type Check, CheckSyntaxError, type Comparator, evaluate, holds, parseCheck, type Term } from './expression.ts'
import type { Finding } from './finding.ts'
import { keysAt, parametersJsonSchema, schemasAt } from './json-schema.ts'
import { measuredAt, measurePaths } from './measure-paths.ts'
import { getPath, parsePath, touches, unknownPath } from './parameter-path.ts'
import { inFull } from './short-forms.ts'
import type { SummaryCell } from './summary.ts'
import { describeValue } from './sweep.ts'
import type { Tree } from './tree.ts'

/** A check of the results, ready to be judged. */
export interface Expectation {
  readonly text: string
  readonly check: Check
  /** Indices of the cells that must satisfy it, all with every seed. */
  readonly cells: readonly number[]
  /** Index of the cell that `baseline.…` means. */
  readonly baseline: number
}

export interface Verdict {
  readonly text: string
  readonly held: boolean
  /** `4 of 10 silent, seed 1: 0.31 >= 0.85 is false`, one for each cell and seed that does not satisfy the check. */
  readonly failures: readonly string[]
}

type Input = { where?: Tree | undefined; check: string; baseline?: string | undefined; text?: string | undefined }

/** What `where` may name besides parameters. */
const derivedKeys: readonly string[] = ['label', 'malicious', 'excess']

/** An expectation together with what is wrong with it; `findings` have paths within the entry. */
export interface Compiled {
  readonly expectation?: Expectation
  readonly findings: readonly Finding[]
  /** What it expects, when an override has left none of the cells that it is about. */
  readonly skipped?: string
}

/**
 * Parses the check, finds the cells that it is about, and puts it in words. `overridden` are the paths of parameters
 * that were changed in all cells: what is about cells that are no more is skipped, not wrong.
 */
export function compileExpectation(
  input: Input,
  cells: readonly Cell[],
  overridden: readonly (readonly string[])[] = [],
): Compiled {
  const findings: Finding[] = []
  const where = input.where ?? {}
  const about = cells.filter((cell) => matches(cell, where))
  const baseline = cells.find(({ label }) => label === (input.baseline ?? cells[0]?.label))
  const check = checkOf(
    input.check,
    { about: about.length > 0 ? about : cells, baseline: baseline === undefined ? [] : [baseline] },
    findings,
  )
  findings.push(...checkWhere(where))
  const missing = missingCells(input, cells)
  if (
    findings.length === 0 &&
    missing.some(({ by }) => overridden.some((path) => by === undefined || touches(path, by)))
  )
    return { findings, skipped: input.text ?? input.check }
  findings.push(...new Set(missing.map(({ finding }) => finding)))
  if (check === undefined || baseline === undefined || findings.length > 0) return { findings }
  const text = input.text ?? describeExpectation(where, check, baseline)
  const matched = about.map((cell) => cell.index)
  if (asksBaseline(check) && matched.every((index) => index === baseline.index)) {
    // An override has made the baseline what it is to be compared with: that would hold, and say nothing.
    if (overridden.length > 0) return { findings, skipped: text }
    const message = `compares the cell "${baseline.label}" with itself: choose others by where, or another baseline`
    return { findings: [{ path: ['check'], message }] }
  }
  return { expectation: { text, check, cells: matched, baseline: baseline.index }, findings }
}

/** Cells that an expectation names and that are not there; `by` is the parameter that names them, if not a label. */
function missingCells(input: Input, cells: readonly Cell[]): { finding: Finding; by?: readonly string[] }[] {
  const where = input.where ?? {}
  const labels = cells.map(({ label }) => label)
  const missing: { finding: Finding; by?: readonly string[] }[] = []
  for (const label of listOf(where.label ?? [])) {
    if (labels.includes(String(label))) continue
    const message = `no cell is called "${String(label)}"${suggestion(String(label), labels)} (cells: ${labels.join('; ')})`
    missing.push({ finding: { path: ['where', 'label'], message } })
  }
  if (input.baseline !== undefined && !labels.includes(input.baseline)) {
    const message = `no cell is called so${suggestion(input.baseline, labels)} (cells: ${labels.join('; ')})`
    missing.push({ finding: { path: ['baseline'], message } })
  }
  if (missing.length > 0 || cells.some((cell) => matches(cell, where))) return missing
  const message = `no cell matches; cells are ${labels.map((label) => `"${label}"`).join(', ')}`
  const finding: Finding = { path: ['where'], message }
  return Object.keys(where).map((key) => ({
    finding,
    by: key === 'malicious' || key === 'excess' ? ['adversaries'] : parsePath(key),
  }))
}

function checkOf(
  text: string,
  { about, baseline }: { readonly about: readonly Cell[]; readonly baseline: readonly Cell[] },
  findings: Finding[],
): Check | undefined {
  try {
    const check = parseCheck(text)
    if ([...check.left, ...check.right].every(({ value }) => typeof value === 'number'))
      findings.push({ path: ['check'], message: 'names no measure: it says nothing of the results' })
    for (const term of [...check.left, ...check.right]) {
      if (typeof term.value !== 'string') continue
      const path = term.value.replace(/^baseline\./, '')
      const message = unknownMeasure(path, path === term.value ? about : baseline)
      if (message !== undefined) findings.push({ path: ['check'], message, offset: term.offset })
    }
    return check
  } catch (error) {
    if (!(error instanceof CheckSyntaxError)) throw error
    findings.push({ path: ['check'], message: error.message, offset: error.offset })
    return undefined
  }
}

function asksBaseline({ left, right }: Check): boolean {
  return [...left, ...right].some(({ value }) => String(value).startsWith('baseline.'))
}

/** Why a path names no measure in one of these cells, with those that there are; undefined when it names one in all. */
export function unknownMeasure(path: string, cells: readonly Cell[]): string | undefined {
  const lacking = cells.find(({ parameters }) => !measurePaths(parameters).includes(path))
  if (lacking === undefined) return undefined
  const { task, agreement } = lacking.parameters
  const known = measurePaths(lacking.parameters)
  if ([...agreements.values()].some(({ end }) => path === `liveness.${end}`))
    return `in the cell "${lacking.label}" rounds are ${endOfRounds([agreement])}: say liveness.ended, which counts with any agreement`
  const named = (measures: readonly Measure[]) => measures.some(({ name }) => name === parsePath(path)[0])
  const elsewhere = !named(measuresOf(task)) && [...tasks.values()].some(({ measures }) => named(measures))
  const what = elsewhere
    ? `the task ${taskOf(task).name} has no measure "${path}"`
    : `unknown measure "${path}"${suggestion(path, known)}`
  return `${what} (known: ${known.join(', ')})`
}

/** Misspelt names; which cells there are is another question. */
export function checkWhere(where: Tree): Finding[] {
  return Object.keys(where).flatMap((key): Finding[] => {
    if (derivedKeys.includes(key)) return []
    const path = parsePath(key)
    const unknown = unknownPath(parametersJsonSchema(), path)
    if (unknown === undefined) return []
    const names = [...derivedKeys, ...keysAt(parametersJsonSchema(), [])]
    const top = schemasAt(parametersJsonSchema(), path.slice(0, 1)).length === 0 ? suggestion(path[0]!, names) : ''
    return [{ path: ['where', key], at: 'key', message: top === '' ? unknown : `unknown parameter "${path[0]}"${top}` }]
  })
}

/** Whether a `where` is about this cell. */
export function matches(cell: Pick<Cell, 'label' | 'parameters'>, where: Tree): boolean {
  return Object.entries(where).every(([key, wanted]) => {
    const found =
      key === 'label'
        ? cell.label
        : key === 'malicious'
          ? maliciousCount(cell.parameters)
          : key === 'excess'
            ? maliciousWeight(cell.parameters) - cell.parameters.tolerated
            : getPath(cell.parameters, parsePath(key))
    return listOf(wanted).some((value) => contains(found, inFull(key, value)))
  })
}

/** Equal, or a map that has at least the wanted fields. */
function contains(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return found === wanted
  if (typeof found !== 'object' || found === null) return false
  return Object.entries(wanted).every(([key, value]) => contains(getPath(found, [key]), value))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

const symbols: Record<Comparator, string> = { '==': '=', '!=': '≠', '<': '<', '<=': '≤', '>': '>', '>=': '≥' }

const phrases: Readonly<Record<string, string>> = {
  'disagreement.distance': 'distance between honest models',
  'disagreement.forks': 'forks',
  'liveness.ended': 'rounds ended',
  'liveness.certified': 'rounds certified',
  'liveness.averaged': 'rounds averaged',
  'liveness.rounds': 'rounds',
  'evidence.culprits': 'culprits named',
  'evidence.falseAccusations': 'honest peers accused',
  diverged: 'trainings that diverged',
}

/** Of a measure of a task, `least accuracy`. */
function phraseOf(path: string): string {
  return phrases[path] ?? path.replace(/^(\w+)\.(least|median|greatest)$/, '$2 $1')
}

function describeExpectation(where: Tree, check: Check, baseline: Cell): string {
  const claim = [
    describeTerms(check.left, baseline.label),
    symbols[check.comparator],
    describeTerms(check.right, baseline.label),
  ].join(' ')
  const conditions = Object.entries(where).map(([key, value]) => describeCondition(key, listOf(value)))
  return conditions.length === 0 ? claim : `${conditions.join(', ')}: ${claim}`
}

function describeCondition(key: string, values: readonly unknown[]): string {
  const described = values.map(describeValue).join(' or ')
  if (key === 'malicious' || key === 'adversaries.count') return `${described} ${described === '1' ? 'liar' : 'liars'}`
  return key === 'label' || key === 'adversaries.behaviour' ? described : `${key} ${described}`
}

function describeTerms(terms: readonly Term[], baseline: string): string {
  const described = terms.map(({ sign, value }, index) => {
    const operator = index === 0 ? (sign < 0 ? '−' : '') : sign < 0 ? ' − ' : ' + '
    if (typeof value === 'number') return operator + String(value)
    const path = value.replace(/^baseline\./, '')
    return `${operator}${phraseOf(path)}${path === value ? '' : ` of "${baseline}"`}`
  })
  return described.join('')
}

/**
 * Whether each expectation held in `results`, one for each cell in the order of the scenario; undefined for a cell
 * that did not run, which does not hold. A baseline is taken with the same seed.
 */
export function judge(
  expectations: readonly Expectation[],
  cells: readonly Cell[],
  results: readonly (SummaryCell | undefined)[],
): Verdict[] {
  return expectations.map((expectation) => {
    const failures = expectation.cells.flatMap((index) => {
      const { label, seeds } = cells[index]!
      const several = seeds.length > 1
      return seeds.flatMap((seed) => {
        const baseline = { label: cells[expectation.baseline]!.label, result: results[expectation.baseline] }
        const found = failureOf(expectation.check, results[index], baseline, seed)
        return found === undefined ? [] : [`${label}${several ? `, seed ${seed}` : ''}: ${found}`]
      })
    })
    return { text: expectation.text, held: failures.length === 0, failures }
  })
}

/** Both sides of a check in one cell with one seed; undefined when that did not run. */
function sidesOf(
  check: Check,
  cell: SummaryCell | undefined,
  baseline: SummaryCell | undefined,
  seed: number,
): { held: boolean; left: number; right: number } | undefined {
  const at = (path: string, of: SummaryCell | undefined): number | undefined => {
    const one = of?.bySeed.find((each) => each.seed === seed)
    return one && measuredAt(path, of!, one)
  }
  if (cell?.bySeed.every((each) => each.seed !== seed) ?? true) return undefined
  const measure = (path: string): number => {
    const own = path.replace(/^baseline\./, '')
    return at(own, own === path ? cell : baseline) ?? Number.NaN
  }
  return { held: holds(check, measure), left: evaluate(check.left, measure), right: evaluate(check.right, measure) }
}

function failureOf(
  check: Check,
  cell: SummaryCell | undefined,
  baseline: { label: string; result: SummaryCell | undefined },
  seed: number,
): string | undefined {
  const sides = sidesOf(check, cell, baseline.result, seed)
  if (sides === undefined) return 'did not run'
  if (sides.held) return undefined
  const { left, right } = sides
  return `${describeTerms(check.left, baseline.label)} is ${format(left)}, expected ${symbols[check.comparator]} ${format(right)}`
}

/** Of the cells and seeds that an expectation is about, the one that came nearest to failing, or failed by most. */
export interface Narrowest {
  readonly text: string
  /** Of all cells and seeds. */
  readonly held: boolean
  /** `3 of 10 sign-flip, seed 4`. */
  readonly where: string
  /** What the sides of the check came to there: `0.862 >= 0.8`. */
  readonly found: string
  /** By how much it held there, in the units of the measure; less than 0 when it did not. NaN: it was not measured. */
  readonly slack: number
}

/** One of each expectation, for `results` as in `judge`. */
export function narrowest(
  expectations: readonly Expectation[],
  cells: readonly Cell[],
  results: readonly (SummaryCell | undefined)[],
): Narrowest[] {
  return expectations.map(({ text, check, cells: about, baseline }) => {
    const found = about.flatMap((index) =>
      cells[index]!.seeds.map((seed) => {
        const sides = sidesOf(check, results[index], results[baseline], seed)
        const { held, left, right } = sides ?? { held: false, left: Number.NaN, right: Number.NaN }
        return {
          where: `${cells[index]!.label}, seed ${seed}`,
          found: `${format(left)} ${check.comparator} ${format(right)}`,
          held,
          slack: slackOf(check.comparator, left, right),
        }
      }),
    )
    // NaN, of what was not measured, is the narrowest of all.
    const least = found.reduce((a, b) => (Number.isNaN(a.slack) || a.slack <= b.slack ? a : b))
    return { ...least, text, held: found.every((each) => each.held) }
  })
}

function slackOf(comparator: Comparator, left: number, right: number): number {
  if (comparator === '==') return -Math.abs(left - right)
  if (comparator === '!=') return Math.abs(left - right)
  return comparator.startsWith('<') ? right - left : left - right
}

function format(value: number): string {
  if (Number.isNaN(value)) return 'not a number'
  return String(Number(value.toPrecision(4)))
}
