import type { TopLevelSpec } from 'vega-lite'
import { endOfRounds } from '../scenario/agreement.ts'
import { config, describeSetting, titleOf } from './plot-style.ts'
import { seriesOf } from './series.ts'
import { median } from './summarise.ts'
import type { SeedMeasures, Summary, SummaryCell } from './summary.ts'

// Okabe and Ito's colours, which people with any colour vision tell apart, on white; shapes tell them apart in print.
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right']
const panel = { width: 300, height: 230 }

/** After all pairs of the first round of colours come other pairs: 49 in all. */
function shapeOf(index: number): string {
  return shapes[(index + Math.floor(index / colours.length)) % shapes.length]!
}

/** One point of a plot: a cell in a series, with the spread over its seeds. */
interface Point {
  readonly series: string
  /** Number of liars, moved aside a little so that equal series stay visible. */
  readonly liars: number
  readonly accuracy: number
  readonly accuracyLeast: number
  readonly accuracyGreatest: number
  /** Absent when an honest model is not finite. */
  readonly distance?: number
  readonly distanceLeast?: number
  readonly distanceGreatest?: number
  /** `2 forks`, empty without. */
  readonly forks: string
  /** `forked` or `stalled`, empty when the rounds went on to the last: without it, an accuracy says too little. */
  readonly outcome: string
  readonly certified: number
  readonly certifiedLeast: number
  readonly certifiedGreatest: number
}

interface Layout {
  readonly points: readonly Point[]
  readonly names: readonly string[]
  /** On the axis of liars. */
  readonly third: number
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  readonly axisTitle: string
}

// Vega guesses the width of text too wide: titles longer than a panel would leave a gap beside it.

/** The vega-lite specification of a run's picture; without a headline where the page around it has one. */
export function plotSpec(summary: Summary, { headline = true } = {}): TopLevelSpec {
  const layout = layoutOf(summary.cells)
  const setting = describeSetting(summary, [summary.cells[0]?.parameters.aggregation.rule ?? ''])
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: { left: 24, right: 24, top: 20, bottom: 16 },
    title: titleOf(summary.scenario, summary.question, setting, headline),
    data: { values: layout.points.map((point) => ({ ...point })) },
    spacing: 36,
    hconcat: [
      panelOf(layout, {
        title: 'Accuracy',
        subtitle: 'of honest models, at the end',
        field: 'accuracy',
        scale: { domain: [0, 1] },
        format: '.0%',
        text: 'outcome',
      }),
      panelOf(layout, {
        title: 'Forks and disagreement',
        subtitle: 'distance of honest models; 0 is equal',
        field: 'distance',
        scale: distanceScale(layout.points),
        format: '.3~g',
        text: 'forks',
      }),
      panelOf(layout, {
        title: `Rounds ${endOfRounds(summary.cells.map(({ parameters }) => parameters.agreement.kind))}`,
        subtitle: 'share, by every honest peer',
        field: 'certified',
        scale: { domain: [0, 1] },
        format: '.0%',
        text: 'outcome',
      }),
    ],
    config: config(),
  } as unknown as TopLevelSpec
}

interface PanelOptions {
  readonly title: string
  readonly subtitle: string
  readonly field: 'accuracy' | 'distance' | 'certified'
  readonly scale: Record<string, unknown>
  readonly format: string
  /** A field with words to write beside the points. */
  readonly text?: string
}

function panelOf(layout: Layout, { title, subtitle, field, scale, format, text }: PanelOptions) {
  const { names, domain, ticks, axisTitle } = layout
  const xScale = { domain, nice: false, zero: false }
  const x = {
    field: 'liars',
    type: 'quantitative',
    scale: xScale,
    axis: { values: ticks, title: axisTitle, grid: false, format: '.3~g' },
  }
  const y = (name: string) => ({
    field: name,
    type: 'quantitative',
    scale,
    axis: { title: null, format, tickCount: 5 },
  })
  const colour = {
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, index) => colours[index % colours.length]) },
    legend: { title: null, orient: 'bottom', symbolSize: 110, columns: Math.min(names.length, 5) },
  }
  const shape = {
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, index) => shapeOf(index)) },
    legend: colour.legend,
  }
  return {
    title: { text: title, subtitle },
    ...panel,
    transform: [{ filter: `isValid(datum.${field})` }],
    layer: [
      ...thirdMarks(layout, xScale),
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y: y(field), color: colour } },
      {
        mark: { type: 'rule', strokeWidth: 1.6 },
        encoding: { x, y: y(`${field}Least`), y2: { field: `${field}Greatest` }, color: colour },
      },
      {
        mark: { type: 'point', filled: true, size: 100, opacity: 1, stroke: 'white', strokeWidth: 1 },
        encoding: { x, y: y(field), color: colour, shape },
      },
      ...(text === undefined
        ? []
        : [
            {
              transform: [{ filter: `datum.${text} !== ''` }],
              mark: { type: 'text', dx: 8, dy: -6, align: 'left', baseline: 'middle', fontSize: 12, fontWeight: 600 },
              encoding: { x, y: y(field), text: { field: text }, color: { ...colour, legend: null } },
            },
          ]),
    ],
  }
}

