import { shellWord } from '@hearsay/catalogue/words'
import type { Manifest } from '@hearsay/results'
import { escapeXml, htmlTable, renderPage } from '@hearsay/results/pictures'
import { contractionProtocols } from './protocols.ts'
import { type ContractionSummary, shrinking, tolerance } from './verdict.ts'

/** The search as one HTML file that needs nothing else: question, picture, table, how to make it again. */
export function renderContraction(summary: ContractionSummary, figure: string, manifest: Manifest): Promise<string> {
  const rows = summary.cells.map((cell) => {
    const { title, formula, bound } = contractionProtocols[cell.protocol]
    const words = [title, formula, cell.f, cell.n, number(cell.formula), number(cell.found), number(cell.byKernels)]
    const met = cell.shrinks === cell.found < 1 - tolerance
    const verdict = { text: `${shrinking(cell)}, n ${cell.shrinks ? '>' : '≤'} ${bound}f`, good: met }
    return [...words.map((word) => ({ text: String(word) })), verdict]
  })
  const headings = ['protocol', 'formula', 'f', 'n', 'formula gives', 'found', 'by the kernels', 'honest values']
  const body = `<h2>The worst round that was found</h2>
${htmlTable(headings, rows)}
<p class="note">A search finds a lower bound of the worst: what it does not find may still be. Below its bound a formula
promises nothing, and liars may do more or less than it says.</p>
${summary.surprises.length === 0 ? '' : `<h2>Not as the formulas say</h2><ul>${summary.surprises.map((text) => `<li>${escapeXml(text)}</li>`).join('')}</ul>`}
<h2>How to make it again</h2>
<pre>${escapeXml(manifest.commandLine.map(shellWord).join(' '))}</pre>
<p>Every arrangement that was found is in <code>summary.json</code>, the table in <code>contraction.csv</code>.</p>`
  return renderPage(summary, figure, manifest, body)
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(4)
}
