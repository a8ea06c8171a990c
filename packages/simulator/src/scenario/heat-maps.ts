import type { Cell } from './cells.ts'
import { checkWhere, matches, unknownMeasure } from './expectations.ts'
import type { Finding } from './issues.ts'
import { parametersJsonSchema } from './json-schema.ts'
import { getPath, parsePath, touches, unknownPath } from './parameter-path.ts'
import type { HeatMap, Parameters } from './schema.ts'

/** The cells that a heat map is of. */
export function cellsOf<C extends Pick<Cell, 'label' | 'parameters'>>({ where }: HeatMap, cells: readonly C[]): C[] {
  return cells.filter((cell) => matches(cell, where ?? {}))
}

/** What tells a row or a column from the others. */
export function placeOf(path: string, parameters: Parameters): string {
  return JSON.stringify(getPath(parameters, parsePath(path)) ?? null)
}

/**
 * What is wrong with a heat map; paths within it. One whose cells are gone because of `overridden` parameters is `skipped`,
 * not wrong.
 */
export function checkHeatMap(
  map: HeatMap,
  cells: readonly Cell[],
  overridden: readonly (readonly string[])[],
): { readonly findings: readonly Finding[]; readonly skipped: boolean } {
  const where = map.where ?? {}
  const findings = [...checkAxes(map), ...checkWhere(where)]
  const own = cellsOf(map, cells)
  if (findings.length > 0) return { findings, skipped: false }
  if (own.length > 0) return { findings: checkPlaces(map, own), skipped: false }
  const gone = Object.keys(where).some((key) => overridden.some((path) => touches(path, parsePath(key))))
  const message = `no cell matches; cells are ${cells.map(({ label }) => `"${label}"`).join(', ')}`
  return gone ? { findings, skipped: true } : { findings: [{ path: ['where'], at: 'value', message }], skipped: false }
}

function checkAxes({ rows, columns, value }: HeatMap): Finding[] {
  const wrong: [string, string | undefined][] = [
    ['rows', unknownPath(parametersJsonSchema(), parsePath(rows))],
    ['columns', unknownPath(parametersJsonSchema(), parsePath(columns))],
    ['value', unknownMeasure(value)],
  ]
  return wrong.flatMap(([key, message]) => (message === undefined ? [] : [{ path: [key], at: 'value', message }]))
}

/** Two cells in one place: one would hide the other. */
function checkPlaces({ rows, columns }: HeatMap, cells: readonly Cell[]): Finding[] {
  const taken = new Map<string, string>()
  for (const { label, parameters } of cells) {
    const place = JSON.stringify([placeOf(rows, parameters), placeOf(columns, parameters)])
    const before = taken.get(place)
    if (before !== undefined) {
      const message = `the cells "${before}" and "${label}" are in one row and column: choose others, or cells by where`
      return [{ path: ['rows'], at: 'value', message }]
    }
    taken.set(place, label)
  }
  return []
}
