// A made-up sensor of a machine: twelve readings of two channels, and whether it runs well, idles, rattles or is about to stop.
import { normal, stream } from '@hearsay/training/task'

export const states: readonly string[] = ['idle', 'rattling', 'running', 'stopping']
export const steps = 12
export const channels = 2

/** Readings of shape [count, 12, 2], two digits after the point, and the place of each state's name. */
export function sensors(
  set: string,
  count: number,
): { readonly readings: Float32Array<ArrayBuffer>; readonly labels: Uint8Array<ArrayBuffer> } {
  const readings = new Float32Array(count * steps * channels)
  const labels = new Uint8Array(count)
  for (let at = 0; at < count; at++) {
    const random = stream('made-up sensors 1', set, at)
    const state = random.integer(states.length)
    labels[at] = state
    const begin = random.integer(6)
    for (let step = 0; step < steps; step++)
      for (let channel = 0; channel < channels; channel++) {
        const value = level(state, step, begin + step + 3 * channel) + 0.3 * normal(random)
        readings[(at * steps + step) * channels + channel] = Math.round(100 * value) / 100
      }
  }
  return { readings, labels }
}

/** What tells the states apart is how readings change in time: slowly, at every step, hardly, and less and less. */
function level(state: number, step: number, time: number): number {
  const wave = 1.5 * (4 * Math.abs((time % 6) / 6 - 0.5) - 1)
  if (state === 0) return 0.2 * wave
  if (state === 1) return time % 2 === 0 ? 1.2 : -1.2
  return state === 2 ? wave : wave * (1.4 - (1.4 * step) / steps)
}
