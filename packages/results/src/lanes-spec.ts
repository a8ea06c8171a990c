import { scale as scaleOf } from 'vega'
import { placeWords, type Word } from './place-words.ts'
import { beyondThird, blue, faint, vermilion } from './plot-style.ts'
import { wrap } from './wrap.ts'

/**
 * A measure against how many lie. Each line has a lane of its own below the others: in one plot, networks and attacks
 * that fare alike would hide each other.
 */
export interface LanesPanel {
  readonly title: string
  readonly subtitle: string
  readonly lanes: readonly Lane[]
  /** How many lie, or which share of peers; with `values`, places from 0 that stand for these. */
  readonly x: {
    readonly title: string
    readonly greatest: number
    readonly third: number
    readonly isShare: boolean
    readonly values?: readonly number[]
  }
  readonly y: { readonly scale: LaneScale; readonly ticks: readonly number[]; readonly format: string }
}

export interface Lane {
  readonly name: string
  /** By rising x. */
  readonly points: readonly LanePoint[]
}

export interface LanePoint {
  readonly x: number
  /** Absent: it was not measured, or there was nothing to measure. */
  readonly value?: { readonly middle: number; readonly least: number; readonly greatest: number }
  /** No round was finished, with one seed at least: there is no model to measure. Such a seed is not in `value`. */
  readonly stopped: boolean
  /** What else became of it, such as `2 forks`; else empty. */
  readonly word: string
}

export interface LaneScale {
  readonly type: 'linear' | 'symlog'
  readonly domain: readonly [number, number]
  readonly constant?: number
}

/** Of all lanes of a panel; what is wider would not fit on a telephone. */
const width = 310
/** Points at the ends of a scale are within the lane. */
const inset = 7
const labels = 34

/** A panel, as a part of a vega-lite specification. */
export function lanesPanel({ title, subtitle, lanes, x, y }: LanesPanel): object {
  const height = Math.round(Math.min(90, Math.max(40, 330 / Math.max(1, lanes.length) - 28)))
  const shown = lanes.length > 0 ? lanes : [{ name: '', points: [] }]
  return {
    title: {
      text: wrap(title, (labels + width) / 15, 600),
      subtitle: wrap(subtitle, (labels + width) / 12, 400),
      frame: 'bounds',
    },
    description: `${title}: ${subtitle}`,
    spacing: 12,
    vconcat: shown.map((lane, index) => laneOf(lane, { x, y, height, isLast: index === shown.length - 1 })),
  }
}

interface LaneOptions extends Pick<LanesPanel, 'x' | 'y'> {
  readonly height: number
  readonly isLast: boolean
}

