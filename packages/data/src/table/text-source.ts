import { badData } from '../format/data-error.ts'
import type { DataContext } from '../format/format.ts'
import { type Separator, type TextRow, textRows } from '../reading/text-rows.ts'
import type { Row, Source } from './source.ts'

const separators = [',', ';', '\t', '|']

export interface TextOptions {
  readonly separator?: Separator | undefined
  /** Names of columns, or how many there are, in a file without a line of them. */
  readonly columns?: readonly string[] | number | undefined
}

/** A file of separated values as a table. Throws DataError. */
export async function textSource(file: string, options: TextOptions, context: DataContext): Promise<Source> {
  const separator = options.separator ?? (/\.(tsv|tab)(\.gz)?$/i.test(file) ? '\t' : ',')
  const batches = textRows(file, separator, context)
  const first = await batches.next()
  const [head, ...others] = first.done ? [] : first.value
  if (head === undefined)
    throw badData(file, 'it has no line but empty ones; write column names and a line for each sample')
  const { columns } = options
  const names =
    typeof columns === 'number'
      ? Array.from({ length: columns }, (_, index) => String(index + 1))
      : (columns ?? head.fields)
  checkNames(file, head, names.map(nameOf), separator, columns !== undefined)
  async function* rows(): AsyncGenerator<Row[]> {
    yield (columns === undefined ? others : [head!, ...others]).map(rowOf)
    for await (const batch of batches) yield batch.map(rowOf)
  }
  return { file, names: names.map(nameOf), rows: rows(), placeOf: ({ at }) => `${file}:${at}` }
}

function rowOf({ line, fields }: TextRow): Row {
  return { at: line, cells: fields }
}

/** Those without a name, as pandas writes its index, are called by their number. */
function nameOf(name: string, index: number): string {
  return name.trim() || `column ${index + 1}`
}

function checkNames(
  file: string,
  { line, fields }: TextRow,
  names: readonly string[],
  separator: Separator,
  told: boolean,
): void {
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined && !told)
    throw badData(
      `${file}:${line}`,
      `column "${twice}" is there twice; give each a name of its own, or name all in columns`,
    )
  const other = separators.find((each) => each !== separator && fields.length === 1 && fields[0]!.includes(each))
  if (other !== undefined) {
    const problem = `one column only, "${fields[0]!.slice(0, 50)}", as if separated by ${JSON.stringify(other)}`
    throw badData(`${file}:${line}`, `${problem}; say separator: ${JSON.stringify(other)}`)
  }
}
