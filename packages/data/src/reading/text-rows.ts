import Papa from 'papaparse'
import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { fileSize, piecesOf } from './files.ts'

/** A row of a text file, and the line on which it begins, from 1. */
export interface TextRow {
  readonly line: number
  readonly fields: readonly string[]
}

/** `space` is any number of spaces and tabs, without quotes. */
export type Separator = string | 'space'

/** Whatever a quote that is never closed swallows ends here. */
const mostRow = 4 * 1024 * 1024

interface Parsed {
  readonly data: readonly string[][]
  readonly errors: readonly { readonly row: number }[]
  readonly meta: { readonly cursor: number }
}

/**
 * The rows of a file of separated values, some at a time: quoted fields may hold separators, quotes and newlines (RFC 4180), lines
 * may end in LF, CRLF or CR, and empty ones are left out. UTF-8, or UTF-16 with its mark. Throws DataError.
 */
export async function* textRows(file: string, separator: Separator, context: DataContext): AsyncGenerator<TextRow[]> {
  if ((await fileSize(file)) === 0)
    throw badData(file, 'it is empty; write a line of column names and a line for each sample')
  let newline: '\n' | '\r' | undefined
  let rest = ''
  let line = 1
  const take = (text: string, last: boolean): TextRow[] => {
    newline ??= text.includes('\n') || !text.includes('\r') ? '\n' : '\r'
    const whole = last ? text.length : text.lastIndexOf(newline) + 1
    const found = separator === 'space' ? ofSpaces(text.slice(0, whole), newline) : ofQuoted(text.slice(0, whole), last)
    rest = text.slice(found.used)
    if (rest.length > mostRow) {
      const problem = `a row of more than ${mostRow} characters, as when a quote is never closed`
      throw badData(`${file}:${line}`, `${problem}; close it, or divide the row`)
    }
    return found.rows
  }
  const ofQuoted = (text: string, last: boolean) => {
    const parser = new Papa.Parser({ delimiter: separator, newline: newline! })
    const { data, errors, meta } = parser.parse(text, 0, !last) as Parsed
    const quoted = text.includes('"')
    const rows: TextRow[] = []
    for (const [index, fields] of data.entries()) {
      if (quoted && errors[0]?.row === index) throw misquoted(file, line)
      if (fields.length > 1 || fields[0]!.trim() !== '') rows.push({ line, fields })
      line += 1 + (quoted ? fields.reduce((lines, field) => lines + countOf(field, newline!), 0) : 0)
    }
    if (errors.length > 0) throw misquoted(file, line)
    return { rows, used: last ? text.length : meta.cursor }
  }
  const ofSpaces = (text: string, end: string) => {
    const lines = text.split(end)
    if (text.endsWith(end)) lines.pop()
    const rows = lines.map((each, index) => ({ line: line + index, fields: each.trim().split(/[ \t]+/) }))
    line += lines.length
    return { rows: rows.filter(({ fields }) => fields.length > 1 || fields[0] !== ''), used: text.length }
  }
  for await (const text of textsOf(file, context)) {
    const rows = take(rest + text, false)
    if (rows.length > 0) yield rows
  }
  if (rest !== '') yield take(rest, true)
}

function misquoted(file: string, line: number) {
  return badData(
    `${file}:${line}`,
    'a quote is not closed, or text follows a closing one; write a quote within quotes twice',
  )
}

function countOf(text: string, character: string): number {
  let count = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++
  return count
}

async function* textsOf(file: string, context: DataContext): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let line = 1
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder!.decode(bytes, { stream: bytes !== undefined })
    } catch {
      throw badData(file, `after line ${line} it is no UTF-8; save it as UTF-8`)
    }
  }
  for await (const piece of piecesOf(file, context)) {
    const wide =
      piece[0] === 0xff && piece[1] === 0xfe ? 'utf-16le' : piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : ''
    decoder ??= new TextDecoder(wide || 'utf-8', { fatal: true })
    const text = decode(piece)
    if (text.includes('\0'))
      throw badData(file, 'it has zero bytes, so that it is no text; name a file of another kind')
    line += countOf(text, '\n')
    yield text
  }
  const end = decoder === undefined ? '' : decode()
  if (end !== '') yield end
}
