import type { Summary } from '@hearsay/scenario'
import { isAgainstRounds, isHeatMap } from '@hearsay/scenario'
import { curvesPicture, ofSeeds, roundsPanel } from './curves-spec.ts'
import { heatMapPanel } from './heat-map-spec.ts'
import { linesPanel } from './lines-spec.ts'
import { drawPicture, type LegendEntry, type Plot, type Turn } from './picture.ts'
import { usualPanels } from './plot-spec.ts'
import { blue, describeSetting, vermilion } from './plot-style.ts'
import type { RoundRow } from './rounds.ts'
import { isStopped } from './stopped.ts'

/**
 * The panels that the scenario asks for; else panels against the number of liars: the headline of the task, forks and
 * disagreement, rounds that ended. `rows` for those against rounds.
 */
export function drawPlot(summary: Summary, turn?: Turn, rows: readonly RoundRow[] = []): Promise<Plot> {
  const { cells, plot } = summary
  const rules = [...new Set(cells.map(({ parameters }) => parameters.aggregation.rule))]
  const lying = [...new Set(cells.map(({ malicious }) => malicious).filter((count) => count > 0))]
  const told = plot === undefined ? (rules.length === 1 ? rules : []) : lying.length === 1 ? [`${lying[0]} lie`] : []
  const panels =
    plot === undefined
      ? usualPanels(summary)
      : plot.map((panel) => {
          if (isHeatMap(panel)) return heatMapPanel(panel, cells)
          return isAgainstRounds(panel) ? roundsPanel(panel, cells, rows) : linesPanel(panel, cells)
        })
  if (plot?.some(isAgainstRounds)) told.push(...ofSeeds(summary))
  const picture = {
    name: summary.scenario,
    question: summary.question,
    setting: describeSetting(summary, told),
    legend: plot?.every((panel) => isHeatMap(panel) || isAgainstRounds(panel)) ? [] : legendOf(summary),
    panels,
  }
  return drawPicture(picture, turn)
}

/** The headline against rounds; undefined where there are no two rounds to join. */
export async function drawCurves(summary: Summary, rows: readonly RoundRow[], turn?: Turn): Promise<Plot | undefined> {
  const picture = curvesPicture(summary, rows)
  return picture && drawPicture(picture, turn)
}

/** What the marks in lanes mean. */
function legendOf({ cells, seeds, plot }: Summary): LegendEntry[] {
  const [one, interval] =
    plot === undefined ? ['median', 'from the least to the greatest'] : ['mean', '95 % confidence']
  const many = seeds.length > 1
  const stopped = cells.some(({ bySeed }) => bySeed.some(isStopped))
  const cutShort = plot === undefined && cells.some(({ stalled, disagreement }) => stalled || disagreement.forks > 0)
  return [
    { shape: 'circle', colour: blue, text: many ? `${one} of ${seeds.length} seeds` : 'one seed' },
    ...(many ? [{ shape: 'interval', colour: blue, text: interval } as const] : []),
    ...(cutShort ? [{ shape: 'circle', colour: vermilion, text: 'the rounds ended before the last' } as const] : []),
    ...(stopped ? [{ shape: 'cross', colour: vermilion, text: 'stopped: no round ended' } as const] : []),
  ]
}
