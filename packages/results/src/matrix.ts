/** Heat maps of a run as matrices of a terminal, in place of a row of words for each cell. */
import { styleText } from 'node:util'
import { oneLine } from '@hearsay/catalogue/words'
import type { HeatMap, Summary, SummaryCell } from '@hearsay/scenario'
import { cellsOf, isHeatMap } from '@hearsay/scenario'
import { heatMapOf } from './heat-map.ts'
import { canDisagree } from './stopped.ts'
import type { TableOptions } from './table.ts'

/** So many cells that are not as one would wish are told one by one. */
const mostTold = 10
const gap = '  '

/** The matrices of a run whose panels are all heat maps and have all of its cells in them; undefined of any other. */
export function renderMatrices(summary: Summary, options: TableOptions): string | undefined {
  const { cells, plot = [], failed } = summary
  if (failed !== undefined || plot.length === 0 || !plot.every(isHeatMap)) return undefined
  const shown = new Set(plot.flatMap((map) => cellsOf(map, cells)))
  if (cells.length === 0 || shown.size < cells.length) return undefined
  const matrices = plot.map((map) => renderMatrix(map, cells, options))
  return [...matrices, describeSafety(cells)].join('\n\n')
}

function renderMatrix(map: HeatMap, cells: readonly SummaryCell[], { width, colour }: TableOptions): string {
  const { title, rows, columns, squares, isShare } = heatMapOf(map, cells)
  const texts = new Map(squares.map(({ row, column, text }) => [JSON.stringify([row, column]), text]))
  const at = (row: string, column: string): string => texts.get(JSON.stringify([row, column])) ?? ''
  const widest = Math.max(1, ...squares.map(({ text }) => text.length))
  const full = columns.map((column) => Math.max(widest, column.length))
  const first = Math.max(...rows.map(({ length }) => length))
  const fits = first + full.reduce((sum, one) => sum + gap.length + one, 0) <= width
  const headings = fits ? columns : columns.map((_, at) => letterOf(at))
  const widths = fits ? full : headings.map(({ length }) => Math.max(widest, length))
  const rest = widths.reduce((sum, one) => sum + gap.length + one, 0)
  const names = Math.max(8, Math.min(first, width - rest))
  const line = (name: string, values: readonly string[]): string =>
    [name.padEnd(names), ...values.map((value, at) => value.padStart(widths[at]!))].join(gap).trimEnd()
  const body = rows.flatMap((row) => {
    const [head = '', ...more] = pieces(oneLine(row), names)
    const values = columns.map((column) => at(row, column))
    return [line(head, values), ...more]
  })
  const heading = `${oneLine(title)}${isShare ? ', %' : ''}: ${map.rows} by ${map.columns}`
  const key = fits ? [] : columns.map((column, at) => `${gap}${letterOf(at)} = ${oneLine(column)}`)
  const starred = squares.some(({ text }) => text.endsWith('*')) ? ['* the rounds of a seed ended before the last'] : []
  const bold = colour ? styleText('bold', heading, { validateStream: false }) : heading
  return [bold, line('', headings), '─'.repeat(Math.min(width, names + rest)), ...body, ...key, ...starred].join('\n')
}

/** a, b, …, z, aa, … */
function letterOf(at: number): string {
  const last = String.fromCharCode(97 + (at % 26))
  return at < 26 ? last : letterOf(Math.floor(at / 26) - 1) + last
}

function pieces(text: string, width: number): string[] {
  return text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
}

/** What a matrix says nothing of. */
function describeSafety(cells: readonly SummaryCell[]): string {
  const faults = cells.flatMap((cell) => {
    const { label, disagreement, liveness, evidence } = cell
    const found = [
      canDisagree(cell) && disagreement.distance !== 0 ? 'models differ' : '',
      liveness.ended < liveness.rounds ? `${liveness.ended} of ${liveness.rounds} rounds` : '',
      disagreement.forks > 0 ? `forks ${disagreement.forks}` : '',
      evidence.falseAccusations > 0 ? `falsely accused ${evidence.falseAccusations}` : '',
    ].filter((text) => text !== '')
    return found.length > 0 ? [`${gap}${oneLine(label)}: ${found.join(', ')}`] : []
  })
  const all = cells.length === 1 ? 'the cell' : `all ${cells.length} cells`
  if (faults.length === 0) return `In ${all}: models equal, all rounds ended, no fork, nobody falsely accused.`
  const more = faults.length > mostTold ? [`${gap}and ${faults.length - mostTold} more`] : []
  const rest = cells.length - faults.length
  const others =
    rest === 0 ? '' : `; in the other ${rest}: models equal, all rounds ended, no fork, nobody falsely accused`
  return [`Not as one would wish${others}:`, ...faults.slice(0, mostTold), ...more].join('\n')
}