function laneOf({ name, points }: Lane, { x, y, height, isLast }: LaneOptions) {
  // Words beside the last points have room.
  const xScale = { domain: [0, x.greatest * 1.28 || 1], range: [inset, width], nice: false }
  const yScale = { ...y.scale, range: [height - inset, inset], nice: false, clamp: true }
  const toX = scaleOf('linear')().domain(xScale.domain).range(xScale.range)
  const toY = yOf(y.scale, yScale.range)
  const words = points.flatMap((point): Word[] => {
    const text = point.stopped ? 'stopped' : point.word
    const at = point.value === undefined || point.stopped ? height / 2 : toY(point.value.middle)
    return text === '' ? [] : [{ text, x: toX(point.x), y: at }]
  })
  const xOf = (field: string) => ({
    field,
    type: 'quantitative',
    scale: xScale,
    axis: { ...axisOf(x), ...(isLast ? {} : { labels: false, ticks: false, title: null }) },
  })
  const yAxis = { title: null, grid: true, values: y.ticks, format: y.format, minExtent: labels, maxExtent: labels }
  const yOfField = (field: string) => ({ field, type: 'quantitative', scale: yScale, axis: yAxis })
  const pixels = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null })
  const runs = runsOf(points)
  return {
    ...(name !== '' && { title: { text: wrap(name, width / 12, 600), fontSize: 12, offset: 3, frame: 'group' } }),
    width,
    height,
    view: { fill: '#f6f8fa' },
    layer: [
      ...thirdMarks(x.third, xScale, height),
      {
        data: { values: runs },
        mark: { type: 'line', strokeWidth: 1.8, color: blue },
        encoding: { x: xOf('x'), y: yOfField('middle'), detail: { field: 'run', type: 'nominal' } },
      },
      {
        data: { values: runs.filter(({ least, greatest }) => greatest > least) },
        mark: { type: 'rule', strokeWidth: 2, color: blue, opacity: 0.6 },
        encoding: { x: xOf('x'), y: yOfField('least'), y2: { field: 'greatest' } },
      },
      {
        data: { values: runs },
        mark: { type: 'point', filled: true, size: 52, opacity: 1, stroke: 'white', strokeWidth: 0.8 },
        encoding: {
          x: xOf('x'),
          y: yOfField('middle'),
          color: { condition: { test: "datum.word !== ''", value: vermilion }, value: blue },
        },
      },
      {
        data: { values: points.filter(({ stopped }) => stopped).map((point) => ({ x: point.x, y: height / 2 })) },
        mark: { type: 'point', shape: 'M-0.6,-0.6L0.6,0.6M-0.6,0.6L0.6,-0.6', size: 110, opacity: 1, strokeWidth: 2 },
        encoding: { x: xOf('x'), y: pixels('y'), color: { value: vermilion } },
      },
      {
        data: {
          values: placeWords(
            words,
            points.map((point) => toX(point.x)),
            { width, height },
          ),
        },
        mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 11, fontWeight: 600, color: vermilion },
        encoding: { x: pixels('left'), y: pixels('middle'), text: { field: 'text' } },
      },
    ],
  }
}

/** Points that a line joins have a run in common: it does not go on where there is nothing to measure. */
function runsOf(points: readonly LanePoint[]) {
  let run = 0
  return points.flatMap(({ x, value, word, stopped }) => {
    if (stopped) run++
    if (value === undefined) return []
    return [{ x, ...value, word, run }]
  })
}

function yOf({ type, domain, constant }: LaneScale, range: readonly number[]): (value: number) => number {
  const scale = scaleOf(type)().domain(domain).range(range).clamp(true)
  return constant === undefined ? scale : scale.constant(constant)
}

function axisOf({ title, greatest, isShare, values }: LanesPanel['x']) {
  if (values !== undefined) {
    const labelExpr = `${JSON.stringify(values.map((value) => value.toLocaleString('en-US')))}[datum.value]`
    return { title, grid: false, titleColor: faint, labelFlush: false, values: [...values.keys()], labelExpr }
  }
  const common = { title: `${title}; shaded: more than a third`, grid: false, titleColor: faint, labelFlush: false }
  if (isShare) return { ...common, format: '.1f', tickCount: 6 }
  const step = Math.max(1, Math.ceil(greatest / 12))
  return { ...common, format: 'd', values: Array.from({ length: Math.floor(greatest / step) + 1 }, (_, i) => i * step) }
}

/** The line at one third, and a shade over everything beyond. */
function thirdMarks(third: number, scale: { domain: number[] }, height: number) {
  if (third >= scale.domain[1]!) return []
  const aside = { data: { values: [{ from: third, to: scale.domain[1]! }] } }
  const xOf = (field: string) => ({ field, type: 'quantitative', scale })
  return [
    {
      ...aside,
      mark: { type: 'rect', color: beyondThird, opacity: 0.12, y: 0, y2: height },
      encoding: { x: xOf('from'), x2: { field: 'to' } },
    },
    {
      ...aside,
      mark: { type: 'rule', color: beyondThird, strokeDash: [5, 4], strokeWidth: 1.2 },
      encoding: { x: xOf('from') },
    },
  ]
}
