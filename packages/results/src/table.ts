import { styleText } from 'node:util'
import { protocolAttacks } from '@hearsay/adversary'
import { attacks } from '@hearsay/adversary/updates'
import { oneLine } from '@hearsay/catalogue/words'
import type { Summary, SummaryCell } from '@hearsay/scenario'
import { describeBehaviour, endOfRounds, type LyingGroup, lyingGroups, partitionsOf } from '@hearsay/scenario'
import { headlineOf, poisons, tellMeasure } from '@hearsay/training/schema'
import { headlinesOf } from './headlines.ts'
import { wrapWords } from './rows-of-words.ts'
import { variantOf } from './series.ts'
import { canDisagree, isStopped } from './stopped.ts'

/** One cell of a table, in words for people who see Hearsay for the first time. */
export interface TableCell {
  readonly text: string
  /** Whether this is as one would wish; absent where that is no question. */
  readonly good?: boolean
}

/** In two lines each, which keeps the columns narrow. */
export function tableHeadings({ cells }: Summary): [string, string][] {
  const headlines = headlinesOf(cells).map(({ name }) => name)
  return [
    ['what the', 'liars did'],
    ['', 'liars'],
    ['', headlines.join(' or ')],
    ['models', 'equal'],
    ['rounds', endOfRounds(cells.map(({ parameters }) => parameters.agreement))],
    ['', 'forks'],
    ['culprits', 'named'],
    ['falsely', 'accused'],
    ...(cells.some(hasJudged) ? gradientHeadings : []),
  ]
}

const gradientHeadings: [string, string][] = [
  ['honest gradients', 'applied'],
  ['of', 'liars'],
]

const hasJudged = ({ gradients }: SummaryCell): boolean => gradients !== undefined

/** One row for each cell of the summary, and for each of which every seed failed; a cell for each heading. */
export function tableRows(summary: Summary): TableCell[][] {
  return [...resultRows(summary), ...failedRows(summary)]
}

function failedRows(summary: Summary): TableCell[][] {
  const { cells, failed = [] } = summary
  const missing = new Set(
    failed.map(({ label }) => label).filter((label) => cells.every((cell) => cell.label !== label)),
  )
  const none = { text: '–' }
  return [...missing].map((label) => [
    { text: oneLine(label) },
    none,
    { text: 'failed', good: false },
    ...Array<TableCell>(tableHeadings(summary).length - 3).fill(none),
  ])
}

function resultRows(summary: Summary): TableCell[][] {
  const severalHeadlines = headlinesOf(summary.cells).length > 1
  const byLabel = differInMuch(summary)
  const judged = summary.cells.some(hasJudged)
  return summary.cells.map((cell) => {
    const { disagreement, liveness, evidence } = cell
    const identical = disagreement.distance === 0
    const live = liveness.ended >= liveness.rounds
    return [
      {
        text: oneLine(
          describeDeed(cell, byLabel ? undefined : summary.cells[0]!) +
            describeDiverged(cell) +
            describeFailed(cell, summary),
        ),
      },
      { text: `${cell.malicious} of ${cell.peers}` },
      { text: describeHeadline(cell, severalHeadlines), ...(cell.diverged > 0 && { good: false }) },
      // Where no round was finished, all have what they began with, and one alone is equal to itself.
      cell.bySeed.every(isStopped) || !canDisagree(cell)
        ? { text: '–' }
        : { text: identical ? '✓ yes' : '✗ no', good: identical },
      { text: `${live ? '✓' : '✗'} ${liveness.ended} of ${liveness.rounds}`, good: live },
      { text: String(disagreement.forks), good: disagreement.forks === 0 },
      { text: cell.malicious === 0 ? '–' : `${evidence.culprits} of ${cell.malicious}` },
      { text: String(evidence.falseAccusations), good: evidence.falseAccusations === 0 },
      ...(judged ? [{ text: shareOf(cell.gradients?.honest) }, { text: shareOf(cell.gradients?.liars) }] : []),
    ]
  })
}

