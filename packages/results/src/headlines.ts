import type { SummaryCell } from '@hearsay/scenario'
import { headlineOf, type Measure } from '@hearsay/training/schema'

/** What the tasks of these cells are judged by first, each once, in the order of the cells. */
export function headlinesOf(cells: readonly Pick<SummaryCell, 'parameters'>[]): Measure[] {
  return [...new Set(cells.map(({ parameters }) => headlineOf(parameters.task)))]
}
