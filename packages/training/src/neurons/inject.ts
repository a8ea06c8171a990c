/** Failures that are made while a network predicts: neurons of one layer, at random and along the gradient. */
import type { RandomStream } from '@hearsay/catalogue/random'
import type { FaultName } from './bounds.ts'
import { type DenseNetwork, gradientOf, runNetwork } from './network.ts'
import { topOf } from './top.ts'

export interface Injection {
  /** From 0, of the hidden layers. */
  readonly layer: number
  /** f */
  readonly failed: number
  readonly fault: FaultName
  /** By how much a failed neuron is off at most: C. */
  readonly off: number
  readonly tries: number
}

export interface Injected {
  readonly tries: number
  /** By how much an output was off, at most. */
  readonly greatest: number
  /** Share of tries in which another output was the greatest than without failures. */
  readonly changed: number
}

/**
 * Tries go through the inputs in turns. Every other one takes the neurons whose failure the gradient of some output says does
 * most, the others any. A crash sends 0; a Byzantine neuron is off by C, to the side that hurts, or to any.
 */
export function inject(
  network: DenseNetwork,
  inputs: readonly ArrayLike<number>[],
  { layer, failed, fault, off, tries }: Injection,
  random: RandomStream,
): Injected {
  let [greatest, changed] = [0, 0]
  for (let of = 0; of < tries; of++) {
    const input = inputs[of % inputs.length]!
    const values = runNetwork(network, input)
    const [sent, outputs] = [values[layer]!, values.at(-1)!]
    const side = random.integer(2) === 0 ? 1 : -1
    const slopes =
      of % 2 === 0
        ? gradientOf(network, values, layer, random.integer(outputs.length)).map((slope) => slope * side)
        : Float64Array.from(sent, () => random.between(-1, 1))
    const offs = slopes.map((slope, unit) => (fault === 'crash' ? -sent[unit]! : slope < 0 ? -off : off))
    // A crash hurts one side only: that with the least of slope · off hurts the other.
    const harm = slopes.map((slope, unit) => slope * offs[unit]!)
    const units = [...harm.keys()].sort((a, b) => harm[b]! - harm[a]!).slice(0, failed)
    const lies = new Map(units.map((unit) => [unit, sent[unit]! + offs[unit]!]))
    const neurons = network.slice(0, -1).map((_, at) => (at === layer ? lies : new Map<number, number>()))
    const after = runNetwork(network, input, { neurons }).at(-1)!
    for (const [at, output] of after.entries()) greatest = Math.max(greatest, Math.abs(output - outputs[at]!))
    if (topOf(after) !== topOf(outputs)) changed++
  }
  return { tries, greatest, changed: changed / tries }
}
