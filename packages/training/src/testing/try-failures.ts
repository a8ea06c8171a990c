/** Failures of neurons and synapses, tried at random and along gradients on random networks, and held against their bounds. */
import { namedStream, type RandomStream } from '@hearsay/catalogue/random'
import { boundNames, boundOf, synapseBoundOf } from '../neurons/bounds.ts'
import {
  type Failures,
  gradientOf,
  layersWithNeurons,
  layersWithSynapses,
  type Network,
  neuronsOf,
  runNetwork,
  slopeOf,
  startOf,
  unitsOf,
} from '../neurons/network.ts'
import { randomConvolutions, randomNetwork } from './random-networks.ts'

export interface Tried {
  readonly tries: number
  /** Of each kind of network, bound, and way failures are found: error over bound, at most. */
  readonly greatest: Readonly<Record<string, number>>
  /** Tries whose error is above a bound, beyond rounding. */
  readonly exceeded: number
  /** The first of them. */
  readonly beyond: readonly Beyond[]
}

/** Which try: of the same seed and network it is the same alone. */
interface Beyond {
  readonly network: number
  /** Of its tries, from 0. */
  readonly of: number
  readonly what: string
  readonly output: number
  readonly error: number
  readonly bound: number
}

/** Rounding of float64 sums. */
const slack = 1e-9
/** A network and its input serve so many tries. */
const perNetwork = 25
const mostBeyond = 20
const ways = ['random', 'directed', 'crash', 'synapses', 'both'] as const
type Way = (typeof ways)[number]

/** Tries that many, each with one network, one input and one set of failures. */
export function tryFailures(tries: number, seed: number | string): Tried {
  const networks = Array.from({ length: Math.ceil(tries / perNetwork) }, (_, network) => network)
  return tryNetworks(networks, seed, tries)
}

/** One of these networks again, which depends on no other. */
export function tryNetwork(network: number, seed: number | string): Tried {
  return tryNetworks([network], seed, perNetwork)
}

function tryNetworks(networks: readonly number[], seed: number | string, tries: number): Tried {
  const greatest: Record<string, number> = {}
  const beyond: Beyond[] = []
  let [done, exceeded] = [0, 0]
  for (const at of networks) {
    const random = namedStream('failures', seed, at)
    const kind = at % 4 === 3 ? 'convolutions' : 'dense'
    const network = kind === 'dense' ? randomNetwork(random, 2 + random.integer(4)) : randomConvolutions(random)
    const input = Float64Array.from({ length: network[0]!.inputs }, () => random.between(-1, 1))
    const trial = new Trial(network, input, random)
    for (let of = 0; of < perNetwork && done < tries; of++, done++) {
      const way = ways[of % ways.length]!
      const { errors, bounds } = trial.of(way)
      for (const [name, bound] of Object.entries(bounds)) {
        const what = `${kind}, ${name}, ${way}`
        for (const [output, error] of errors.entries()) {
          const most = bound[output]!
          if (most > 0) greatest[what] = Math.max(greatest[what] ?? 0, error / most)
          if (error <= most * (1 + slack) + 1e-12) continue
          exceeded++
          if (beyond.length < mostBeyond) beyond.push({ network: at, of, what, output, error, bound: most })
        }
      }
    }
  }
  return { tries: done, greatest, exceeded, beyond }
}

interface Outcome {
  readonly errors: Float64Array
  readonly bounds: Readonly<Record<string, ArrayLike<number>>>
}

type Part = Failures & { readonly bounds: Outcome['bounds'] }

/** One network and one input. */
class Trial {
  readonly #network: Network
  readonly #input: Float64Array
  readonly #random: RandomStream
  readonly #well: readonly Float64Array[]
  /** Indices of hidden layers with neurons. */
  readonly #places: readonly number[]

  constructor(network: Network, input: Float64Array, random: RandomStream) {
    this.#network = network
    this.#input = input
    this.#random = random
    this.#well = runNetwork(network, input)
    this.#places = layersWithNeurons(network)
  }

