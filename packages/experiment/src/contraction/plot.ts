import { beyondThird, blue, drawPicture, faint, type Picture, type Plot, type Turn } from '@hearsay/results/pictures'
import { contractionProtocols, type ProtocolName } from './protocols.ts'
import type { ContractionSummary } from './verdict.ts'

// Okabe and Ito's colours, which people with any colour vision tell apart, on white.
const colours = [blue, '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']

/** One panel for each protocol: the worst ratio found beside the formula, against n/f. */
export function drawContraction(summary: ContractionSummary, turn?: Turn): Promise<Plot> {
  const protocols = [...new Set(summary.cells.map(({ protocol }) => protocol))]
  const tolerated = [...new Set(summary.cells.map(({ f }) => f))].sort((a, b) => a - b)
  const colourOf = (f: number): string => colours[tolerated.indexOf(f) % colours.length]!
  const afterOf = (f: number): number => tolerated.length - 1 - tolerated.indexOf(f)
  const picture: Picture = {
    name: summary.scenario,
    question: summary.question,
    setting:
      'points: the worst round found; lines: the formula; shaded: at or below the bound, where nothing is promised',
    legend: tolerated.map((f) => ({ shape: 'circle', colour: colourOf(f), text: `f = ${f}` })),
    panels: protocols.map((protocol) => {
      const { title, bound, formula } = contractionProtocols[protocol]
      const cells = summary.cells.filter((cell) => cell.protocol === protocol)
      const shares = cells.map(({ n, f }) => n / f)
      const domain = [Math.min(...shares) - 0.3, Math.max(...shares) + 0.3] as const
      // The formulas depend on n/f alone: points of several f are in one place, each within that of the f before.
      const values = cells
        .map(({ n, f, found }) => ({ share: n / f, found, colour: colourOf(f), size: 40 + 75 * afterOf(f) }))
        .sort((a, b) => b.size - a.size)
      const most = Math.max(greatest, ...cells.map(({ found }) => found))
      const [name, ...how] = title.split(', ')
      const lines = [how.join(', '), `${formula}; shrinks if n > ${bound}f`]
      return panelOf({ name: name!, how: lines, bound, domain, most, values, curve: curveOf(protocol, domain) })
    }),
  }
  return drawPicture(picture, turn)
}

/** All formulas depend on n/f alone. */
function curveOf(protocol: ProtocolName, [from, to]: readonly [number, number]): Curve {
  const points = Array.from({ length: 121 }, (_, index) => {
    const share = from + ((to - from) * index) / 120
    return { share, formula: contractionProtocols[protocol].ratio(share, 1) }
  })
  return points.filter(({ formula }) => formula <= greatest)
}

/** The end of the axis of ratios, unless more was found. */
const greatest = 2

type Curve = readonly { readonly share: number; readonly formula: number }[]

interface Panel {
  readonly name: string
  readonly how: readonly string[]
  readonly bound: number
  readonly domain: readonly [number, number]
  readonly curve: Curve
  readonly values: readonly object[]
  readonly most: number
}

function panelOf({ name, how, bound, domain, most, values, curve }: Panel): object {
  // Points at the ends of a scale are within the panel.
  const [width, height, inset] = [225, 190, 8]
  const x = {
    field: 'share',
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { title: 'n / f', grid: false, tickCount: 5 },
  }
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, most], nice: false, range: [height - inset, inset] },
    axis: { title: null, tickCount: 5, grid: true, minExtent: 26, maxExtent: 26 },
  })
  const constant = { data: { values: [{ from: domain[0], to: bound, one: 1 }] } }
  return {
    title: { text: name, subtitle: how, frame: 'bounds' },
    description: `${name}, ${how.join(', ')}`,
    width,
    height,
    data: { values },
    layer: [
      {
        ...constant,
        mark: { type: 'rect', color: beyondThird, opacity: 0.12, y: 0, y2: height },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
      },
      {
        ...constant,
        mark: { type: 'rule', color: faint, strokeDash: [5, 4] },
        encoding: { y: { ...y('one') } },
      },
      {
        data: { values: curve },
        mark: { type: 'line', strokeWidth: 1.6, color: faint },
        encoding: { x, y: y('formula') },
      },
      {
        mark: { type: 'point', filled: true, opacity: 1, stroke: 'white', strokeWidth: 1 },
        encoding: {
          x,
          y: y('found'),
          color: { field: 'colour', type: 'nominal', scale: null },
          size: { field: 'size', type: 'quantitative', scale: null, legend: null },
        },
      },
    ],
  }
}
