// Every picture and page that ships, in Debian's Chromium: nothing leaves its place at 1300 pixels or on a telephone.
import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { drawHoldings, toPng } from '@hearsay/results/pictures'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.ts'
import { contractionPage, scenarioPages } from './made-up-pages.ts'

const root = join(import.meta.dirname, '../../..')
const overflows = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'overflows.ts'), 'utf8'))
const pictures = globSync('docs/*.svg', { cwd: root }).sort()

if (!hasBrowser) console.warn('Pictures and pages are not looked at: the Debian package chromium is not installed.')
const testInBrowser = test.skipIf(!hasBrowser)
let opened: Awaited<ReturnType<typeof openBrowser>> | undefined
beforeAll(async () => {
  if (hasBrowser) opened = await openBrowser()
})
afterAll(() => opened?.close())

/** A screen, a telephone, and paper: A4 without its margins. */
const views = [
  { width: 1300, media: 'screen' },
  { width: 400, media: 'screen' },
  { width: 718, media: 'print' },
] as const
type View = (typeof views)[number]

/** What does not fit in a page in any view, and fonts that are not ours. */
async function lookAt(page: Page, html: string, from: readonly View[] = views): Promise<string[]> {
  const found: string[] = []
  await page.setContent(html)
  for (const { width, media } of from) {
    await page.emulateMedia({ media })
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    const call = `findOverflows({ mayScroll: ${media === 'screen' && width < 700} })`
    const here = await page.evaluate(`(() => { ${overflows.replaceAll('export ', '')}\nreturn ${call} })()`)
    found.push(...(here as string[]).map((what) => `at ${width}: ${what}`))
  }
  return [...found, ...(await foreignFonts(await page.context().newCDPSession(page)))]
}

/** Text in a font that the page does not bring: it would look otherwise on another machine. */
async function foreignFonts(devtools: CDPSession): Promise<string[]> {
  await devtools.send('DOM.enable')
  await devtools.send('CSS.enable')
  const { root: document } = await devtools.send('DOM.getDocument')
  const { nodeIds } = await devtools.send('DOM.querySelectorAll', { nodeId: document.nodeId, selector: 'body' })
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId: nodeIds[0]! })
  return fonts.filter(({ isCustomFont }) => !isCustomFont).map(({ familyName }) => `text is in ${familyName}`)
}

async function lookAtAll(pages: ReadonlyMap<string, string>, from?: readonly View[]): Promise<string[]> {
  const page = await opened!.browser.newPage()
  const found: string[] = []
  for (const [name, html] of pages) for (const what of await lookAt(page, html, from)) found.push(`${name}: ${what}`)
  await page.close()
  return found
}

const around = (content: string): string =>
  `<!doctype html><meta name="viewport" content="width=device-width"><body style="margin:0">${content}`

testInBrowser('pictures of the documents', async () => {
  expect(pictures.length).toBeGreaterThanOrEqual(4)
  const pages = new Map(pictures.map((file) => [file, around(readFileSync(join(root, file), 'utf8'))]))
  expect(await lookAtAll(pages)).toEqual([])
})

// Of another processor the last bit of a colour may differ.
const isSame = process.platform === 'linux' && process.arch === 'x64'

test.runIf(isSame)('each picture of the documents is there as PNG, and that is the same picture', () => {
  expect(globSync('docs/*.png', { cwd: root }).sort()).toEqual(pictures.map((file) => file.replace(/svg$/, 'png')))
  for (const file of pictures) {
    const drawn = toPng(readFileSync(join(root, file), 'utf8'))
    expect(Buffer.from(drawn).equals(readFileSync(join(root, file.replace(/svg$/, 'png')))), file).toBe(true)
  }
})

testInBrowser(
  'picture and page of every scenario that ships, whatever comes out',
  async () => {
    const made = [...(await scenarioPages()), await contractionPage()]
    const reports = new Map(made.map(({ name, html }) => [`report of ${name}`, html]))
    // A picture becomes smaller as a whole.
    const drawings = new Map(made.map(({ name, svg }) => [`picture of ${name}`, around(svg)]))
    expect([...(await lookAtAll(reports)), ...(await lookAtAll(drawings, [views[0]]))]).toEqual([])
  },
  300_000,
)

testInBrowser('pictures of who has what, of few and many peers and classes', async () => {
  const pages = new Map<string, string>()
  for (const [peers, classes, most] of [
    [4, 2, 9],
    [10, 10, 60_000],
    [100, 40, 999],
  ] as const) {
    const counts = Array.from({ length: peers }, (_, peer) =>
      Array.from({ length: classes }, (_, index) => Math.floor((most * ((peer + index) % 7)) / 6)),
    )
    const sizes = counts.map((row) => row.reduce((sum, count) => sum + count))
    const columns = Array.from(
      { length: classes },
      (_, index) => `${'a class with a long name '.repeat(index % 3)}${index}`,
    )
    const picture = {
      name: 'who-has-what',
      setting: `${peers} peers · partition dirichlet, alpha 0.3 · seed 1`,
      holdings: { kind: 'classes', columns, counts, sizes },
      liars: new Set([1]),
    } as const
    pages.set(`${peers} peers, ${classes} classes`, around((await drawHoldings(picture)).svg))
  }
  expect(await lookAtAll(pages)).toEqual([])
})

testInBrowser('what does not fit is found', async () => {
  const svg = (content: string): string => around(`<svg width="300" height="90" viewBox="0 0 300 90">${content}</svg>`)
  const panel = (mark: string): string =>
    svg(
      `<g class="mark-group"><g><path class="background" d="M20,20h200v40h-200Z"/><g class="role-mark">${mark}</g></g></g>`,
    )
  const wide = '<div style="width:1400px">wide</div>'
  const wrong: readonly (readonly [string, string])[] = [
    [around(wide), 'the page is 1400 wide of 1300'],
    [around(`<div style="overflow-x:auto">${wide}</div>`), 'is 1300 wide and needs 1400'],
    [around(`<div style="overflow:hidden;width:200px">${wide}</div>`), 'is 200 wide and needs 1400'],
    [around('<div style="width:90px"><b style="display:block;width:140px">x</b></div>'), 'leaves what it is in'],
    [svg('<text x="9" y="40">equivocate, synchro…</text>'), 'is cut off'],
    [svg('<text x="280" y="40">far out</text>'), '"far out" leaves the picture'],
    [
      svg('<svg x="9" y="9" width="60" height="50" viewBox="0 0 60 50"><text y="49">gyp</text></svg>'),
      'leaves the picture',
    ],
    [svg('<text x="9" y="40">one word</text><text x="30" y="44">another</text>'), '"one word" is on <text> "another"'],
    [panel('<line x1="50" x2="50" y1="10" y2="50" stroke="red"/>'), '<line> leaves its panel'],
    [panel('<path d="M210,30h30v4h-30Z"/>'), '<path> leaves its panel'],
    [panel('<text x="200" y="40">stopped</text>'), '"stopped" leaves its panel'],
    [
      svg(
        '<g><g class="mark-rect role-mark"><path aria-label="column: 1" d="M9,9h20v20h-20Z"/></g><g class="mark-text role-mark"><text x="9" y="25">1000</text></g></g>',
      ),
      '"1000" is not in its square',
    ],
    [around('words in the font of this machine'), 'text is in'],
  ]
  const page = await opened!.browser.newPage()
  for (const [html, words] of wrong) expect((await lookAt(page, html, [views[0]])).join('\n')).toContain(words)
  const right = panel('<line x1="50" x2="50" y1="20" y2="60" stroke="red"/>')
  expect(await lookAt(page, right, [views[0]])).toEqual([])
})
