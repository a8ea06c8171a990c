export { createRunFolder, nameOfRun, type RunFolder } from './folder.ts'
export { escapeXml } from './fonts.ts'
export { type HeatMapTable, heatMapOf } from './heat-map.ts'
export { drawHoldings, type HoldingsPicture, type HoldingsTable, holdingsTable, renderHoldings } from './holdings.ts'
export {
  eventFiles,
  JobFolder,
  type JobResult,
  type JobsOfRun,
  jobFiles,
  jobName,
  jobPath,
  modelPath,
  readJob,
} from './job-folder.ts'
export { pointLatest } from './latest.ts'
export { CellLedgers, type LedgersOf } from './ledgers.ts'
export { describeRun, type Manifest, type Outcome } from './manifest.ts'
export { htmlTable, renderPage } from './page.ts'
export { drawPicture, type Picture, type Plot, type Turn, toPng } from './picture.ts'
export { drawPlot } from './plot.ts'
export { beyondThird, blue, faint } from './plot-style.ts'
export { renderReport } from './report.ts'
export type { RoundRow } from './rounds.ts'
export { RunError } from './run-error.ts'
export { summarise } from './summarise.ts'
export { renderTable } from './table.ts'
export { toJson, writeWhole, writing } from './write-whole.ts'
