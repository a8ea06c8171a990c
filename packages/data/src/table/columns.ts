import { suggestion } from '@hearsay/catalogue'
import { badData, DataError } from '../format/data-error.ts'
import type { Targets } from '../format/samples.ts'
import { fewNumbers } from '../reading/classes.ts'
import { type CellReader, cellReader, hasDecimalComma } from './cell.ts'
import type { Cell, Row } from './source.ts'
import type { TableSpec } from './spec.ts'

/** A column that is read. */
export interface Column {
  readonly name: string
  readonly role: 'input' | 'label' | 'group'
  readonly kind: 'number' | 'category' | 'flag'
  /** Categories by name, in the order in which they were found or are given. */
  readonly values: Map<string, number>
  /** They are given: no other is added. */
  readonly closed: boolean
  /** How many values were missing, and how many were in no category that is given. */
  missing: number
  unknown: number
}

export interface Columns {
  readonly all: readonly Column[]
  readonly targets: Targets['kind']
  readonly cells: CellReader
}

/** A value that is missing, where that is a category. */
export const missingName = 'missing'

/** What the columns are, by the specification and the first rows. Throws DataError. */
export function columnsOf(file: string, names: readonly string[], rows: readonly Row[], spec: TableSpec): Columns {
  const labels = typeof spec.label === 'string' ? [spec.label] : spec.label
  const groups = spec.group === undefined ? [] : [spec.group]
  const inputs = spec.inputs ?? names.filter((name) => !labels.includes(name) && !groups.includes(name))
  const given = Array.isArray(spec.categories) ? {} : (spec.categories ?? {})
  const told = Array.isArray(spec.categories) ? spec.categories : Object.keys(given)
  for (const name of [...labels, ...groups, ...inputs, ...told]) placeIn(file, names, name)
  const both = inputs.find((name) => labels.includes(name))
  if (both !== undefined)
    throw new DataError('bad-option', `data: column "${both}" is input and label; take it out of one.`)
  if (inputs.length === 0) throw badData(file, 'there is no column to learn from beside the label; name inputs')
  const cells = cellReader(spec)
  const firstOf = (name: string): Cell[] => {
    const at = names.indexOf(name)
    return rows.map((row) => row.cells[at] ?? null).filter((cell) => !cells.isAbsent(cell))
  }
  const targets = spec.labels ?? (spec.classes !== undefined ? 'classes' : guessedTargets(labels.map(firstOf), cells))
  if (targets === 'classes' && labels.length > 1)
    throw new DataError(
      'bad-option',
      `data: classes have one column of labels, not ${labels.length}; say labels: flags.`,
    )
  const column = (name: string, role: Column['role'], kind: Column['kind'], values?: readonly string[]): Column => ({
    name,
    role,
    kind,
    values: new Map(values?.map((value, index) => [value, index])),
    closed: values !== undefined,
    missing: 0,
    unknown: 0,
  })
  const kindOf = (name: string) =>
    told.includes(name) ? 'category' : guessedKind(`${file}: column "${name}"`, firstOf(name), cells)
  const labelKind = ({ classes: 'category', numbers: 'number', flags: 'flag' } as const)[targets]
  const all = [
    ...inputs.map((name) => column(name, 'input', kindOf(name), given[name])),
    ...labels.map((name) => column(name, 'label', labelKind, spec.classes)),
    ...groups.map((name) => column(name, 'group', 'category')),
  ]
  return { all, targets, cells }
}

/** Where a column is. Throws DataError when it is not there. */
export function placeIn(file: string, names: readonly string[], name: string): number {
  const at = names.indexOf(name)
  if (at >= 0) return at
  const known = names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')}, …`
  const hint = suggestion(name, names) || `; its columns are ${known}`
  const headless = names.every((each) => Number.isFinite(Number(each))) ? '; without a line of names, say columns' : ''
  throw badData(`${file}: column "${name}"`, `there is none${hint.replace(/\?$/, '')}${headless}`)
}

function guessedKind(place: string, first: readonly Cell[], cells: CellReader): 'number' | 'category' {
  const numbers = first.filter((cell) => !Number.isNaN(cells.numberOf(cell))).length
  const commas = first.filter(hasDecimalComma).length
  if (2 * commas > first.length) throw badData(place, 'its numbers have a comma before decimals; say decimal: ","')
  return 2 * numbers >= first.length ? 'number' : 'category'
}

function guessedTargets(labels: readonly (readonly Cell[])[], cells: CellReader): Targets['kind'] {
  if (labels.length > 1)
    return labels.every((first) => first.every((cell) => flagOf(cell, cells) !== undefined)) ? 'flags' : 'numbers'
  const numbers = labels[0]!.map((cell) => cells.numberOf(cell))
  if (numbers.some(Number.isNaN)) return 'classes'
  return numbers.every(Number.isInteger) && new Set(numbers).size <= fewNumbers ? 'classes' : 'numbers'
}

/** 0 or 1, also as false and true; undefined for anything else. */
export function flagOf(cell: Cell, cells: CellReader): number | undefined {
  const value =
    typeof cell === 'string' && /^\s*(true|false)\s*$/i.test(cell) ? Number(/true/i.test(cell)) : cells.numberOf(cell)
  return value === 0 || value === 1 ? value : undefined
}
