import { scale as vegaScale } from 'vega'
import type { LanePoint, LanesPanel } from './lanes-spec.ts'

type LaneAxis = LanesPanel['y']

export const shareScale: LaneAxis = { scale: { type: 'linear', domain: [0, 1] }, ticks: [0, 0.5, 1], format: '.0%' }

/** From 0, or the least value below it, to beyond all intervals; by orders of magnitude when values differ by more than two of them. */
export function scaleOf(points: readonly LanePoint[], { logarithmic = false } = {}): LaneAxis {
  const values = points.flatMap(({ value }) => (value === undefined ? [] : [value.least, value.greatest]))
  const positive = values.filter((value) => value > 0)
  const [least, greatest] = [Math.min(...positive), Math.max(...positive)]
  const lowest = Math.min(0, ...values)
  if (positive.length === 0 && lowest === 0)
    return { scale: { type: 'linear', domain: [0, 1] }, ticks: [0], format: 'd' }
  if (!logarithmic || lowest < 0 || greatest / least < 100) {
    const domain = vegaScale('linear')()
      .domain([lowest, Math.max(0, greatest)])
      .nice(2)
      .domain() as [number, number]
    const most = Math.max(-lowest, greatest)
    const format = most < 1e-3 || most >= 1e5 ? '.1e' : '~g'
    return { scale: { type: 'linear', domain }, ticks: [...new Set([domain[0], 0, domain[1]])], format }
  }
  const top = 10 ** Math.ceil(Math.log10(greatest))
  return { scale: { type: 'symlog', constant: least, domain: [0, top] }, ticks: [0, top], format: '.0e' }
}
