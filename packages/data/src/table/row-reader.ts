import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { shown } from './cell.ts'
import { type Column, type Columns, flagOf, missingName, placeIn } from './columns.ts'
import type { Cell, Row, Source } from './source.ts'
import type { TableSpec } from './spec.ts'
import type { RowStore } from './store.ts'

const mostCategories = 1_000
/** Indices are kept as float32. */
const mostNames = 2 ** 24

type Problem = string | { readonly leftOut: true }
const leftOut: Problem = { leftOut: true }

/**
 * Makes numbers of the rows of one file: a number as it is, or NaN where it is missing; of anything else the index of its
 * category, or -1 when it has none.
 */
export class RowReader {
  readonly #source: Source
  readonly #columns: Columns
  readonly #spec: TableSpec
  readonly #places: readonly number[]
  readonly #strict: boolean
  readonly #unseen: boolean

  /**
   * Throws DataError when a column is not there.
   *
   * @param strict rows are what a model is asked about, which nobody can describe otherwise: what it never learnt is a fault
   * @param unseen but a category may be none of those that are given
   */
  constructor(
    source: Source,
    columns: Columns,
    spec: TableSpec,
    { strict = false, unseen = true }: { readonly strict?: boolean; readonly unseen?: boolean } = {},
  ) {
    this.#strict = strict
    this.#unseen = unseen
    this.#source = source
    this.#columns = columns
    this.#spec = spec
    this.#places = columns.all.map(({ name }) => placeIn(source.file, source.names, name))
  }

  /** Reads all rows into a store. Throws DataError, or tells it and leaves the row out. */
  async read(store: RowStore, { teller }: DataContext, seen: (row: Row) => void = () => {}): Promise<void> {
    const into = new Float32Array(store.width)
    for await (const batch of this.#source.rows)
      for (const row of batch) {
        const problem = this.#problemOf(row, into)
        if (problem === undefined) {
          store.push(into)
          seen(row)
        } else if (typeof problem === 'string') {
          const error = badData(this.#source.placeOf(row), problem)
          if (teller === undefined) throw error
          teller.fault(error)
        }
      }
  }

  #problemOf(row: Row, into: Float32Array): Problem | undefined {
    const { names } = this.#source
    if (row.cells.length !== names.length) {
      const found = `${row.cells.length} values, where there are ${names.length} columns`
      return `${found}; mend the line, or put quotes around a value that has a separator in it`
    }
    const { all, cells } = this.#columns
    for (let index = 0; index < all.length; index++) {
      const column = all[index]!
      const cell = row.cells[this.#places[index]!]!
      // Most are numbers, which are seen for less.
      const number = column.kind === 'number' && !cells.absentNumbers ? cells.numberOf(cell) : Number.NaN
      if (!Number.isNaN(number)) {
        into[index] = number
        continue
      }
      const value = cells.isAbsent(cell) ? this.#insteadOf(column) : this.#read(cell, column)
      if (typeof value === 'string') return `column "${column.name}": ${value}`
      if (typeof value === 'object') return value
      into[index] = value
    }
    return undefined
  }

  /** For a value that is missing. */
  #insteadOf(column: Column): number | Problem {
    const { missing } = this.#spec
    if (missing === 'error')
      return this.#strict
        ? 'it has no value; put one there'
        : 'it has no value; put one there, or say missing: drop or mean'
    column.missing++
    if (missing === 'drop' || column.role !== 'input') return leftOut
    return column.kind === 'number' ? Number.NaN : this.#indexOf(missingName, column)
  }

  #read(cell: Cell, column: Column): number | string {
    const { cells } = this.#columns
    if (column.kind === 'category') {
      const value = this.#indexOf(typeof cell === 'string' ? cell.trim() : String(cell), column)
      if (value >= 0 || (column.role !== 'label' && this.#unseen)) return value
      const known = [...column.values.keys()].slice(0, 10).join(', ')
      return `${shown(cell)} is no ${column.role === 'label' ? 'class' : 'category that was learnt'}; they are ${known}`
    }
    if (column.kind === 'flag') return flagOf(cell, cells) ?? `${shown(cell)} is no flag; write 0 or 1`
    const value = cells.numberOf(cell)
    if (!Number.isNaN(value)) return value
    const problem = `${shown(cell)} is no finite number; mend it`
    if (this.#strict) return problem
    const remedy =
      column.role === 'label'
        ? 'say labels: classes'
        : `name it in absent if it stands for a missing one, or "${column.name}" in categories`
    return `${problem}, or ${remedy}`
  }

  #indexOf(name: string, column: Column): number {
    const known = column.values.get(name)
    if (known !== undefined) return known
    if (column.closed) {
      column.unknown++
      return -1
    }
    const index = column.values.size
    const [most, remedy] =
      column.role === 'input'
        ? [mostCategories, 'name the other columns in inputs']
        : [mostNames, 'name another column']
    if (index >= most)
      throw badData(`${this.#source.file}: column "${column.name}"`, `more than ${most} different values; ${remedy}`)
    // A copy: a part of a text keeps all of it in memory.
    column.values.set(Buffer.from(name).toString(), index)
    return index
  }
}
