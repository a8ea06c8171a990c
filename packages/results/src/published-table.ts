import { oneLine } from '@hearsay/catalogue/words'
import { isShare, type Summary } from '@hearsay/scenario'
import { renderRows } from './rows-of-words.ts'

/** Figures that were published beside those of the run, as rows of words, headings first; none where none are told. */
export function publishedRows({ published, cells }: Summary): string[][] {
  if (published === undefined || published.figures.length === 0) return []
  const share = cells[0] !== undefined && isShare(published.value, cells[0])
  const told = (value: number | null | undefined, spread: number | undefined): string => {
    if (value === null || value === undefined) return '–'
    const number = (one: number): string => (share ? (100 * one).toFixed(2) : String(Number(one.toPrecision(4))))
    return spread === undefined ? number(value) : `${number(value)} ± ${number(spread)}`
  }
  const rows = published.figures.map(({ label, figure, deviation, measured, spread, seeds }) => [
    oneLine(label),
    told(figure, deviation),
    told(measured, spread),
    String(seeds),
  ])
  return [[`${published.value}${share ? ', %' : ''}`, 'published', 'measured', 'seeds'], ...rows]
}

/** The same for a terminal. */
export function renderPublished(summary: Summary): string {
  const rows = publishedRows(summary)
  if (rows.length === 0) return ''
  return [`Published: ${oneLine(summary.published!.source)}`, renderRows(rows)].join('\n')
}
