/** Failures that are made while a network predicts: of neurons or of synapses, in one layer or several, at random and along gradients. */
import type { RandomStream } from '@hearsay/catalogue/random'
import { byNeuron } from './absolute-bound.ts'
import type { FaultName } from './bounds.ts'
import {
  type Failures,
  gradientOf,
  type Layer,
  layersWithNeurons,
  layersWithSynapses,
  type Network,
  neuronsOf,
  runNetwork,
  slopeOf,
  startOf,
  unitsOf,
} from './network.ts'
import { topOf } from './top.ts'

export type Injection = {
  readonly fault: FaultName
  /** How many fail at once in each layer that has any; of synapses the last are those into the output. */
  readonly failed: readonly number[]
  readonly tries: number
} & (
  | {
      readonly part: 'neurons'
      /** By how much a failed one is off at most, in each of these layers: C. */
      readonly off: readonly number[]
    }
  | {
      readonly part: 'synapses'
      /** The same, of the absolute weight that it has. */
      readonly off: readonly ((weight: number) => number)[]
    }
)

export interface Injected {
  readonly tries: number
  /** By how much an output was off, at most. */
  readonly greatest: number
  /** Share of tries in which another output was the greatest than without failures. */
  readonly changed: number
}

/**
 * Tries go through the inputs in turns. Every other one takes those whose failure the gradient of some output says does most,
 * the others any. A crash sends 0; anything else is off by C, to the side that hurts, or to any.
 */
export function inject(
  network: Network,
  inputs: readonly ArrayLike<number>[],
  injection: Injection,
  random: RandomStream,
): Injected {
  const { part, failed, tries } = injection
  const places = part === 'neurons' ? layersWithNeurons(network) : layersWithSynapses(network)
  let [greatest, changed] = [0, 0]
  for (let of = 0; of < tries; of++) {
    const input = inputs[of % inputs.length]!
    const values = runNetwork(network, input)
    const outputs = values.at(-1)!
    const output = random.integer(outputs.length)
    const side = random.integer(2) === 0 ? 1 : -1
    const slopesOf = (layer: number): Float64Array =>
      of % 2 === 0
        ? gradientOf(network, values, layer, output).map((slope) => slope * side)
        : Float64Array.from(values[layer]!, () => random.between(-1, 1))
    const neurons = network.slice(0, -1).map(() => new Map<number, number>())
    const synapses: { layer: number; unit: number; by: number }[] = []
    for (const [at, layer] of places.entries()) {
      if (failed[at] === 0) continue
      const about = { layer: network[layer]!, sent: values[layer]!, slopes: slopesOf(layer) }
      if (injection.part === 'neurons') neurons[layer] = liesOf(about, injection, at)
      else {
        const given = layer === 0 ? input : values[layer - 1]!
        for (const shift of shiftsOf({ ...about, given }, injection, at)) synapses.push({ layer, ...shift })
      }
    }
    const after = runNetwork(network, input, { neurons, synapses } satisfies Failures).at(-1)!
    for (const [at, value] of after.entries()) greatest = Math.max(greatest, Math.abs(value - outputs[at]!))
    if (topOf(after) !== topOf(outputs)) changed++
  }
  return { tries, greatest, changed: changed / tries }
}

interface About {
  readonly layer: Layer
  /** What its units send when nothing fails. */
  readonly sent: Float64Array
  /** What an output is said to change by, for what each sends. */
  readonly slopes: Float64Array
}

/** What units of the neurons send whose failure does most. */
function liesOf(
  { layer, sent, slopes }: About,
  { fault, failed, off }: Extract<Injection, { part: 'neurons' }>,
  at: number,
) {
  const offs = slopes.map((slope, unit) => (fault === 'crash' ? -sent[unit]! : slope < 0 ? -off[at]! : off[at]!))
  // A crash hurts one side only: that with the least of slope · off hurts the other.
  const harm = byNeuron(
    layer,
    slopes.map((slope, unit) => slope * offs[unit]!),
  )
  const units = greatestOf(harm, failed[at]!).flatMap((neuron) => unitsOf(layer, neuron))
  return new Map(units.map((unit) => [unit, sent[unit]! + offs[unit]!]))
}

/** By how much sums are off for the synapses whose failure does most. */
function shiftsOf(
  { layer, sent, slopes, given }: About & { readonly given: ArrayLike<number> },
  { fault, failed, off }: Extract<Injection, { part: 'synapses' }>,
  at: number,
) {
  const { weights, links } = layer
  const by = new Float64Array(weights.length)
  const harm = new Float64Array(weights.length)
  const unitOf = new Int32Array(weights.length)
  for (let unit = 0; unit < layer.units; unit++) {
    const slope = slopes[unit]! * slopeOf(layer, sent[unit]!)
    const start = startOf(layer, unit)
    for (let index = start; index < startOf(layer, unit + 1); index++) {
      const input = given[links === undefined ? index - start : links.from[index]!]!
      const most = off[at]!(Math.abs(weights[index]!))
      by[index] = fault === 'crash' ? -weights[index]! * input : slope < 0 ? -most : most
      harm[index] = slope * by[index]!
      unitOf[index] = unit
    }
  }
  return greatestOf(harm, failed[at]!).map((index) => ({ unit: unitOf[index]!, by: by[index]! }))
}

/** Where the greatest so many are, of equal ones the first. */
function greatestOf(values: Float64Array, count: number): number[] {
  if (count === 0) return []
  const sorted = values.toSorted()
  const least = sorted[Math.max(0, sorted.length - count)]!
  const above: number[] = []
  const equal: number[] = []
  for (const [at, value] of values.entries()) {
    if (value > least) above.push(at)
    else if (value === least && equal.length < count) equal.push(at)
  }
  return [...above, ...equal].slice(0, count)
}

/** How many can fail in each layer that has any. */
export function countsOf(network: Network, part: Injection['part']): number[] {
  return part === 'neurons'
    ? layersWithNeurons(network).map((at) => neuronsOf(network[at]!))
    : layersWithSynapses(network).map((at) => network[at]!.weights.length)
}
