import type { TopLevelSpec } from 'vega-lite'
import { isHeatMap } from '../scenario/panels.ts'
import { heatMapPanel } from './heat-map-spec.ts'
import { linesPanel } from './lines-spec.ts'
import { config, describeSetting, titleOf } from './plot-style.ts'
import type { Summary } from './summary.ts'

/** The vega-lite specification of the panels that a scenario asks for: lines three in a row, heat maps below each other. */
export function panelsSpec(summary: Summary, { headline = true } = {}): TopLevelSpec {
  const { cells, seeds, plot = [] } = summary
  const lying = [...new Set(cells.map(({ malicious }) => malicious).filter((count) => count > 0))]
  const liars = lying.length === 1 ? [`${lying[0]} lie`] : []
  const lines = plot.flatMap((panel) => (isHeatMap(panel) ? [] : [linesPanel(panel, cells)]))
  const heatMaps = plot.flatMap((panel) => (isHeatMap(panel) ? [heatMapPanel(panel, cells)] : []))
  const interval = lines.length > 0 && seeds.length > 1 ? ['means with 95 % confidence'] : []
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: { left: 24, right: 24, top: 20, bottom: 16 },
    title: titleOf(summary.scenario, summary.question, describeSetting(summary, [...liars, ...interval]), headline),
    spacing: 40,
    vconcat: [...(lines.length > 0 ? [{ columns: 3, spacing: 36, concat: lines }] : []), ...heatMaps],
    config: config(),
  } as unknown as TopLevelSpec
}
