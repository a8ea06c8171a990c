/**
 * b1 and b2 of the 2019 source, by weights alone: looser than b3 and b4, and useful to order networks by at best. Of the rest of a
 * network after one layer, of which activations are 1-Lipschitz; convolutions are not taken.
 */

import type { Moments } from '../neurons/crash-moments.ts'
import type { Layer, Network } from '../neurons/network.ts'
import { TrainingError } from '../task/training-error.ts'

/** b2: p·|W_L|·…·|W_2|·y, and p·(W_L∘W_L)·…·(W_2∘W_2)·(y∘y), of one output. */
export function absoluteMoments(
  network: Network,
  layer: number,
  sent: ArrayLike<number>,
  output: number,
  p: number,
): Moments {
  const after = network.slice(layer + 1)
  const through = (values: Float64Array, of: (weight: number) => number): number =>
    after.reduce((given, each) => times(each, given, of), values)[output]!
  return {
    mean: p * through(Float64Array.from(sent, Math.abs), Math.abs),
    variance:
      p *
      through(
        Float64Array.from(sent, (value) => value * value),
        (weight) => weight * weight,
      ),
  }
}

/** b1: p·Π‖W_l‖·‖y‖, by the norm of order 1 or ∞, which is at least the mean of the change of the greatest output. */
export function normBound(network: Network, layer: number, sent: ArrayLike<number>, order: 1 | 'infinity', p: number) {
  const values = Float64Array.from(sent, Math.abs)
  const norm = order === 1 ? values.reduce((sum, each) => sum + each, 0) : Math.max(...values)
  return network.slice(layer + 1).reduce((product, each) => product * normOf(each, order), p * norm)
}

function normOf(layer: Layer, order: 1 | 'infinity'): number {
  const ones = new Float64Array(order === 1 ? layer.units : layer.inputs).fill(1)
  if (order === 'infinity') return Math.max(...times(layer, ones, Math.abs))
  const columns = new Float64Array(layer.inputs)
  for (const [at, weight] of layer.weights.entries()) columns[at % layer.inputs]! += Math.abs(weight)
  return Math.max(...columns)
}

function times(layer: Layer, given: Float64Array, of: (weight: number) => number): Float64Array {
  const { inputs, units, weights, links } = layer
  if (links !== undefined)
    throw new TrainingError('bad-argument', 'b1 and b2 are of dense layers; a convolution has b3 and b4')
  return Float64Array.from({ length: units }, (_, unit) => {
    let sum = 0
    for (let from = 0; from < inputs; from++) sum += of(weights[unit * inputs + from]!) * given[from]!
    return sum
  })
}
