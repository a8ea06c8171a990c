/**
 * What a bound on failures is good for besides: how many inputs need not be waited for, how coarse numbers may be, and how many
 * copies of each neuron make one failure bearable.
 *
 * The first source has all three as corollaries; here they are derived from the absolute bound.
 */

import { influencesOf } from './absolute-bound.ts'
import { activations } from './activations.ts'
import { layersWithNeurons, type Network, neuronsOf, startOf } from './network.ts'

/**
 * Boosting: how many of its inputs each neuron after a layer may leave out, as 0, until an output is off by more than `allowed`.
 * Others may miss others, so this is not the bound of as many crashed neurons: unit i misses those of its inputs whose weights are
 * the greatest, and reaches output o by R[o, i]·K·C times their sum.
 *
 * @param layer index of a hidden layer, after which a layer with weights comes
 * @param off C: the greatest that an input is
 */
export function mayMiss(network: Network, layer: number, off: number, allowed: number): number {
  const next = network[layer + 1]!
  const rows = influencesOf(network)[layer + 1]!
  const { lipschitz } = activations[next.activation]
  const sorted = Array.from({ length: next.units }, (_, unit) =>
    next.weights
      .slice(startOf(next, unit), startOf(next, unit + 1))
      .map(Math.abs)
      .sort()
      .reverse(),
  )
  const most = Math.max(...sorted.map(({ length }) => length))
  const sums = new Float64Array(rows.length)
  for (let missed = 0; missed < most; missed++) {
    for (const [output, row] of rows.entries())
      for (const [unit, reach] of row.entries()) sums[output]! += reach * lipschitz * off * (sorted[unit]![missed] ?? 0)
    if (sums.some((sum) => sum > allowed)) return missed
  }
  return most
}

/**
 * By how much each neuron of these layers may round what it sends, all at once, until an output is off by more than `allowed`: a
 * neuron that rounds is off by that from what it computes.
 */
export function precisionOf(network: Network, layers: readonly number[], allowed: number): number {
  const influences = influencesOf(network)
  const outputs = influences.at(-1)!.length
  const sums = Array.from({ length: outputs }, (_, output) =>
    layers.reduce((total, layer) => total + influences[layer]![output]!.reduce((sum, each) => sum + each, 0), 0),
  )
  return allowed / Math.max(...sums)
}

/**
 * Over-provision: how many copies of each neuron of a layer, with weights out of them divided by as many, make one failure do no more
 * than `allowed`. They leave what the network computes, and divide what one failed neuron does by k.
 *
 * @param one what one failed neuron does at most
 */
export function copiesOfNeurons(one: number, allowed: number): number {
  return Math.max(1, Math.ceil(one / allowed - 1e-12))
}

export interface Consequences {
  /** Inputs after which a neuron of the next layer may go on; undefined where pooling follows. */
  readonly after?: number
  /** λ: by how much each neuron of the layer may round. */
  readonly precision: number
  /** k */
  readonly copies: number
}

/** Of each layer with neurons. @param ones of each what one failed neuron does at most; @param off C of a crash */
export function consequencesOf(
  network: Network,
  {
    ones,
    off,
    allowed,
  }: { readonly ones: readonly number[]; readonly off: readonly number[]; readonly allowed: number },
): Consequences[] {
  return layersWithNeurons(network).map((layer, at) => {
    const next = network[layer + 1]!
    // Of a convolution a unit sees few of many places.
    const waits = !next.pools && next.links === undefined && network[layer]!.units === neuronsOf(network[layer]!)
    return {
      ...(waits && { after: network[layer]!.units - mayMiss(network, layer, off[at]!, allowed) }),
      precision: precisionOf(network, [layer], allowed),
      copies: copiesOfNeurons(ones[at]!, allowed),
    }
  })
}
