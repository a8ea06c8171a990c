import { drawPicture, type Plot } from './picture.ts'
import { beyondThird, blue, faint, ink, vermilion } from './plot-style.ts'

/** More would hide each other. */
const peersMost = 60
const height = 430
const width = 640
const nameLength = 14

export interface VouchesPicture {
  readonly name: string
  /** How trust was found, and what it comes to. */
  readonly setting: string
  readonly names: readonly string[]
  readonly weights: readonly number[]
  readonly vouches: readonly { readonly from: number; readonly to: number }[]
  readonly preTrusted: readonly number[]
}

/** Who vouches for whom: pre-trusted peers on the left, then by how many vouches lead there, the heaviest on top. */
export function drawVouches({ name, setting, names, weights, vouches, preTrusted }: VouchesPicture): Promise<Plot> {
  const steps = stepsFrom(names.length, vouches, preTrusted)
  const heaviest = [...names.keys()].sort((a, b) => weights[b]! - weights[a]! || steps[a]! - steps[b]! || a - b)
  const drawn = heaviest.slice(0, peersMost)
  const columns = Map.groupBy(drawn, (peer) => steps[peer]!)
  const ordered = [...columns.keys()].sort((a, b) => a - b)
  const places = new Map<number, { readonly x: number; readonly y: number }>()
  for (const [column, step] of ordered.entries()) {
    const peers = columns.get(step)!
    for (const [row, peer] of peers.entries()) places.set(peer, { x: column, y: (row + 0.5) / peers.length })
  }
  const points = drawn.map((peer) => ({
    ...places.get(peer)!,
    name: shortened(names[peer]!),
    weight: weights[peer]!,
    text: `${shortened(names[peer]!)} ${weights[peer]}`,
    trusted: preTrusted.includes(peer),
  }))
  const edges = vouches.flatMap(({ from, to }) => {
    const [a, b] = [places.get(from), places.get(to)]
    return a === undefined || b === undefined ? [] : [{ x: a.x, y: a.y, x2: b.x, y2: b.y, sure: weights[from]! > 0 }]
  })
  const left = names.length > peersMost ? ` · the ${peersMost} heaviest of ${names.length} peers` : ''
  return drawPicture({
    name,
    question: 'Who vouches for whom, and how much does each peer weigh?',
    setting: setting + left,
    legend: [
      { shape: 'circle', colour: blue, text: 'pre-trusted' },
      { shape: 'circle', colour: beyondThird, text: 'others; the area is the weight' },
    ],
    panels: [vouchesPanel(points, edges, ordered.length)],
  })
}

function shortened(name: string): string {
  return name.length > nameLength ? `${name.slice(0, nameLength - 3)}...` : name
}

/** How many vouches lead from a pre-trusted peer to each; beyond all others for those whom none reaches. */
function stepsFrom(count: number, vouches: VouchesPicture['vouches'], preTrusted: readonly number[]): number[] {
  const given = Map.groupBy(vouches, ({ from }) => from)
  const steps = Array.from({ length: count }, () => Number.POSITIVE_INFINITY)
  let reached = [...preTrusted]
  for (const peer of reached) steps[peer] = 0
  for (let step = 1; reached.length > 0; step++) {
    const next = new Set(reached.flatMap((peer) => given.get(peer) ?? []).map(({ to }) => to))
    reached = [...next].filter((peer) => steps[peer] === Number.POSITIVE_INFINITY)
    for (const peer of reached) steps[peer] = step
  }
  return steps
}

function vouchesPanel(points: readonly object[], edges: readonly object[], columns: number): object {
  const x = { field: 'x', type: 'quantitative', scale: { domain: [-0.15, Math.max(1, columns - 0.6)] }, axis: null }
  const y = { field: 'y', type: 'quantitative', scale: { domain: [1, 0] }, axis: null }
  return {
    description: 'Who vouches for whom',
    width,
    height: Math.max(height, 12 * points.length),
    layer: [
      {
        data: { values: edges },
        mark: { type: 'rule', strokeWidth: 0.7 },
        encoding: {
          x,
          y,
          x2: { field: 'x2' },
          y2: { field: 'y2' },
          opacity: { condition: { test: 'datum.sure', value: 0.45 }, value: 0.15 },
          color: { value: faint },
        },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, opacity: 1, stroke: 'white', strokeWidth: 0.8 },
        encoding: {
          x,
          y,
          size: { field: 'weight', type: 'quantitative', scale: { range: [18, 420] }, legend: null },
          color: { condition: { test: 'datum.trusted', value: blue }, value: beyondThird },
        },
      },
      {
        data: { values: points },
        mark: { type: 'text', align: 'left', dx: 12, fontSize: 11 },
        encoding: { x, y, text: { field: 'text' }, color: { value: ink } },
      },
    ],
  }
}

export interface SybilsPicture {
  readonly name: string
  readonly setting: string
  readonly gains: readonly { readonly sybils: number; readonly shares: Readonly<Record<string, number>> }[]
}

/** What sybils have of all trust, against how many they are: a line for each method, and one for heads. */
export function drawSybils({ name, setting, gains }: SybilsPicture): Promise<Plot> {
  const methods = Object.keys(gains[0]?.shares ?? {})
  const colours = [vermilion, blue, beyondThird, '#2b8a3e', '#7048a8', faint]
  const values = gains.flatMap(({ sybils, shares }) =>
    methods.map((method) => ({ sybils, method, share: shares[method]! })),
  )
  const colour = (index: number) => colours[index % colours.length]!
  const encoding = {
    x: {
      field: 'sybils',
      type: 'quantitative',
      scale: { type: 'log', nice: false },
      title: 'sybils who vouch for each other',
    },
    y: { field: 'share', type: 'quantitative', scale: { domain: [0, 1] }, title: null, axis: { format: '.0%' } },
    color: {
      field: 'method',
      type: 'nominal',
      scale: { domain: methods, range: methods.map((_, index) => colour(index)) },
      legend: null,
    },
  }
  return drawPicture({
    name,
    question: 'How much of all trust do sybils get by vouching for each other?',
    setting,
    legend: methods.map((text, index) => ({ shape: 'circle', colour: colour(index), text })),
    panels: [
      {
        title: { text: ['Share of all trust'], subtitle: ['the broken line is one third'], frame: 'bounds' },
        description: 'Share of all trust',
        width: 460,
        height: 300,
        layer: [
          {
            data: { values: [{ third: 1 / 3 }] },
            mark: { type: 'rule', color: beyondThird, strokeDash: [5, 4] },
            encoding: { y: { field: 'third', type: 'quantitative' } },
          },
          { data: { values }, mark: { type: 'line', strokeWidth: 1.8 }, encoding },
          { data: { values }, mark: { type: 'point', filled: true, size: 52, opacity: 1 }, encoding },
        ],
      },
    ],
  })
}
