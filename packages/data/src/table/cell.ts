import type { Cell } from './source.ts'

const decimalComma = /^[+-]?\d*,\d+$/

/** How values of a table are understood. */
export interface CellReader {
  /** Whether a number may stand for a missing value. */
  readonly absentNumbers: boolean
  isAbsent(cell: Cell): boolean
  /** NaN for what is no finite number. */
  numberOf(cell: Cell): number
}

export function cellReader({ absent, decimal }: { absent: readonly string[]; decimal: '.' | ',' }): CellReader {
  const texts = new Set(absent)
  return {
    absentNumbers: absent.some((text) => !Number.isNaN(numberIn(text))),
    isAbsent: (cell) => cell === null || (typeof cell === 'number' ? Number.isNaN(cell) : texts.has(cell.trim())),
    numberOf(cell) {
      if (cell === null) return Number.NaN
      const value = typeof cell === 'number' ? cell : numberIn(decimal === ',' ? cell.replace(',', '.') : cell)
      return Number.isFinite(Math.fround(value)) ? value : Number.NaN
    },
  }
}

/** As people write numbers: nothing is not 0, and a letter other than e is no second character, as in 0x10. */
function numberIn(given: string): number {
  const text = given.trim()
  const second = text.charCodeAt(1)
  return text === '' || (second >= 0x41 && (second | 0x20) !== 0x65) ? Number.NaN : Number(text)
}

export function hasDecimalComma(cell: Cell): boolean {
  return typeof cell === 'string' && decimalComma.test(cell.trim())
}

/** As errors show it. */
export function shown(cell: Cell): string {
  return JSON.stringify(cell === null ? '' : typeof cell === 'string' ? cell.trim().slice(0, 50) : cell)
}
