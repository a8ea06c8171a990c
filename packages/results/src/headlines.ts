import type { SummaryCell } from '@hearsay/scenario'
import { headlineOf, type Measure } from '@hearsay/training/schema'

type Cell = Pick<SummaryCell, 'parameters'>

/** What the tasks of these cells are judged by first, each once, in the order of the cells. */
export function headlinesOf(cells: readonly Cell[]): Measure[] {
  const measures = cells.map(({ parameters }) => headlineOf(parameters.task))
  return [...new Map(measures.map((measure) => [JSON.stringify(measure), measure])).values()]
}

/** Whether a cell is judged by it first. */
export function isHeadline(measure: Measure, { parameters }: Cell): boolean {
  return JSON.stringify(headlineOf(parameters.task)) === JSON.stringify(measure)
}
