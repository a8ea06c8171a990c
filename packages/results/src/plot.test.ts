import type { Summary } from '@hearsay/scenario'
import { expect, test } from 'vitest'
import { toPng } from './picture.ts'
import { drawPlot } from './plot.ts'
import { exampleSummary, withAveraging } from './testing/results-fixture.ts'

/** Text in a picture, as it is written. */
function wordsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!)
}

/** Width and height from the header of a PNG file. */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

test('three panels, a shade over more than a third, a lane for each series', async () => {
  const words = wordsOf((await drawPlot(exampleSummary())).svg)
  for (const title of [
    'one-third',
    'Accuracy',
    'Forks and disagreement',
    'Rounds certified',
    'liars among 10 peers; shaded: more than a third',
  ]) {
    expect(words).toContain(title)
  }
  const times = (wanted: string): number => words.filter((word) => word === wanted).length
  expect(times('1 fork')).toBe(1)
  // An accuracy of peers that forked says too little by itself; of peers that stopped there is neither that nor a distance.
  expect(times('forked')).toBe(2)
  expect(times('stopped')).toBe(3)
  // None hides another: each has a lane in each panel.
  for (const name of ['sign-flip', 'silent', 'split-brain', 'sign-flip (scale 10), mean']) expect(times(name)).toBe(3)
})

test('rounds of two agreements have ended: those of averaging are not certified', async () => {
  const words = wordsOf((await drawPlot(withAveraging(exampleSummary()))).svg)
  expect(words).toContain('Rounds ended')
  expect(words).not.toContain('Rounds certified')
})

test('without a headline there is still the setting', async () => {
  const words = wordsOf((await drawPlot(exampleSummary())).figure)
  expect(words).not.toContain('one-third')
  expect((await drawPlot(exampleSummary())).figure).toContain('10 peers set up for 3 liars')
})

test('the PNG has its text on any machine, twice the size, and the same bits again', async () => {
  const summary = exampleSummary()
  const [first, again, renamed] = await Promise.all([
    drawPlot(summary),
    drawPlot(summary),
    drawPlot({ ...summary, scenario: 'one-thirt' }),
  ])
  const png = toPng(first.svg)
  expect(Buffer.from(png).equals(toPng(again.svg))).toBe(true)
  // No system fonts are used: if the bundled ones were not, no word would be drawn and these would be equal.
  expect(Buffer.from(png).equals(toPng(renamed.svg))).toBe(false)
  const [width, height] = sizeOf(png)
  expect(width).toBeGreaterThan(2000)
  expect(height).toBeGreaterThan(800)
})

test('awkward results are drawn too', async () => {
  const summary = exampleSummary([1])
  const [honest, ...others] = summary.cells
  const notFinite = others.map((cell) => ({
    ...cell,
    disagreement: { distance: null, forks: 12 },
    bySeed: cell.bySeed.map((one) => ({ ...one, disagreement: { distance: null, forks: 12 } })),
  }))
  const spread = summary.cells.map((cell, index) => ({
    ...cell,
    peers: cell.peers + index,
    bySeed: cell.bySeed.map((one) => ({ ...one, disagreement: { distance: 10 ** (2 * index - 6), forks: 0 } })),
  }))
  const awkward: Summary[] = [
    { ...summary, cells: [] },
    { ...summary, cells: [honest!] },
    { ...summary, cells: notFinite },
    { ...summary, cells: spread, question: 'why '.repeat(200).trim() },
  ]
  for (const one of awkward) {
    const { svg } = await drawPlot(one)
    expect(/NaN|Infinity|undefined/.exec(svg)?.[0]).toBeUndefined()
    expect(wordsOf(svg)).toContain(one.cells.length > 0 ? 'Accuracy' : 'Forks and disagreement')
  }
  expect((await drawPlot(awkward[3]!)).svg).toContain('share of peers that lie')
})