function shareOf(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${(100 * share).toFixed(0)} %`
}

function describeDiverged({ diverged }: SummaryCell): string {
  return diverged === 0 ? '' : ' (training diverged)'
}

function describeFailed({ label, bySeed }: SummaryCell, { failed = [] }: Summary): string {
  const count = failed.filter((one) => one.label === label).length
  return count === 0 ? '' : ` (${count} of ${bySeed.length + count} seeds failed)`
}

/** Cells that the scenario calls by names of their own, and that differ in several settings, which would be longer than the names. */
function differInMuch({ cells }: Summary): boolean {
  const [first] = cells
  return (
    cells.every(({ labelled }) => labelled) &&
    cells.some(({ parameters }) => variantOf(parameters, first!.parameters).includes(', '))
  )
}

/** With what else it has than the `first` cell, or its label. */
function describeDeed(cell: SummaryCell, first: SummaryCell | undefined): string {
  const groups = lyingGroups(cell.parameters)
  const described = groups.map((group) => deedOf(group) + describeAmount(group)).join(', or ')
  // Split-brain is about a divided network; with anything else, the division is worth a word.
  const divided = partitionsOf(cell.parameters).length > 0 && !groups.some((group) => group.behaviour === 'split-brain')
  const deed = (described === '' ? 'nobody lied' : described) + (divided ? ', network divided' : '')
  if (first === undefined) return `${cell.label}: ${deed}`
  const variant = variantOf(cell.parameters, first.parameters)
  return variant === '' ? deed : `${deed}, with ${variant}`
}

/** `send …` in the past. */
function deedOf({ behaviour }: LyingGroup): string {
  const known = protocolAttacks.get(behaviour) ?? poisons.get(behaviour) ?? attacks.get(behaviour)
  // Of attacks on updates that say nothing else, the summary tells.
  return known?.deed ?? known?.summary.replace(/^send /, 'sent ') ?? behaviour
}

function describeAmount(group: LyingGroup): string {
  if (group.behaviour === 'sign-flip' && group.of !== 'mean') return group.scale === 1 ? '' : ` × ${group.scale}`
  if (group.behaviour === 'gaussian') return group.deviation === 1 ? '' : ` of deviation ${group.deviation}`
  return describeBehaviour(group).slice(group.behaviour.length)
}

/** `94.1 %`, or `93.6–94.4 %` when the least and the greatest differ; which measure it is, where there are `several`. */
function describeHeadline({ parameters, evaluation }: SummaryCell, several: boolean): string {
  const measure = headlineOf(parameters.task)
  const spread = evaluation[measure.name]
  if (spread === undefined || spread === null) return '–'
  const told = tellMeasure(measure, spread.least ?? Number.NaN, spread.greatest ?? Number.NaN)
  return several ? `${measure.name} ${told}` : told
}

export interface TableOptions {
  /** Columns of the terminal; the first column of the table is wrapped to fit. */
  readonly width: number
  readonly colour: boolean
}

const gap = '  '
const leastFirstWidth = 12

/** The closing table of a run as lines of text, aligned. */
export function renderTable(summary: Summary, { width, colour }: TableOptions): string {
  const rows = tableRows(summary)
  const headings = tableHeadings(summary)
  const widths = headings.map((words, column) =>
    Math.max(...words.map((word) => word.length), ...rows.map((row) => row[column]!.text.length)),
  )
  const others = widths.slice(1).reduce((sum, one) => sum + one + gap.length, 0)
  widths[0] = Math.min(widths[0]!, Math.max(leastFirstWidth, width - others))

  const lines = [0, 1].map((line) =>
    joinCells(headings.map((words, column) => pad(words[line]!, widths[column]!, column))),
  )
  const rule = '─'.repeat(Math.min(Math.max(width, 1), widths[0]! + others))
  const body = rows.flatMap((row) => {
    const [first = '', ...more] = wrapWords(row[0]!.text, widths[0]!)
    const cells = row.map(({ text, good }, column) => {
      const padded = pad(column === 0 ? first : text, widths[column]!, column)
      return good === undefined || !colour ? padded : paint(padded, good)
    })
    return [joinCells(cells), ...more.map((line) => `${gap}${line}`)]
  })
  return [...lines, rule, ...body].join('\n')
}

function joinCells(cells: readonly string[]): string {
  return cells.join(gap).trimEnd()
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}

function paint(text: string, good: boolean): string {
  return styleText(good ? 'green' : 'red', text, { validateStream: false })
}
