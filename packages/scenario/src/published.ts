/** Figures that somebody has published, to be shown beside those of a run. */
import { headlineOf } from '@hearsay/training/schema'
import type { z } from 'zod'
import type { Cell } from './cells.ts'
import { checkWhere, matches, unknownMeasure } from './expectations.ts'
import type { Finding } from './finding.ts'
import { measuredAt } from './measure-paths.ts'
import { parsePath, touches } from './parameter-path.ts'
import type { publishedSchema } from './schema.ts'
import type { Summary, SummaryCell } from './summary.ts'

export type PublishedInput = z.output<typeof publishedSchema>
export type Published = PublishedInput & { readonly value: string }

/**
 * With the measure that it is of, and what is wrong with it. Each figure is of one cell; one whose cell is gone because of
 * `overridden` parameters is left out, and so are all when none is left.
 */
export function checkPublished(
  given: PublishedInput | undefined,
  cells: readonly Cell[],
  overridden: readonly (readonly string[])[],
): { readonly published?: Published; readonly findings: readonly Finding[] } {
  if (given === undefined) return { findings: [] }
  const value = given.value ?? `${headlineOf(cells[0]!.parameters.task).name}.median`
  const measure = unknownMeasure(value, cells)
  if (measure !== undefined) return { findings: [{ path: ['value'], message: measure }] }
  const findings: Finding[] = []
  const figures = given.figures.filter(({ where }, index) => {
    const place = (finding: Finding): Finding => ({ ...finding, path: ['figures', index, ...finding.path] })
    findings.push(...checkWhere(where).map(place))
    const found = cells.filter((cell) => matches(cell, where))
    const gone = Object.keys(where).some((key) => overridden.some((path) => touches(path, parsePath(key))))
    if (found.length !== 1 && !gone && findings.length === 0)
      findings.push(place({ path: ['where'], message: `is of ${found.length} cells, and a figure is of one` }))
    return found.length === 1
  })
  if (findings.length > 0 || figures.length === 0) return { findings }
  return { findings, published: { source: given.source, value, figures } }
}

/** The figures beside those of a run: the mean of seeds, and their standard deviation if there are several. */
export function compared(
  { source, value, figures }: Published,
  cells: readonly SummaryCell[],
): NonNullable<Summary['published']> {
  const rows = figures.flatMap(({ where, figure, deviation }) => {
    const cell = cells.find((each) => matches(each, where))
    if (cell === undefined) return []
    const values = cell.bySeed.flatMap((one) => measuredAt(value, cell, one) ?? []).filter(Number.isFinite)
    const mean = values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length
    const squares = values.reduce((sum, one) => sum + (one - mean!) ** 2, 0)
    const spread = values.length < 2 ? {} : { spread: Math.sqrt(squares / (values.length - 1)) }
    const own = deviation === undefined ? {} : { deviation }
    return [{ label: cell.label, figure, ...own, measured: mean, ...spread, seeds: values.length }]
  })
  return { source, value, figures: rows }
}