  /** Bounds add up, as nothing that is passed on is taken off. */
  of(way: Way): Outcome {
    const parts = [
      ...(way === 'synapses' ? [] : [this.#neurons(way === 'both' ? 'random' : way)]),
      ...(way === 'synapses' || way === 'both' ? [this.#synapses()] : []),
    ]
    const errors = this.#errors(Object.assign({}, ...parts) as Failures)
    const sum = (name: string) =>
      errors.map((_, at) => parts.reduce((total, { bounds }) => total + bounds[name]![at]!, 0))
    return { errors, bounds: Object.fromEntries(boundNames.map((name) => [name, sum(name)])) }
  }

  #neurons(how: 'random' | 'directed' | 'crash'): Part {
    const random = this.#random
    const failed = this.#places.map((at) => {
      const count = neuronsOf(this.#network[at]!)
      return random.integer(3) === 0 ? random.integer(count + 1) : random.integer(2)
    })
    // What is right is within [−1, 1] here; a crash is off by at most 1, and a lie by what we say.
    const faults = failed.map(() => (how === 'crash' ? 1 : random.between(0.01, 3)))
    const neurons = how === 'directed' ? this.#alongGradient(failed, faults) : this.#atRandom(how, failed, faults)
    const bound = (name: (typeof boundNames)[number]) => boundOf(name, this.#network, faults)(failed)
    return { neurons, bounds: Object.fromEntries(boundNames.map((name) => [name, bound(name)])) }
  }

  #synapses(): Part {
    const random = this.#random
    const fault = random.between(0.01, 2)
    const places = layersWithSynapses(this.#network)
    const counts = places.map((at) => Math.min(random.integer(3), this.#network[at]!.weights.length))
    const target = random.integer(this.#well.at(-1)!.length)
    const directed = random.integer(2) === 0
    const synapses = places.flatMap((layer, at) => {
      const slopes = this.#slopes(layer, target)
      const order = descending(slopes.map((slope) => (directed ? Math.abs(slope) : random.uniform())))
      // Into a unit no more fail than there are: at the edge of a picture it has few.
      const about = this.#network[layer]!
      const room = order.flatMap((unit) =>
        Array<number>(Math.min(counts[at]!, startOf(about, unit + 1) - startOf(about, unit))).fill(unit),
      )
      return room.slice(0, counts[at]!).map((unit) => ({
        layer,
        unit,
        by: directed ? sign(slopes[unit]!) * fault : fault * random.between(-1, 1),
      }))
    })
    const bound = (name: (typeof boundNames)[number]) =>
      synapseBoundOf(
        name,
        this.#network,
        places.map(() => () => fault),
      )(counts)
    return { synapses, bounds: Object.fromEntries(boundNames.map((name) => [name, bound(name)])) }
  }

  /** The gradient of an output by the sums of a layer. */
  #slopes(layer: number, output: number): number[] {
    const gradient = gradientOf(this.#network, this.#well, layer, output)
    return Array.from(gradient, (each, unit) => each * slopeOf(this.#network[layer]!, this.#well[layer]![unit]!))
  }

  #atRandom(how: 'random' | 'crash', failed: readonly number[], faults: readonly number[]): Map<number, number>[] {
    const random = this.#random
    return this.#each((layer, at) => {
      const well = this.#well[layer]!
      const order = descending(Array.from({ length: neuronsOf(this.#network[layer]!) }, () => random.uniform()))
      const lie = (unit: number): number => well[unit]! + faults[at]! * random.between(-1, 1)
      const units = order.slice(0, failed[at]!).flatMap((neuron) => unitsOf(this.#network[layer]!, neuron))
      return new Map(units.map((unit) => [unit, how === 'crash' ? 0 : lie(unit)]))
    })
  }

  /**
   * Those whose gradient is the greatest lie as much as they may, all to the same side; then each of them turns to the other
   * side when that does more, with the others as they are.
   */
  #alongGradient(failed: readonly number[], faults: readonly number[]): Map<number, number>[] {
    const target = this.#random.integer(this.#well.at(-1)!.length)
    const side = this.#random.integer(2) === 0 ? 1 : -1
    const lies = this.#each((layer, at) => {
      const gradient = gradientOf(this.#network, this.#well, layer, target)
      const about = this.#network[layer]!
      const reach = Array.from({ length: neuronsOf(about) }, (_, neuron) =>
        unitsOf(about, neuron).reduce((sum, unit) => sum + Math.abs(gradient[unit]!), 0),
      )
      const units = descending(reach)
        .slice(0, failed[at]!)
        .flatMap((neuron) => unitsOf(about, neuron))
      const lie = (unit: number): number => this.#well[layer]![unit]! + side * sign(gradient[unit]!) * faults[at]!
      return new Map(units.map((unit) => [unit, lie(unit)]))
    })
    let best = this.#errors({ neurons: lies })[target]!
    for (const [layer, sent] of lies.entries())
      for (const [unit, value] of sent) {
        sent.set(unit, 2 * this.#well[layer]![unit]! - value)
        const error = this.#errors({ neurons: lies })[target]!
        if (error > best) best = error
        else sent.set(unit, value)
      }
    return lies
  }

  /** Of every hidden layer what its units send that failed. */
  #each(of: (layer: number, at: number) => Map<number, number>): Map<number, number>[] {
    const lies = this.#network.slice(0, -1).map(() => new Map<number, number>())
    for (const [at, layer] of this.#places.entries()) lies[layer] = of(layer, at)
    return lies
  }

  #errors(failures: Failures): Float64Array {
    const outputs = runNetwork(this.#network, this.#input, failures).at(-1)!
    return outputs.map((output, at) => Math.abs(output - this.#well.at(-1)![at]!))
  }
}

const sign = (value: number): number => (value < 0 ? -1 : 1)

function descending(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => values[b]! - values[a]!)
}
