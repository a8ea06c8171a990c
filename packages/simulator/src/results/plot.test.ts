import { expect, test } from 'vitest'
import { exampleSummary, withAveraging } from './fixture.ts'
import { drawPlot } from './plot.ts'
import type { Summary } from './summary.ts'

/** Text in a picture, as it is written. */
function wordsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!)
}

/** Width and height from the header of a PNG file. */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

test('three panels, the line at one third, a name for each series', async () => {
  const words = wordsOf((await drawPlot(exampleSummary())).svg)
  for (const title of ['one-third', 'Accuracy', 'Forks and disagreement', 'Rounds certified', 'liars among 10 peers']) {
    expect(words).toContain(title)
  }
  expect(words.filter((word) => word === 'one third')).toHaveLength(3)
  expect(words.filter((word) => word === '1 fork')).toHaveLength(1)
  // An accuracy of peers that stopped says too little by itself.
  for (const outcome of ['forked', 'stalled']) expect(words.filter((word) => word === outcome)).toHaveLength(2)
  for (const name of ['sign-flip', 'silent', 'split-brain', 'sign-flip (scale 10), mean']) expect(words).toContain(name)
})

test('rounds of averaging are finished, not certified', async () => {
  const words = wordsOf((await drawPlot(withAveraging(exampleSummary()))).svg)
  expect(words).toContain('Rounds finished')
  expect(words).not.toContain('Rounds certified')
})

test('without a headline there is still the setting', async () => {
  const words = wordsOf((await drawPlot(exampleSummary())).bareSvg)
  expect(words).not.toContain('one-third')
  expect(words.some((word) => word.startsWith('10 peers set up for 3 liars'))).toBe(true)
})

test('the PNG has its text on any machine, twice the size, and the same bits again', async () => {
  const summary = exampleSummary()
  const [first, again, renamed] = await Promise.all([
    drawPlot(summary),
    drawPlot(summary),
    drawPlot({ ...summary, scenario: 'one-thirt' }),
  ])
  expect(Buffer.from(first.png).equals(again.png)).toBe(true)
  // No system fonts are used: if the bundled ones were not, no word would be drawn and these would be equal.
  expect(Buffer.from(first.png).equals(renamed.png)).toBe(false)
  const [width, height] = sizeOf(first.png)
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
    expect(wordsOf(svg)).toContain('Accuracy')
  }
  expect(wordsOf((await drawPlot(awkward[3]!)).svg)).toContain('share of peers that lie')
})
