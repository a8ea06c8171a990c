import { plain } from '@hearsay/aggregation/words'
import type { Manifest } from './manifest.ts'

/** One HTML file that needs nothing else: what was asked, the picture, and what `body` has below it. */
export function renderPage(
  { scenario, question }: { readonly scenario: string; readonly question: string },
  svg: string,
  { startedAt }: Pick<Manifest, 'startedAt'>,
  body: string,
): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(scenario)} – Hearsay</title>
<style>${style}</style>
<main>
<p class="kicker">Hearsay · ${escapeHtml(scenario)} · ${escapeHtml(startedAt.slice(0, 10))}</p>
<h1>${escapeHtml(question)}</h1>
<figure>${svg}</figure>
${body}
</main>
</html>
`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Without what a page may not have at all. */
export function escapeHtml(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => entities[character]!)
}

const style = `
:root { color: #1f2328; background: #fff; font: 16px/1.55 Inter, "Helvetica Neue", Helvetica, Arial, sans-serif }
main { max-width: 1180px; margin: 3rem auto; padding: 0 1.5rem }
.kicker { color: #6e7781; margin: 0 }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .2rem 0 1.5rem; max-width: 48rem }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem }
figure { margin: 0 -24px } figure svg { width: 100%; height: auto }
.note { color: #57606a; font-size: .9rem; max-width: 48rem; margin: .6rem 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap }
th { text-align: right; font-weight: 600; border-bottom: 1px solid #afb8c1 }
td { text-align: right; border-bottom: 1px solid #e7eaee }
th, td { padding: .4rem .9rem .4rem 0 } th:first-child, td:first-child { text-align: left; padding-right: 2rem }
.good { color: #00664a } .bad { color: #b34700; font-weight: 600 }
.checks { list-style: none; padding: 0 } .checks span { color: #1f2328; font-weight: 400 } .checks ul { font-weight: 400 }
pre { background: #f6f8fa; padding: .8rem 1rem; overflow-x: auto } code { background: #f6f8fa; padding: 0 .25em }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem } dt { color: #6e7781 } dd { margin: 0; overflow-wrap: anywhere }
`
