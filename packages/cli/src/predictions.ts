/** What a model says of samples, in words, as CSV and as JSON. */
import type { Inputs } from '@hearsay/data'
import { largestOf, type Reading } from '@hearsay/training/files'

/** Of each sample what it is called, and what the model says of it. */
export interface Predictions {
  readonly targets: Reading['targets']
  /** Names of classes, of numbers or of flags. */
  readonly outputs: readonly string[]
  readonly rows: readonly Prediction[]
}

export type Prediction = {
  readonly line?: number | string
  readonly row?: number | string
  readonly file?: number | string
  /** Of classes the likeliest. */
  readonly class?: string
  /** Those that are likelier than not. */
  readonly flags?: readonly string[]
  /** Of each class or flag, by name. */
  readonly probabilities?: Readonly<Record<string, number>>
  /** By name; outputs of a model whose loss is its user's own are told so, too. */
  readonly numbers?: Readonly<Record<string, number>>
}

/** @param told probabilities or numbers, row by row [samples, outputs] */
export function predictionsOf(
  { called, names, count }: Inputs,
  told: Float32Array,
  { targets, outputs, logits }: Reading,
): Predictions {
  const width = outputs.length
  const rows = Array.from({ length: count }, (_, index): Prediction => {
    const values = Object.fromEntries(outputs.map((name, at) => [name, short(told[index * width + at]!)]))
    return {
      [called]: names[index]!,
      ...(targets === 'classes' && { class: outputs[largestOf(told, index * width, width)]! }),
      ...(targets === 'flags' && logits && { flags: outputs.filter((name) => values[name]! > 0.5) }),
      ...(logits ? { probabilities: values } : { numbers: values }),
    }
  })
  return { targets, outputs, rows }
}

/** Float32 has no more digits. */
function short(value: number): number {
  return Number(value.toPrecision(7))
}

/** The columns: what a sample is called, what is said of it, and a number for each output. */
function columnsOf({ outputs, rows }: Predictions): { readonly head: string[]; cells(row: Prediction): string[] } {
  const [first] = rows
  const said = first?.class !== undefined ? ['class'] : first?.flags !== undefined ? ['flags'] : []
  return {
    head: [Object.keys(first ?? {})[0] ?? 'row', ...said, ...outputs],
    cells: ({ line, row, file, class: name, flags, probabilities, numbers }) => [
      String(line ?? row ?? file),
      ...(said.length === 0 ? [] : [name ?? flags!.join(' ')]),
      ...outputs.map((output) => String((probabilities ?? numbers)![output])),
    ],
  }
}

/** Lines of CSV (RFC 4180). */
export function* linesOf(predictions: Predictions): Generator<string> {
  const { head, cells } = columnsOf(predictions)
  yield csvLine(head)
  for (const row of predictions.rows) yield csvLine(cells(row))
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`
}

/** More outputs are not told in a table. */
const mostShown = 8

/** For a terminal: of many classes the likeliest alone. */
export function tableOf(predictions: Predictions): string {
  const { head, cells } = columnsOf(predictions)
  const wide = predictions.outputs.length > mostShown
  const lines = [
    wide && predictions.targets === 'classes' ? [...head.slice(0, 2), 'probability'] : head.slice(0, 2 + mostShown),
    ...predictions.rows.map((row) => {
      const [called, said, ...values] = cells(row)
      if (wide && row.class !== undefined)
        return [called!, said!, tell(String((row.probabilities ?? row.numbers)![row.class]))]
      return [
        called!,
        row.class === undefined && row.flags === undefined ? tell(said!) : said!,
        ...values.slice(0, mostShown).map(tell),
      ]
    }),
  ]
  const widths = lines[0]!.map((_, column) =>
    lines.reduce((most, line) => Math.max(most, (line[column] ?? '').length), 0),
  )
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

const tell = (cell: string): string => String(Number(Number(cell).toPrecision(4)))

/** How many samples there are of each class, or from where to where numbers go. */
export function summaryOf({ targets, outputs, rows }: Predictions): string {
  const lines = [`${rows.length.toLocaleString('en')} samples`]
  for (const name of outputs) {
    const counted = {
      classes: (row: Prediction) => row.class === name,
      flags: (row: Prediction) => row.flags?.includes(name) === true,
    }
    if (targets !== 'numbers') {
      const count = rows.filter(counted[targets]).length
      if (count > 0) lines.push(`  ${name}: ${count.toLocaleString('en')}`)
      continue
    }
    const values = rows.map(({ numbers }) => numbers![name]!)
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
    lines.push(`  ${name}: from ${tell(String(least))} to ${tell(String(most))}`)
  }
  return `${lines.join('\n')}\n`
}
