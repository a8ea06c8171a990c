// Apart from the rest, since what draws takes long to load.
export { escapeXml } from './fonts.ts'
export { drawHoldings, type HoldingsPicture, type HoldingsTable, holdingsTable, renderHoldings } from './holdings.ts'
export { htmlTable, renderPage } from './page.ts'
export { drawPicture, type Picture, type Plot, type Turn, toPng } from './picture.ts'
export { drawPlot } from './plot.ts'
export { beyondThird, blue, faint } from './plot-style.ts'
export { renderReport } from './report.ts'
export { drawSybils, drawVouches, type SybilsPicture, type VouchesPicture } from './trust-pictures.ts'
