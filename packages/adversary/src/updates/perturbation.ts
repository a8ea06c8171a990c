import type { OptionDescriptor } from '@hearsay/catalogue'
import { deviationOf, inner, meanOf } from './vectors.ts'

/** The directions in which `min-max` and `min-sum` go. */
export const perturbationOption: OptionDescriptor = {
  kind: 'choice',
  summary: 'where to go, backwards: the mean as a unit vector, the deviations, or the signs of the mean',
  values: ['unit', 'deviation', 'sign'],
  default: 'unit',
}

export interface Perturbation {
  readonly mean: Float64Array
  /** u: what is sent is μ − λ u. */
  readonly direction: Float64Array
  /** ‖u‖². */
  readonly squared: number
  /** For each honest x_i: a_i = ‖μ − x_i‖² and c_i = (μ − x_i)·u, so that ‖μ − λu − x_i‖² = a_i − 2λ c_i + λ²‖u‖². */
  readonly honest: readonly { readonly apart: number; readonly along: number }[]
}

export function perturb(honest: readonly Float32Array[], kind: unknown): Perturbation {
  const mean = meanOf(honest)
  const direction = directionOf(honest, mean, kind)
  const apart = honest.map((vector) => {
    const difference = mean.map((value, i) => value - vector[i]!)
    return { apart: inner(difference, difference), along: inner(difference, direction) }
  })
  return { mean, direction, squared: inner(direction, direction), honest: apart }
}

function directionOf(honest: readonly Float32Array[], mean: Float64Array, kind: unknown): Float64Array {
  if (kind === 'deviation') return deviationOf(honest, mean)
  if (kind === 'sign') return mean.map(Math.sign)
  const norm = Math.sqrt(inner(mean, mean))
  return norm > 0 ? mean.map((value) => value / norm) : mean
}
