import { byDifference } from './by-difference.ts'
import type { Loss } from './loss.ts'

/**
 * With r = output − target: r² / 2 where |r| ≤ delta, delta · (|r| − delta / 2) beyond, the mean over samples and columns
 * (Huber 1964).
 */
export const huber: Loss<'huber'> = {
  name: 'huber',
  summary: 'squared error near the target, absolute error beyond `delta`',
  targets: 'numbers',
  options: {
    delta: { kind: 'number', summary: 'where it turns from one to the other', above: 0, most: 1e6, default: 1 },
  },
  of(outputs, targets, { delta }) {
    const bend = Number(delta)
    return byDifference(
      outputs,
      targets,
      (difference) => {
        const size = Math.abs(difference)
        return size <= bend ? (size * size) / 2 : bend * (size - bend / 2)
      },
      (difference) => Math.max(-bend, Math.min(bend, difference)),
    )
  },
}
