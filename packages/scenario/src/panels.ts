import { headlineOf } from '@hearsay/training/schema'
import { liarShare, maliciousCount } from './adversaries.ts'
import type { Cell } from './cells.ts'
import { checkWhere, matches, unknownMeasure } from './expectations.ts'
import type { Finding } from './finding.ts'
import { parametersJsonSchema } from './json-schema.ts'
import { measureOf } from './measure-paths.ts'
import { getPath, parsePath, touches, unknownPath } from './parameter-path.ts'
import type { HeatMap, LinesPlot, Panel, PanelInput, Parameters } from './schema.ts'
import { describeValue } from './sweep.ts'
import type { Tree } from './tree.ts'

/** The cells that a panel is of. Cells without liars begin lines, whatever the liars of the others do. */
export function cellsOf<C extends Pick<Cell, 'label' | 'parameters'>>(panel: PanelInput, cells: readonly C[]): C[] {
  const where = panel.where ?? {}
  const setting = withoutLiars(where)
  const begins = (cell: C): boolean =>
    !isHeatMap(panel) && maliciousCount(cell.parameters) === 0 && matches(cell, setting)
  return cells.filter((cell) => matches(cell, where) || begins(cell))
}

function withoutLiars(where: Tree): Tree {
  return Object.fromEntries(Object.entries(where).filter(([key]) => !/^(adversaries|partitions)\b/.test(key)))
}

/** A panel with what it shows: without a word, the median of what the task of its first cell is judged by first. */
export function withValue(panel: PanelInput, cells: readonly Cell[]): Panel {
  const task = (cellsOf(panel, cells)[0] ?? cells[0]!).parameters.task
  return { ...panel, value: panel.value ?? `${headlineOf(task).name}.median` }
}

/** The line that a cell is on; undefined where it is on none. */
export function lineOf({ lines }: LinesPlot, cell: Pick<Cell, 'label' | 'parameters'>): string | undefined {
  if (typeof lines === 'string')
    return `${lines.split('.').at(-1)} ${describeValue(getPath(cell.parameters, parsePath(lines)))}`
  const begins = maliciousCount(cell.parameters) === 0
  return Object.keys(lines).find((name) => matches(cell, begins ? withoutLiars(lines[name]!) : lines[name]!))
}

/** Where on its line a cell is; undefined where the parameter is no number. Against rounds it is all of its line. */
export function placeOnLine({ against }: LinesPlot, parameters: Parameters): number | undefined {
  if (against === 'round') return 0
  if (against === 'heads' || against === 'weight') return liarShare(parameters, against)
  const value = getPath(parameters, parsePath(against))
  if (typeof value === 'number') return value
  return maliciousCount(parameters) === 0 ? 0 : undefined
}

/** Whether the x axis has the values of a parameter side by side, and not a share of liars. */
export const isOfParameter = ({ against }: LinesPlot): boolean => !['heads', 'weight', 'round'].includes(against)

/** Whether the x axis has the rounds of a run, and a line is one cell. */
export function isAgainstRounds(panel: Panel): panel is LinesPlot {
  return !isHeatMap(panel) && panel.against === 'round'
}

/** What tells a row or a column from the others. */
export function placeOf(path: string, parameters: Parameters): string {
  return JSON.stringify(getPath(parameters, parsePath(path)) ?? null)
}

export function isHeatMap<P extends PanelInput>(panel: P): panel is P & HeatMap {
  return 'rows' in panel
}

/**
 * What is wrong with a panel; paths within it. One whose cells are gone because of `overridden` parameters is `skipped`,
 * not wrong.
 */
export function checkPanel(
  panel: Panel,
  cells: readonly Cell[],
  overridden: readonly (readonly string[])[],
): { readonly findings: readonly Finding[]; readonly skipped: boolean } {
  const where = panel.where ?? {}
  const own = cellsOf(panel, cells)
  const findings = [...checkAxes(panel, own), ...checkWhere(where), ...checkLines(panel)]
  if (findings.length > 0) return { findings, skipped: false }
  if (own.length > 0) return { findings: checkPlaces(panel, own), skipped: false }
  const gone = Object.keys(where).some((key) => overridden.some((path) => touches(path, parsePath(key))))
  const message = `no cell matches; cells are ${cells.map(({ label }) => `"${label}"`).join(', ')}`
  return gone ? { findings, skipped: true } : { findings: [{ path: ['where'], message }], skipped: false }
}

function checkAxes(panel: Panel, own: readonly Cell[]): Finding[] {
  const unknown = (path: string): string | undefined => unknownPath(parametersJsonSchema(), parsePath(path))
  const axes: [string, string | undefined][] = isHeatMap(panel)
    ? [
        ['rows', unknown(panel.rows)],
        ['columns', unknown(panel.columns)],
      ]
    : [
        ['lines', typeof panel.lines === 'string' ? unknown(panel.lines) : undefined],
        ['against', isOfParameter(panel) ? unknown(panel.against) : undefined],
      ]
  const ofTask = (value: string): boolean => own.every(({ parameters }) => measureOf(value, parameters.task))
  const value =
    unknownMeasure(panel.value, own) ??
    (isAgainstRounds(panel) && !ofTask(panel.value)
      ? `of every round only what the task measures is known, not ${panel.value}`
      : undefined)
  const wrong: typeof axes = [...axes, ['value', value]]
  return wrong.flatMap(([key, message]) => (message === undefined ? [] : [{ path: [key], message }]))
}

/** What each line of a map chooses. */
function checkLines(panel: Panel): Finding[] {
  if (isHeatMap(panel) || typeof panel.lines === 'string') return []
  return Object.entries(panel.lines).flatMap(([name, where]) =>
    checkWhere(where).map(({ path, message }) => ({ path: ['lines', name, ...path.slice(1)], message })),
  )
}

/** Two cells in one place: one would hide the other. */
function checkPlaces(panel: Panel, cells: readonly Cell[]): Finding[] {
  const taken = new Map<string, string>()
  for (const cell of cells) {
    const { label } = cell
    const places = placesOf(panel, cell)
    if (places.includes(undefined)) continue
    const place = JSON.stringify(places)
    const before = taken.get(place)
    if (before !== undefined) {
      const [key, where] = isHeatMap(panel) ? ['rows', 'row and column'] : ['lines', 'place of a line']
      const message = `the cells "${before}" and "${label}" are in one ${where}: choose others, or cells by where`
      return [{ path: [key], message }]
    }
    taken.set(place, label)
  }
  return []
}

function placesOf(panel: HeatMap | LinesPlot, cell: Cell): readonly unknown[] {
  const { parameters } = cell
  if (isHeatMap(panel)) return [placeOf(panel.rows, parameters), placeOf(panel.columns, parameters)]
  return [lineOf(panel, cell), placeOnLine(panel, parameters)]
}
