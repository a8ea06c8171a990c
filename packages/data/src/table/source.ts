/** A value of a table: text and null come from files of text, anything of these from others. */
export type Cell = string | number | null

export interface Row {
  /** For `placeOf`: the line or the row of its file, from 1. */
  readonly at: number
  readonly cells: readonly Cell[]
}

/** A file of rows, some of them at a time. */
export interface Source {
  readonly file: string
  readonly names: readonly string[]
  readonly rows: AsyncIterable<readonly Row[]>
  /** Where a row is, for errors: `FILE:LINE` or `FILE: row N`. */
  placeOf(row: Row): string
}
