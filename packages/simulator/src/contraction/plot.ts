import type { TopLevelSpec } from 'vega-lite'
import { drawSpec, type Plot } from '../results/plot.ts'
import { config, faint, titleOf } from '../results/plot-style.ts'
import { contractionProtocols, type ProtocolName } from './protocols.ts'
import type { ContractionSummary } from './run-contraction.ts'

const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7']

/** One panel for each protocol: the worst ratio found beside the formula, against n/f. */
export function drawContraction(summary: ContractionSummary): Promise<Plot> {
  return drawSpec((options) => contractionSpec(summary, options))
}

export function contractionSpec(summary: ContractionSummary, { headline = true } = {}): TopLevelSpec {
  const protocols = [...new Set(summary.cells.map(({ protocol }) => protocol))]
  const tolerated = [...new Set(summary.cells.map(({ f }) => f))]
  const setting =
    'points: the worst round found; lines: the formula; shaded: at or below the bound, where nothing is promised'
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: { left: 24, right: 24, top: 20, bottom: 16 },
    title: titleOf(summary.scenario, summary.question, setting, headline),
    columns: 4,
    spacing: 30,
    concat: protocols.map((protocol) => {
      const { title, bound, formula } = contractionProtocols[protocol]
      const cells = summary.cells.filter((cell) => cell.protocol === protocol)
      const shares = cells.map(({ n, f }) => n / f)
      const domain = [Math.min(...shares) - 0.3, Math.max(...shares) + 0.3] as const
      const values = cells.map(({ n, f, found }) => ({ share: n / f, f: `f = ${f}`, found }))
      const [name, ...how] = title.split(', ')
      const lines = [how.join(', '), `${formula}; shrinks if n > ${bound}f`]
      return panelOf({ name: name!, how: lines, bound, domain, values, tolerated, curve: curveOf(protocol, domain) })
    }),
    config: config(),
  } as unknown as TopLevelSpec
}

/** All formulas depend on n/f alone. */
function curveOf(protocol: ProtocolName, [from, to]: readonly [number, number]): Curve {
  const points = Array.from({ length: 121 }, (_, index) => {
    const share = from + ((to - from) * index) / 120
    return { share, formula: contractionProtocols[protocol].ratio(share, 1) }
  })
  return points.filter(({ formula }) => formula <= greatest)
}

/** The end of the axis of ratios. */
const greatest = 2

type Curve = readonly { readonly share: number; readonly formula: number }[]

interface Panel {
  readonly name: string
  readonly how: readonly string[]
  readonly bound: number
  readonly domain: readonly [number, number]
  readonly curve: Curve
  readonly values: readonly object[]
  readonly tolerated: readonly number[]
}

function panelOf({ name, how, bound, domain, values, tolerated, curve }: Panel) {
  const x = {
    field: 'share',
    type: 'quantitative',
    scale: { domain, nice: false, zero: false },
    axis: { title: 'n / f', grid: false, tickCount: 5 },
  }
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, greatest] },
    axis: { title: null, tickCount: 5 },
  })
  const color = {
    field: 'f',
    type: 'nominal',
    scale: { domain: tolerated.map((f) => `f = ${f}`), range: tolerated.map((_, index) => colours[index]) },
    legend: { title: null, orient: 'bottom', symbolSize: 110 },
  }
  const constant = { data: { values: [{ from: domain[0], to: bound, one: 1 }] } }
  return {
    title: { text: name, subtitle: how },
    width: 200,
    height: 190,
    data: { values },
    layer: [
      {
        ...constant,
        mark: { type: 'rect', color: '#8a6d3b', opacity: 0.09 },
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
        mark: { type: 'point', filled: true, size: 80, opacity: 1, stroke: 'white', strokeWidth: 1 },
        encoding: { x, y: y('found'), color },
      },
    ],
  }
}
