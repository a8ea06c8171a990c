import type { Summary } from '@hearsay/scenario'
import { taskOf } from '@hearsay/training/schema'

/** What all pictures have in common. */
export const ink = '#1f2328'
export const faint = '#57606a'
export const blue = '#0072B2'
/** Of what went wrong. With blue, two that people with any colour vision tell apart. */
export const vermilion = '#B34700'
export const beyondThird = '#8a6d3b'
export const font = 'Inter, "Helvetica Neue", Helvetica, Arial, sans-serif'

/** What a run was made with, in a line; `more` after the number of peers. */
export function describeSetting({ cells, seeds }: Summary, more: readonly string[]): string {
  if (cells.length === 0) return ''
  const tasks = cells.map(({ parameters: { task } }) => taskOf(task).describe(task))
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
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** `4`, or `4 to 10` when they differ. */
function range(values: readonly number[]): string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  return least === greatest ? String(least) : `${least} to ${greatest}`
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
      offset: 12,
    },
    axis: {
      labelColor: ink,
      labelFontSize: 11,
      titleColor: ink,
      titleFontSize: 12,
      titleFontWeight: 400,
      titlePadding: 8,
      domainColor: '#afb8c1',
      tickColor: '#afb8c1',
      gridColor: '#dfe3e8',
      labelPadding: 5,
    },
    axisY: { domain: false, ticks: false },
  }
}
