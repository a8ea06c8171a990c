import { shellWord } from '@hearsay/catalogue/words'
import type { Summary, SummaryCell } from '@hearsay/scenario'
import { escapeXml } from './fonts.ts'
import type { Manifest } from './manifest.ts'
import { htmlTable, renderPage } from './page.ts'
import { priceRows } from './price.ts'
import { publishedRows } from './published-table.ts'
import { tableHeadings, tableRows } from './table.ts'

/** A run as one HTML file that needs nothing else: question, picture, table, expectations, how to run it again. */
export function renderReport(summary: Summary, figure: string, manifest: Manifest): Promise<string> {
  const held = summary.expectations.filter((expectation) => expectation.held).length
  const virtual = summary.cells.some(({ parameters: { network } }) => network.transport === 'virtual')
  const body = `<h2>What happened</h2>
${resultsTable(summary)}
<p class="note">A culprit is named when it signed two things that contradict each other. Who only says nothing, or sends
a bad update, signs no contradiction: the others agree without it, or aggregate it away.</p>
${failedList(summary)}${publishedTable(summary)}<h2>What was expected: ${held} of ${summary.expectations.length} held</h2>
${expectationList(summary)}
<h2>What it cost</h2>
${costTable(summary.cells)}
${priceTable(summary)}<p class="note">Bytes are those of one honest peer over all rounds, on average. Times are those of one round of one peer,
each part at its median, so that the parts need not add up; exchange includes the wait for peers that train longer.
${virtual ? 'Times on the virtual network are those of its clock: modelled, not measured.' : ''}</p>
<h2>How to run it again</h2>
<pre>${escapeXml(manifest.commandLine.map(shellWord).join(' '))}</pre>
<p>The resolved scenario beside this file, <code>scenario.yaml</code>, has every default filled in and gives the same
cells: <code>npx hearsay run scenario.yaml</code></p>
<dl>${details(summary, manifest)}</dl>
<p>Numbers of every round of every peer are in <code>rounds.csv</code> and <code>rounds.parquet</code>, those of the models in
<code>curves.csv</code> beside the parameters, who had which data in <code>holdings.csv</code>, what happened in
<code>events.jsonl</code>, this page's numbers in <code>summary.json</code>.</p>`
  return renderPage(summary, figure, manifest, body)
}

function resultsTable(summary: Summary): string {
  const headings = tableHeadings(summary).map((heading) => heading.join(' ').trim())
  return htmlTable(headings, tableRows(summary))
}

/** Jobs of which there is nothing in the rest of the page. */
function failedList({ failed = [] }: Summary): string {
  if (failed.length === 0) return ''
  const items = failed.map(({ label, seed, reason }) => `<li>${escapeXml(`${label}, seed ${seed}: ${reason}`)}</li>`)
  return `<h2>What failed, and is not in here</h2>\n<ul class="bad">${items.join('\n')}</ul>\n`
}

/** Cells that agree beside those that do not. */
function priceTable(summary: Summary): string {
  const [headings, ...rows] = priceRows(summary)
  if (headings === undefined) return ''
  return `${wordsTable(headings, rows)}\n`
}

function wordsTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return htmlTable(
    headings,
    rows.map((row) => row.map((text) => ({ text }))),
  )
}

/** What somebody else has found, and this run. */
function publishedTable(summary: Summary): string {
  const [headings, ...rows] = publishedRows(summary)
  if (headings === undefined) return ''
  return `<h2>What was published</h2>\n${wordsTable(headings, rows)}\n<p class="note">${escapeXml(summary.published!.source)}</p>\n`
}

function expectationList({ expectations }: Summary): string {
  if (expectations.length === 0) return '<p>The scenario expects nothing.</p>'
  const items = expectations.map(({ text, held, failures }) => {
    const found =
      failures.length === 0 ? '' : `<ul>${failures.map((one) => `<li>${escapeXml(one)}</li>`).join('')}</ul>`
    return `<li class="${held ? 'good' : 'bad'}">${held ? '✓' : '✗'} <span>${escapeXml(text)}</span>${found}</li>`
  })
  return `<ul class="checks">${items.join('\n')}</ul>`
}

function costTable(cells: readonly SummaryCell[]): string {
  const headings = [
    'cell',
    'sent, MB',
    'received, MB',
    'training, ms',
    'exchange, ms',
    'agreement, ms',
    'aggregation, ms',
    'round, ms',
  ]
  const rows = cells.map(({ label, bytes, timeMs }) => {
    const times = [timeMs.training, timeMs.exchange, timeMs.agreement, timeMs.aggregation, timeMs.total]
    const words = [
      label,
      ...[bytes.sent, bytes.received].map((size) => (size / 1e6).toFixed(1)),
      ...times.map((time) => (time === null ? '–' : time.toFixed(0))),
    ]
    return words.map((text) => ({ text }))
  })
  return htmlTable(headings, rows)
}

function details(summary: Summary, manifest: Manifest): string {
  const commit = manifest.commit === null ? 'unknown' : manifest.commit + (manifest.dirty ? ', with changes' : '')
  const facts: [string, string][] = [
    ...(summary.data ?? []).map(({ source, licence }): [string, string] => ['data', `${source}; licence: ${licence}`]),
    ['engine', summary.engine],
    ['seeds', summary.seeds.join(', ')],
    ...(summary.traceDigest === undefined ? [] : [['trace digest', summary.traceDigest] as [string, string]]),
    ['commit', commit],
    ['lockfile', manifest.lockfile ?? 'unknown'],
    ['Node', manifest.node],
    ['machine', `${manifest.platform}, ${manifest.cores} × ${manifest.cpu}`],
    ['began', manifest.startedAt],
    ['ended', manifest.endedAt ?? 'not yet'],
  ]
  return facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeXml(value)}</dd>`).join('\n')
}
