// A made-up sensor of a machine: 32 readings of three channels, and whether it runs well, idles, rattles or is about to stop.
import { normal, stream } from '@hearsay/training/task'

export const states: readonly string[] = ['idle', 'rattling', 'running', 'stopping']
const steps = 32
const channels = 3

/** Readings of shape [count, 32, 3], two digits after the point, and the place of each state's name. */
export function sensors(set: string, count: number): { readonly readings: Float32Array; readonly labels: Uint8Array } {
  const readings = new Float32Array(count * steps * channels)
  const labels = new Uint8Array(count)
  for (let at = 0; at < count; at++) {
    const random = stream('made-up sensors 1', set, at)
    const state = random.integer(states.length)
    labels[at] = state
    const [phase, pace] = [random.between(0, 32), Math.round(random.between(6, 12))]
    for (let step = 0; step < steps; step++)
      for (let channel = 0; channel < channels; channel++) {
        const value = level(state, step, (step + phase + 2 * channel) % pace, pace) + 0.35 * normal(random)
        readings[(at * steps + step) * channels + channel] = Math.round(100 * value) / 100
      }
  }
  return { readings, labels }
}

/** Of a wave between −1 and 1; what tells the states apart is how it changes in time. */
function level(state: number, step: number, place: number, pace: number): number {
  const wave = 4 * Math.abs(place / pace - 0.5) - 1
  if (state === 0) return 0.2 * wave
  if (state === 1) return wave + (step % 5 === 0 ? 1.5 : 0)
  return state === 2 ? wave : wave * (1.3 - step / steps)
}
