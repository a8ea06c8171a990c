/**
 * Forward error propagation: by how much an output can be off when f_l neurons of hidden layer l send something that is off
 * by at most C_l from what they would send if nothing had failed.
 *
 * Only the sum of a layer's errors matters, as each neuron after it weighs them by at most w. So e_l, the sum over layer l,
 * is f_l·C_l for those that failed, and K·w_l·e_{l−1} for each of the others: e_l = f_l·C_l + (N_l − f_l)·K_l·w_l·e_{l−1},
 * and the output is off by at most w·e_L. Who failed does not add to what reached him: what he sends is within C_l of what
 * is right. (Where a failure is added to what a neuron computes of wrong inputs, N_l stands in place of N_l − f_l.)
 *
 * Source: El Mhamdi and Guerraoui, "When Neurons Fail" (2016), by the code of S. Rouault (StaticNet, robust.cpp); a C for each
 * layer is ours, as a relu's depends on the layer. Equal to C·Σ_l f_l·K^(L−l)·w_(L+1)·Π_(l'>l) (N_l' − f_l')·w_l'.
 */
export interface HiddenLayer {
  /** N. */
  readonly neurons: number
  /** K of their activation. */
  readonly lipschitz: number
  /** w: greatest absolute weight into the layer, biases left out. Of the first it does not matter. */
  readonly weight: number
  /** C: by how much a failed neuron's output is off at most. */
  readonly fault: number
}

/**
 * @param outputWeight greatest absolute weight into the output, times K of its activation
 * @param failed f of each layer, 0 ≤ f ≤ N
 */
export function errorBound(layers: readonly HiddenLayer[], outputWeight: number, failed: readonly number[]): number {
  let error = 0
  for (const [at, { neurons, lipschitz, weight, fault }] of layers.entries()) {
    const f = failed[at] ?? 0
    error = (f === 0 ? 0 : f * fault) + (neurons - f) * lipschitz * weight * error
  }
  return outputWeight * error
}

/**
 * The same of synapses: one into layer l that is off by at most C shifts a sum by at most C, and its neuron by at most K·C.
 * So e_l = K_l·(s_l·C + N_l·w_l·e_{l−1}), and the output is off by at most w·e_L + s_(L+1)·C. The first source says that its
 * argument extends to synapses, the formula is derived here.
 *
 * @param failed s of each hidden layer and, last, of the output
 */
export function synapseBound(
  layers: readonly HiddenLayer[],
  outputWeight: number,
  fault: number,
  failed: readonly number[],
): number {
  let error = 0
  for (const [at, { neurons, lipschitz, weight }] of layers.entries())
    error = lipschitz * ((failed[at] ?? 0) * fault + neurons * weight * error)
  return outputWeight * error + (failed[layers.length] ?? 0) * fault
}