/** The line at one third, its name, and a shade over everything beyond. */
function thirdMarks({ third, domain }: Layout, xScale: Record<string, unknown>) {
  const aside = { data: { values: [{ from: third, to: domain[1], label: 'one third' }] } }
  const xOf = (name: string) => ({ field: name, type: 'quantitative', scale: xScale })
  return [
    {
      ...aside,
      mark: { type: 'rect', color: '#8a6d3b', opacity: 0.09 },
      encoding: { x: xOf('from'), x2: { field: 'to' } },
    },
    {
      ...aside,
      mark: { type: 'rule', color: '#8a6d3b', strokeDash: [5, 4], strokeWidth: 1.2 },
      encoding: { x: xOf('from') },
    },
    {
      ...aside,
      mark: { type: 'text', y: -13, color: '#8a6d3b', fontSize: 11 },
      encoding: { x: xOf('from'), text: { field: 'label' } },
    },
  ]
}

function layoutOf(cells: readonly SummaryCell[]): Layout {
  const series = seriesOf(cells)
  const peers = [...new Set(cells.map((cell) => cell.peers))]
  // Networks of several sizes have no common number of liars, but a common share.
  const share = peers.length > 1
  const unit = share ? 1 / 30 : 1
  const place = (cell: SummaryCell): number => (share ? cell.malicious / cell.peers : cell.malicious)
  const third = share ? 1 / 3 : (peers[0] ?? 3) / 3
  const step = Math.min(0.16, 0.7 / Math.max(1, series.length)) * unit
  const points = series.flatMap(({ name, cells: members }) =>
    members.map((cell) => {
      const here = series.filter((other) => other.cells.some((one) => place(one) === place(cell)))
      const rank = here.findIndex((other) => other.name === name)
      return pointOf(cell, name, place(cell) + (rank - (here.length - 1) / 2) * step)
    }),
  )
  const greatest = Math.max(...cells.map(place), third + 0.5 * unit, 0)
  return {
    points,
    names: series.map(({ name }) => name),
    third,
    // Words beside the last points have room.
    domain: [-0.4 * unit, greatest + Math.max(0.6 * unit, 0.27 * greatest)],
    ticks: share ? [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] : wholeTicks(greatest),
    axisTitle: share ? 'share of peers that lie' : `liars among ${peers[0] ?? 0} peers`,
  }
}

/** At most about a dozen, so that they can be read in networks of many peers. */
function wholeTicks(greatest: number): number[] {
  const step = Math.ceil(greatest / 12)
  return Array.from({ length: Math.floor(greatest / step) + 1 }, (_, tick) => tick * step)
}

function pointOf(cell: SummaryCell, series: string, liars: number): Point {
  const of = (measure: (one: SeedMeasures) => number): number[] => cell.bySeed.map(measure)
  const certified = of(({ liveness }) => liveness.certified / Math.max(1, liveness.rounds))
  const distances = cell.bySeed.flatMap(({ disagreement }) => disagreement.distance ?? [])
  const { forks } = cell.disagreement
  return {
    series,
    liars,
    accuracy: cell.accuracy.median,
    accuracyLeast: cell.accuracy.least,
    accuracyGreatest: cell.accuracy.greatest,
    ...(distances.length === cell.bySeed.length && {
      distance: median(distances),
      distanceLeast: Math.min(...distances),
      distanceGreatest: Math.max(...distances),
    }),
    forks: forks === 0 ? '' : `${forks} ${forks === 1 ? 'fork' : 'forks'}`,
    outcome: forks > 0 ? 'forked' : cell.stalled ? 'stalled' : '',
    certified: median(certified),
    certifiedLeast: Math.min(...certified),
    certifiedGreatest: Math.max(...certified),
  }
}

/** From 0; by orders of magnitude when the distances differ by more than two of them. */
function distanceScale(points: readonly Point[]): Record<string, unknown> {
  const positive = points.flatMap(({ distanceGreatest }) => (distanceGreatest ? [distanceGreatest] : []))
  if (positive.length === 0) return { domain: [0, 1] }
  const least = Math.min(...positive)
  const greatest = Math.max(...positive)
  if (greatest / least < 100) return { domain: [0, greatest * 1.15], nice: true }
  return { type: 'symlog', constant: least, domain: [0, greatest * 1.5] }
}
