import { createRequire } from 'node:module'
import { plain } from '@hearsay/aggregation/words'
import { Resvg } from '@resvg/resvg-js'
import { Error as errorsOnly, logger, parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { panelsSpec } from './panels-spec.ts'
import { plotSpec } from './plot-spec.ts'
import type { Summary } from './summary.ts'

const require = createRequire(import.meta.url)
const fontFiles = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  require.resolve(`@expo-google-fonts/inter/${file}`),
)

export interface Plot {
  readonly svg: string
  readonly png: Uint8Array
  /** Without name and question, for a page that begins with them. */
  readonly bareSvg: string
}

/**
 * The panels that the scenario asks for; else three panels against the number of liars: accuracy, forks and
 * disagreement, rounds certified or finished.
 */
export async function drawPlot(summary: Summary): Promise<Plot> {
  const spec = summary.plot === undefined ? plotSpec : panelsSpec
  return drawSpec((options) => spec(summary, options))
}

/** A picture, with and without its headline. */
export async function drawSpec(spec: (options: { headline: boolean }) => TopLevelSpec): Promise<Plot> {
  const svg = await toSvg(spec({ headline: true }))
  return { svg, png: toPng(svg), bareSvg: await toSvg(spec({ headline: false })) }
}

async function toSvg(spec: TopLevelSpec): Promise<string> {
  const quiet = logger(errorsOnly)
  const view = new View(parse(compile(spec, { logger: quiet }).spec), { renderer: 'none', logger: quiet })
  try {
    // A picture in which XML allows not every character is none at all.
    return plain(await view.toSVG())
  } finally {
    view.finalize()
  }
}

/** At twice the size, for sharp text; with fonts that are part of the program, so that it has text on any machine. */
function toPng(svg: string): Uint8Array {
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' }
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font, background: 'white' }).render().asPng()
}
