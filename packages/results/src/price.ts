/** What agreement costs: cells that agree beside those that are otherwise the same, and take in what a server would. */
import { oneLine } from '@hearsay/catalogue/words'
import type { Summary, SummaryCell } from '@hearsay/scenario'
import { describeAgreement } from '@hearsay/scenario'
import { headlineOf, tellMeasure } from '@hearsay/training/schema'
import { renderRows } from './rows-of-words.ts'

const trusted = 'trusted'

/** Headings and rows of words; none where nothing can be compared. The first of a pair is the one without agreement. */
export function priceRows({ cells }: Summary): string[][] {
  const groups = [...Map.groupBy(cells, otherwise).values()].filter(
    (group) => group.some(isTrusted) && !group.every(isTrusted),
  )
  if (groups.length === 0) return []
  const rows = groups.flatMap((group) =>
    group.toSorted((a, b) => Number(isTrusted(b)) - Number(isTrusted(a))).map(rowOf),
  )
  const times = cells.some(({ parameters }) => parameters.network.transport === 'virtual')
    ? 'virtual s a round'
    : 's a round'
  return [['with and without agreement', 'agreement', 'headline', 'MB received a round', times, 'rounds'], ...rows]
}

/** The same for a terminal of so many columns. */
export function renderPrice(summary: Summary, width: number): string {
  return renderRows(priceRows(summary), { width, wrapped: [0, 1] })
}

/** All that a cell has but how it agrees. */
function otherwise({ parameters }: SummaryCell): string {
  const { agreement: _, ...others } = parameters
  return JSON.stringify(others)
}

function isTrusted({ parameters }: SummaryCell): boolean {
  return parameters.agreement.kind === trusted
}

function rowOf({ label, parameters, evaluation, bytes, timeMs, liveness }: SummaryCell): string[] {
  const measure = headlineOf(parameters.task)
  const median = evaluation[measure.name]?.median
  const ended = Math.max(1, liveness.ended)
  return [
    oneLine(label),
    describeAgreement(parameters.agreement),
    median === undefined || median === null ? '–' : `${measure.name} ${tellMeasure(measure, median)}`,
    (bytes.received / ended / 1e6).toFixed(2),
    timeMs.total === null ? '–' : (timeMs.total / 1000).toFixed(2),
    `${liveness.ended} of ${liveness.rounds}`,
  ]
}
