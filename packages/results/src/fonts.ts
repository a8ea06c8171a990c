import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { plain } from '@hearsay/catalogue/words'
import { Resvg } from '@resvg/resvg-js'

// Inter (SIL Open Font License 1.1) comes with the program: pictures and pages look the same on every machine, and words
// are as wide as they were thought to be when they were placed.

const require = createRequire(import.meta.url)

/** The font with these characters alone. The package has no types. */
const subsetFont = require('subset-font') as (
  font: Uint8Array,
  characters: string,
  options: { readonly targetFormat: 'woff'; readonly noLayoutClosure: boolean },
) => Promise<Uint8Array>

/** The weights in which text is drawn; there are no others. */
const fonts = [
  { weight: 400, file: require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf') },
  { weight: 600, file: require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf') },
] as const

export type Weight = (typeof fonts)[number]['weight']

/** Of an SVG that becomes a PNG. */
export const pngFonts = {
  fontFiles: fonts.map(({ file }) => file),
  loadSystemFonts: false,
  defaultFontFamily: 'Inter',
  sansSerifFamily: 'Inter',
}

const widths = new Map<string, number>()

/** How wide a line of text is, pixels at a size of one pixel. */
export function textWidth(text: string, weight: Weight): number {
  const key = `${weight}${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  const line = `<text font-family="Inter" font-weight="${weight}" font-size="100" y="100">${escapeXml(text)}</text>`
  const box = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${line}</svg>`, {
    // To read the other one takes as long as to measure.
    font: { ...pngFonts, fontFiles: fonts.filter((font) => font.weight === weight).map(({ file }) => file) },
  }).getBBox()
  // What is drawn begins and ends a little within what it takes.
  const width = box === undefined ? 0 : (box.width + 14) / 100
  widths.set(key, width)
  return width
}

/** What pages and pictures have whatever they say, so that one small font does for most of them. */
const usual = `${String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index))}−–·×≤≥✓✗…’“”ÄÖÜäöüßéè`
const faces = new Map<string, Promise<string>>()

/** The `@font-face` rules of a page or picture: the characters of `text` and the usual ones, as data in the rule. */
export function fontFaces(text: string): Promise<string> {
  const characters = [...new Set(usual + text)].sort().join('')
  const known = faces.get(characters)
  if (known !== undefined) return known
  const made = Promise.all(
    fonts.map(async ({ weight, file }) => {
      const font = await subsetFont(await readFile(file), characters, { targetFormat: 'woff', noLayoutClosure: true })
      const data = Buffer.from(font).toString('base64')
      return `@font-face { font-family: Inter; font-weight: ${weight}; src: url(data:font/woff;base64,${data}) }`
    }),
  ).then((rules) => rules.join('\n'))
  faces.set(characters, made)
  return made
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text within HTML and SVG, without what these may not have at all. */
export function escapeXml(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => entities[character]!)
}
