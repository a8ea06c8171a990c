import { plain } from '@hearsay/catalogue/words'
import { Resvg } from '@resvg/resvg-js'
import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { escapeXml, fontFaces, pngFonts, textWidth, type Weight } from './fonts.ts'
import { config, faint, font, ink } from './plot-style.ts'
import { wrap } from './wrap.ts'

/** A picture before it is drawn: words above panels that stand beside and below each other, as there is room. */
export interface Picture {
  readonly name: string
  readonly question: string
  /** What it was made with. */
  readonly setting: string
  readonly legend: readonly LegendEntry[]
  /** Parts of vega-lite specifications. */
  readonly panels: readonly object[]
}

export interface LegendEntry {
  readonly shape: 'circle' | 'cross' | 'interval'
  readonly colour: string
  readonly text: string
}

export interface Plot {
  readonly svg: string
  /** For a page that begins with name and question: HTML that wraps where there is little room. */
  readonly figure: string
}

/** Room around the picture, and between its panels. */
const margin = 24
const gap = 30
/** Of all panels of a row. */
const greatestWidth = 1170

interface Drawn {
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** Awaited between the steps of a picture, each of which takes some time, so that others have theirs; may throw to end it. */
export type Turn = () => Promise<void>

export async function drawPicture(picture: Picture, turn: Turn = async () => {}): Promise<Plot> {
  const panels: Drawn[] = []
  for (const panel of picture.panels) {
    await turn()
    panels.push(await drawPanel(panel))
  }
  const content = compose(picture, panels)
  const faces = await fontFaces(content)
  const svg = content.replace('>', `><style>${faces}</style>`)
  return { svg, figure: figureOf(picture, panels) }
}

/** At twice the size, for sharp text; with fonts that are part of the program, so that it has text on any machine. */
export function toPng(svg: string): Uint8Array {
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font: pngFonts, background: 'white' }).render().asPng()
}

async function drawPanel(panel: object): Promise<Drawn> {
  // Without a canvas Vega guesses how wide text is: by a fifth too much, and places titles, labels and axes by it.
  textMetrics.width = (item: TextItem, text: unknown): number =>
    textWidth(String(text ?? ''), weightOf(item)) * (item.fontSize ?? 11)
  const quiet = vega.logger(vega.Error)
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    // Letters reach beyond what Vega takes for the height of a line.
    padding: { left: 0, right: 0, top: 4, bottom: 5 },
    ...panel,
    config: config(),
  } as unknown as TopLevelSpec
  const view = new vega.View(vega.parse(compile(spec, { logger: quiet }).spec), { renderer: 'none', logger: quiet })
  try {
    // A picture in which XML allows not every character is none at all.
    const svg = plain(await view.toSVG())
    const [width, height] = ['width', 'height'].map((name) => Number(new RegExp(`${name}="([\\d.]+)"`).exec(svg)![1]))
    return { svg, width: width!, height: height! }
  } finally {
    view.finalize()
  }
}

/** In Vega, and not in its types. */
const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } }

interface TextItem {
  readonly fontSize?: number
  readonly fontWeight?: number | string
}

function weightOf({ fontWeight }: TextItem): Weight {
  return Number(fontWeight) >= 600 || fontWeight === 'bold' ? 600 : 400
}

interface Line {
  readonly text: string
  readonly size: number
  readonly weight: Weight
  readonly colour: string
}

/** One SVG of everything: the words, and below them the panels in a grid. */
function compose(picture: Picture, panels: readonly Drawn[]): string {
  const cell = Math.max(0, ...panels.map(({ width }) => width))
  const columns = Math.max(1, Math.min(panels.length, Math.floor((greatestWidth + gap) / (cell + gap))))
  const width = Math.ceil(Math.max(columns * (cell + gap) - gap, 600))
  const parts: string[] = []
  let y = margin - 10
  for (const { text, size, weight, colour } of headOf(picture, width)) {
    y += Math.round(size * 1.45)
    const style = `font-family="${escapeXml(font)}" font-size="${size}" font-weight="${weight}" fill="${colour}"`
    parts.push(`<text x="${margin}" y="${y}" ${style}>${escapeXml(text)}</text>`)
  }
  y += 12
  for (const row of rowsOf(picture.legend.map(legendLine), width)) {
    y += 20
    for (const { item, x } of row) parts.push(`<g transform="translate(${margin + x},${y})">${item.svg}</g>`)
  }
  y += 24
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns)
    for (const [column, { svg }] of row.entries())
      parts.push(svg.replace('<svg', `<svg x="${margin + column * (cell + gap)}" y="${y}"`))
    y += Math.max(...row.map(({ height }) => height)) + gap
  }
  const [wide, high] = [width + 2 * margin, Math.ceil(y - gap + margin)]
  const size = `width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" style="max-width:100%;height:auto"`
  const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
  const paper = `<rect width="${wide}" height="${high}" fill="white"/>`
  return `<svg ${names} role="img" aria-label="${escapeXml(picture.question)}" ${size}>${paper}${parts.join('\n')}</svg>\n`
}

function headOf({ name, question, setting }: Picture, width: number): Line[] {
  const line = (size: number, weight: Weight, colour: string) => (text: string) => ({ text, size, weight, colour })
  return [
    ...wrap(name, width / 22, 600).map(line(22, 600, ink)),
    ...wrap(question, Math.min(width, 760) / 14, 400).map(line(14, 400, ink)),
    ...wrap(setting, width / 12, 400).map(line(12, 400, faint)),
  ]
}

const legendSize = 12

interface LegendLine {
  readonly svg: string
  readonly width: number
}

function legendLine(entry: LegendEntry): LegendLine {
  const text = `<text x="22" font-family="${escapeXml(font)}" font-size="${legendSize}" fill="${ink}">${escapeXml(entry.text)}</text>`
  return {
    svg: `<g transform="translate(8,-4)">${symbolOf(entry)}</g>${text}`,
    width: 22 + textWidth(entry.text, 400) * legendSize,
  }
}

/** About 0, 0. */
function symbolOf({ shape, colour }: LegendEntry): string {
  if (shape === 'circle') return `<circle r="4" fill="${colour}"/>`
  const path = shape === 'cross' ? 'M-4,-4L4,4M-4,4L4,-4' : 'M0,-7L0,7'
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`
}

/** One after the other, in as many rows as they need. */
function rowsOf(items: readonly LegendLine[], width: number): { item: LegendLine; x: number }[][] {
  const rows: { item: LegendLine; x: number }[][] = []
  let x = 0
  for (const item of items) {
    if (rows.length === 0 || x + item.width > width) {
      rows.push([])
      x = 0
    }
    rows.at(-1)!.push({ item, x })
    x += item.width + 24
  }
  return rows
}

function figureOf({ setting, legend }: Picture, panels: readonly Drawn[]): string {
  const entries = legend.map((entry) => {
    return `<li><svg width="16" height="16" viewBox="-8 -8 16 16">${symbolOf(entry)}</svg> ${escapeXml(entry.text)}</li>`
  })
  // A panel that is wider than a telephone keeps its size there, and moves within its box.
  const boxes = panels.map(({ svg, width }) => `<div class="${width > 370 ? 'wide panel' : 'panel'}">${svg}</div>`)
  return `<figure>
<p class="note">${escapeXml(setting)}</p>
<ul class="legend">${entries.join('')}</ul>
<div class="panels">${boxes.join('\n')}</div>
</figure>`
}
