/**
 * The bound with each weight's own absolute value, in place of the greatest of its layer.
 *
 * Let a_l be the errors of layer l, one by one: C_l at a neuron that failed, at most K_l·|W_l|·a_(l−1) at each other, as slopes
 * are at most K and signs at worst add up. So a_l ≤ C_l·1_(F_l) + K_l·|W_l|·a_(l−1), which is linear: an error of 1 at neuron j
 * of layer l reaches output o as at most R_l[o, j], where R_L = K·|W_(L+1)| and R_(l−1) = R_l·K_l·|W_l|, and output o is off by
 * at most the sum, over layers, of the f_l greatest C_l·R_l[o, j]. That is the worst choice of neurons when one layer fails;
 * when several do it is no less than the worst, as what a failed neuron keeps from those after it is not taken off.
 *
 * Derived for this program; the sources print the bound with the greatest weight only.
 */
import { activations } from './activations.ts'
import type { DenseNetwork } from './network.ts'

/** R of each hidden layer: of each output, how far an error of 1 of each of its neurons reaches [outputs][neurons]. */
export function influencesOf(network: DenseNetwork): Float64Array[][] {
  const hidden = network.length - 1
  const influences: Float64Array[][] = []
  let after = Array.from({ length: network[hidden]!.units }, (_, output) =>
    Float64Array.from({ length: network[hidden]!.units }, (_, at) => (at === output ? 1 : 0)),
  )
  for (let layer = hidden; layer > 0; layer--) {
    const { inputs, units, weights, activation } = network[layer]!
    after = after.map((row) => {
      const before = new Float64Array(inputs)
      for (let unit = 0; unit < units; unit++) {
        const own = row[unit]! * activations[activation].lipschitz
        if (own !== 0)
          for (let from = 0; from < inputs; from++) before[from]! += own * Math.abs(weights[unit * inputs + from]!)
      }
      return before
    })
    influences[layer - 1] = after
  }
  return influences
}

/**
 * Of each output by how much it can be off.
 *
 * @param influences as `influencesOf` gives them, rows in descending order
 * @param faults C of each hidden layer
 * @param failed f of each hidden layer
 */
export function absoluteBound(
  influences: readonly (readonly Float64Array[])[],
  faults: readonly number[],
  failed: readonly number[],
): Float64Array {
  const bound = new Float64Array(influences[0]!.length)
  for (const [layer, rows] of influences.entries())
    for (const [output, row] of rows.entries()) {
      let sum = 0
      for (let at = 0; at < failed[layer]!; at++) sum += row[at]!
      if (sum > 0) bound[output]! += faults[layer]! * sum
    }
  return bound
}
