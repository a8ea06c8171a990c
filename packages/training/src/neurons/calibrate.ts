import { activations } from './activations.ts'
import { type Network, runNetwork } from './network.ts'

/**
 * The network with a cap at each hidden layer whose activation has no greatest value: the greatest absolute value that it sends
 * on calibration data, to which it has to be cut at run time. On these data nothing is cut.
 */
export function calibrated(network: Network, inputs: readonly ArrayLike<number>[]): Network {
  const greatest = network.map(() => 0)
  for (const input of inputs)
    for (const [at, values] of runNetwork(network, input).entries())
      for (const value of values) greatest[at] = Math.max(greatest[at]!, Math.abs(value))
  return network.map((layer, at) =>
    at === network.length - 1 || layer.pools || Number.isFinite(activations[layer.activation].greatest)
      ? layer
      : { ...layer, cap: greatest[at]! },
  )
}
