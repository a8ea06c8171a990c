import type { Summary } from './summary.ts'

/** What all pictures have in common. */
export const ink = '#1f2328'
export const faint = '#6e7781'
const font = 'Inter, Helvetica Neue, Helvetica, Arial, sans-serif'

/** The picture's own title, with lines below it; without a headline where the page around it has one. */
export function titleOf(name: string, question: string, setting: string, headline: boolean) {
  const title = headline
    ? { text: name, fontSize: 22, fontWeight: 600, subtitle: [...wrap(question, 96), setting] }
    : { text: setting, fontSize: 13, fontWeight: 400, color: faint }
  return {
    ...title,
    anchor: 'start',
    subtitleFontSize: 13,
    subtitleColor: faint,
    subtitleLineHeight: 19,
    subtitlePadding: 8,
    offset: 18,
  }
}

/** What a run was made with, in a line; `more` after the number of peers. */
export function describeSetting({ cells, seeds }: Summary, more: readonly string[]): string {
  if (cells.length === 0) return ''
  const tasks = cells.map(({ parameters: { task } }) => {
    return `${task.dataset}, ${typeof task.model === 'string' ? task.model : task.model.name}`
  })
  const sizes = cells.map(({ peers }) => peers)
  const full =
    new Set(sizes).size > 1 && cells.every(({ peers, tolerated }) => tolerated === Math.floor((peers - 1) / 3))
  const liars = full ? 'as many liars as they can tolerate' : `${range(cells.map(({ tolerated }) => tolerated))} liars`
  return [
    `${range(sizes)} peers set up for ${liars}`,
    ...more,
    [...new Set(tasks)].join(' or '),
    `${range(cells.map(({ rounds }) => rounds))} rounds`,
    seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`,
  ].join('  ·  ')
}

/** `4`, or `4 to 10` when they differ. */
function range(values: readonly number[]): string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  return least === greatest ? String(least) : `${least} to ${greatest}`
}

/** Lines of at most about `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** The `config` of a vega-lite specification. */
export function config() {
  return {
    font,
    view: { stroke: null },
    title: {
      anchor: 'start',
      color: ink,
      fontSize: 15,
      fontWeight: 600,
      subtitleFontSize: 12,
      subtitleColor: faint,
      subtitlePadding: 4,
      offset: 26,
    },
    axis: {
      labelColor: ink,
      labelFontSize: 12,
      titleColor: ink,
      titleFontSize: 12,
      titleFontWeight: 400,
      titlePadding: 10,
      domainColor: '#afb8c1',
      tickColor: '#afb8c1',
      gridColor: '#e7eaee',
      labelPadding: 5,
    },
    axisY: { domain: false, ticks: false },
    legend: {
      labelFontSize: 13,
      labelColor: ink,
      labelLimit: 400,
      columnPadding: 28,
      symbolStrokeWidth: 0,
      offset: 14,
    },
  }
}
