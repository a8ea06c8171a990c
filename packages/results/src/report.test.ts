import type { Cell } from '@hearsay/scenario'
import { loadScenario } from '@hearsay/scenario'
import { leastText } from '@hearsay/scenario/testing/scenario-fixture'
import { expect, test } from 'vitest'
import { describeRun } from './manifest.ts'
import { toPng } from './picture.ts'
import { drawPlot } from './plot.ts'
import { renderReport } from './report.ts'
import { renderTable } from './table.ts'
import { exampleSummary } from './testing/results-fixture.ts'

const summary = {
  ...exampleSummary([1]),
  question: 'Does 3 > 2 & <script>hold</script>?',
  expectations: [{ text: 'forks = 0', held: false, failures: ['4 of 10 split-brain: forks is 1, expected = 0'] }],
}
const commandLine = ['pnpm', 'hearsay', 'run', 'x.yaml', '--set', 'adversaries={count: 0}']
const manifest = describeRun(
  { scenario: 'one-third', engine: 'native', seeds: [1], commandLine, resolved: '' },
  new Date(0),
)

test('the report is one file: picture, rows, failures, command line; nothing is fetched and nothing runs', async () => {
  const html = await renderReport(summary, (await drawPlot(summary)).figure, manifest)
  expect(html).toContain('<h1>Does 3 &gt; 2 &amp; &lt;script&gt;hold&lt;/script&gt;?</h1>')
  expect(html).not.toContain('<script')
  expect(html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|url\((?!data:)|src=|@import/)
  expect(html).toContain('<svg')
  expect(html.match(/<tr>/g)).toHaveLength(2 * (summary.cells.length + 1))
  expect(html).toContain('0 of 1 held')
  expect(html).toContain('4 of 10 split-brain: forks is 1, expected = 0')
  expect(html).toContain('pnpm hearsay run x.yaml --set &#39;adversaries={count: 0}&#39;')
})

test('it says whose the data are, where that is known', async () => {
  const data = [{ source: 'Becker & Kohavi', licence: 'CC BY 4.0' }]
  const html = await renderReport({ ...summary, data }, '', manifest)
  expect(html).toContain('<dt>data</dt><dd>Becker &amp; Kohavi; licence: CC BY 4.0</dd>')
})

test('of a virtual network it says that times are modelled', async () => {
  expect(await renderReport(summary, '', manifest)).not.toContain('modelled')
  const [{ parameters }] = loadScenario(leastText.concat('network: virtual\n'), { file: 'x.yaml' }).cells as [Cell]
  const cells = summary.cells.map((cell) => ({ ...cell, parameters }))
  expect(await renderReport({ ...summary, cells }, '', manifest)).toContain(
    'are those of its clock: modelled, not measured',
  )
})

test('what no page, picture or table may have never gets there, wherever it came from', async () => {
  const [first, ...others] = summary.cells
  const odd = { ...summary, question: 'a\x1b[31m\0b', cells: [{ ...first!, label: 'x\u009b\u202ey' }, ...others] }
  const { svg, figure } = await drawPlot(odd)
  expect(toPng(svg).length).toBeGreaterThan(1000)
  for (const text of [svg, await renderReport(odd, figure, manifest), renderTable(odd, { width: 100, colour: false })])
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  expect(svg).toContain('a?[31m?b')
})
