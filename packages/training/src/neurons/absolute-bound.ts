/**
 * The bound with each weight's own absolute value, in place of the greatest of its layer.
 *
 * Let a_l be the errors of layer l, one by one: C_l at a unit that failed, at most K_l·|W_l|·a_(l−1) at each other, as slopes
 * are at most K and signs at worst add up. So a_l ≤ C_l·1_(F_l) + K_l·|W_l|·a_(l−1), which is linear: an error of 1 at unit j
 * of layer l reaches output o as at most R_l[o, j], where R_L = K·|W_(L+1)| and R_(l−1) = R_l·K_l·|W_l|, and output o is off by
 * at most the sum, over layers, of the f_l greatest C_l·R_l[o, j]. That is the worst choice of neurons when one layer fails;
 * when several do it is no less than the worst, as what a failed neuron keeps from those after it is not taken off.
 *
 * A neuron of a convolution is a channel, and reaches as far as its units together. Pooling passes an error on as if it were a
 * sum of weights 1: the greatest of several numbers changes by no more than the greatest change, and that is at most their sum.
 *
 * A synapse into unit i of layer l that is off by c shifts what i sends by at most K_l·c, so that it reaches output o as at most
 * R_l[o, i]·K_l·c; of those that fail the s_l greatest add up.
 *
 * Derived for this program; the sources print the bound with the greatest weight only.
 */
import { activations } from './activations.ts'
import { type Layer, type Network, neuronsOf, startOf } from './network.ts'

/** R of each layer, the output last: of each output, how far an error of 1 of each of its units reaches [outputs][units]. */
export function influencesOf(network: Network): Float64Array[][] {
  const influences: Float64Array[][] = []
  const outputs = network.at(-1)!.units
  let after: Float64Array[] = Array.from({ length: outputs }, (_, output) =>
    Float64Array.from({ length: outputs }, (_, at) => (at === output ? 1 : 0)),
  )
  for (let layer = network.length - 1; layer >= 0; layer--) {
    influences[layer] = after
    if (layer > 0) after = after.map((row) => passedBy(network[layer]!, row))
  }
  return influences
}

function passedBy(layer: Layer, row: Float64Array): Float64Array {
  const { inputs, units, weights, links } = layer
  const before = new Float64Array(inputs)
  for (let unit = 0; unit < units; unit++) {
    const own = row[unit]! * activations[layer.activation].lipschitz
    if (own === 0) continue
    const [start, end] = [startOf(layer, unit), startOf(layer, unit + 1)]
    for (let at = start; at < end; at++)
      before[links === undefined ? at - start : links.from[at]!]! += own * Math.abs(weights[at]!)
  }
  return before
}

/** The same of each neuron: its units together. */
export function byNeuron(layer: Layer, row: Float64Array): Float64Array {
  const neurons = neuronsOf(layer)
  if (neurons === layer.units) return row
  const sums = new Float64Array(neurons)
  for (let unit = 0; unit < layer.units; unit++) sums[unit % neurons]! += row[unit]!
  return sums
}

/**
 * How far each synapse into a layer reaches one output, in the order of weights, when it is off by `off` of its weight's number.
 *
 * @param row R of the output, one number for each unit
 */
export function bySynapse(layer: Layer, row: Float64Array, off: (at: number) => number): Float64Array {
  const reached = new Float64Array(layer.weights.length)
  const { lipschitz } = activations[layer.activation]
  for (let unit = 0; unit < layer.units; unit++)
    for (let at = startOf(layer, unit); at < startOf(layer, unit + 1); at++)
      reached[at] = row[unit]! * lipschitz * off(at)
  return reached
}

/**
 * What the worst of them come to: at each place the sum of as many as that, the greatest first.
 *
 * @returns of length n + 1
 */
export function worstSums(reached: Float64Array): Float64Array {
  const sums = new Float64Array(reached.length + 1)
  const sorted = reached.toSorted()
  for (let count = 1; count <= sorted.length; count++) sums[count] = sums[count - 1]! + sorted[sorted.length - count]!
  return sums
}
