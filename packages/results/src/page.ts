import { escapeXml, fontFaces } from './fonts.ts'
import type { Manifest } from './manifest.ts'

/** One HTML file that needs nothing else: what was asked, the picture, and what `body` has below it. */
export async function renderPage(
  { scenario, question }: { readonly scenario: string; readonly question: string },
  figure: string,
  { startedAt }: Pick<Manifest, 'startedAt'>,
  body: string,
): Promise<string> {
  const main = `<main>
<p class="kicker">Hearsay · ${escapeXml(scenario)} · ${escapeXml(startedAt.slice(0, 10))}</p>
<h1>${escapeXml(question)}</h1>
${figure}
${body}
</main>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(scenario)} – Hearsay</title>
<style>${await fontFaces(main)}
${style}</style>
${main}
</html>
`
}

/** A cell of a table: words, and whether they are as one would wish. */
export interface PageCell {
  readonly text: string
  readonly good?: boolean
}

/** On a telephone each row stands for itself, and its cells say what they are. */
export function htmlTable(headings: readonly string[], rows: readonly (readonly PageCell[])[]): string {
  const body = rows.map((row) => {
    const cells = row.map(({ text, good }, column) => {
      const verdict = good === undefined ? '' : ` class="${good ? 'good' : 'bad'}"`
      return `<td data-label="${escapeXml(headings[column]!)}"${verdict}>${escapeXml(text)}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  const head = headings.map((heading) => `<th>${escapeXml(heading)}</th>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

// On a telephone each row of a table stands for itself, and what is wide of a picture moves within its box; on paper nothing
// moves, so that all of it is there. Pictures are drawn on white, which they keep in the dark.
const style = `
:root {
  color-scheme: light dark; --ink: #1f2328; --faint: #57606a; --paper: #fff; --line: #dfe3e8; --inset: #f6f8fa;
  --good: #00664a; --bad: #b34700;
  color: var(--ink); background: var(--paper); font: 16px/1.55 Inter, "Helvetica Neue", Helvetica, Arial, sans-serif
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --faint: #9da7b1; --paper: #0d1117; --line: #30363d; --inset: #161b22; --good: #3fb950; --bad: #ffa657
  }
}
* { box-sizing: border-box }
main { max-width: 1266px; margin: 3rem auto; padding: 0 1.5rem; overflow-wrap: anywhere }
.kicker { color: var(--faint); margin: 0 }
h1 { font-size: 1.7rem; font-weight: 600; line-height: 1.25; margin: .2rem 0 1.5rem; max-width: 48rem }
h2 { font-size: 1.15rem; font-weight: 600; margin: 2.2rem 0 .6rem }
figure { margin: 0; padding: 1rem 1.5rem 1.5rem; background: #fff; color: #1f2328; border: 1px solid var(--line); border-radius: 8px }
figure .note { color: #57606a; margin: 0 }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; list-style: none; margin: .6rem 0 1.2rem; padding: 0; font-size: .8rem }
.legend svg { vertical-align: -3px; margin-right: .3rem }
.panels { display: flex; flex-wrap: wrap; gap: 30px } .panel { max-width: 100% }
.panel svg { display: block; max-width: 100%; height: auto }
.note { color: var(--faint); font-size: .9rem; max-width: 48rem; margin: .6rem 0 }
table { border-collapse: collapse; font-size: .9rem }
th { font-weight: 600; border-bottom: 1px solid var(--faint); vertical-align: bottom }
td { border-bottom: 1px solid var(--line); white-space: nowrap }
th, td { text-align: right; padding: .4rem 1.2rem .4rem 0; overflow-wrap: normal } th:last-child, td:last-child { padding-right: 0 }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 11rem }
.good { color: var(--good) } .bad { color: var(--bad); font-weight: 600 }
.checks { list-style: none; padding: 0 } .checks span { color: var(--ink); font-weight: 400 } .checks ul { font-weight: 400 }
pre, code { font: inherit; background: var(--inset) }
pre { padding: .8rem 1rem; white-space: pre-wrap } code { padding: 0 .25em }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem } dt { color: var(--faint) } dd { margin: 0 }
@media screen and (max-width: 700px) {
  main { margin: 1.5rem auto; padding: 0 1rem } h1 { font-size: 1.35rem }
  figure { margin: 0 -1rem; padding: 1rem; border-width: 1px 0; border-radius: 0 }
  .wide { overflow-x: auto } .wide svg { max-width: none }
  thead { display: none } table, tbody { display: block }
  tr { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr); gap: 0 1.2rem; padding: .6rem 0; font-size: .85rem; border-bottom: 1px solid var(--line) }
  td { display: flex; justify-content: space-between; align-items: end; gap: .5rem; padding: .1rem 0; border: 0; white-space: normal }
  td::before { content: attr(data-label); color: var(--faint); font-weight: 400; white-space: normal; text-align: left }
  td:first-child { display: block; grid-column: 1 / -1; font-weight: 600 } td:first-child::before { content: none }
}
@media print {
  :root { --ink: #1f2328; --faint: #57606a; --paper: #fff; --line: #dfe3e8; --inset: #f6f8fa; --good: #00664a; --bad: #b34700; font-size: 12px }
  main { max-width: none; margin: 0; padding: 0 } figure { border: 0; padding: 0 }
  body { margin: 0 } .panels { gap: 20px } .panel, tr, li { break-inside: avoid } h2 { break-after: avoid }
  th, td { padding-right: .6rem } th:first-child, td:first-child { min-width: 6rem } .wide svg { max-width: 100% }
}
`
