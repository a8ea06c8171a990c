/** Failures of neurons and synapses, tried at random and along gradients on random networks, and held against their bounds. */
import { namedStream, type RandomStream } from '@hearsay/catalogue/random'
import { type ActivationName, activations } from '../neurons/activations.ts'
import { boundOf, sizesOf } from '../neurons/bounds.ts'
import { synapseBound } from '../neurons/error-bound.ts'
import { type DenseNetwork, type Failures, gradientOf, runNetwork } from '../neurons/network.ts'

export interface Tried {
  readonly tries: number
  /** Of each bound, and of how failures are found: error over bound, at most. */
  readonly greatest: Readonly<Record<string, number>>
  /** Tries whose error is above a bound, beyond rounding. */
  readonly exceeded: number
}

/** Rounding of float64 sums. */
const slack = 1e-9

/** Weights in [−1, 1] over √inputs or, of every third network, up to a scale of its own; `layers` counts the output. */
export function randomNetwork(random: RandomStream, layers: number): DenseNetwork {
  const sizes = Array.from({ length: layers + 1 }, () => 1 + random.integer(8))
  const name = (['sigmoid', 'tanh', 'relu'] as const)[random.integer(3)]!
  const scale = random.integer(3) === 0 ? random.between(0.1, 3) : 1
  return Array.from({ length: layers }, (_, at) => {
    const [inputs, units] = [sizes[at]!, sizes[at + 1]!]
    const draw = (): number => (scale * random.between(-1, 1)) / Math.sqrt(inputs)
    const activation: ActivationName = at === layers - 1 ? 'none' : name
    return {
      inputs,
      units,
      weights: Float64Array.from({ length: inputs * units }, draw),
      bias: Float64Array.from({ length: units }, draw),
      activation,
      ...(activation === 'relu' && { cap: 1 }),
    }
  })
}

/** Tries that many, each with one network, one input and one set of failures; a network and its input serve several. */
export function tryFailures(tries: number, seed: number | string): Tried {
  const random = namedStream('failures', seed)
  const greatest: Record<string, number> = {}
  let [done, exceeded] = [0, 0]
  const hold = (name: string, errors: ArrayLike<number>, bound: ArrayLike<number>): void => {
    for (let at = 0; at < errors.length; at++) {
      const [error, most] = [errors[at]!, bound[at]!]
      if (!(error <= most * (1 + slack) + 1e-12)) exceeded++
      if (most > 0) greatest[name] = Math.max(greatest[name] ?? 0, error / most)
    }
  }
  while (done < tries) {
    const network = randomNetwork(random, 2 + random.integer(4))
    const input = Float64Array.from({ length: network[0]!.inputs }, () => random.between(-1, 1))
    const trial = new Trial(network, input, random)
    for (let of = 0; of < 20 && done < tries; of++, done++) {
      const how = (['random', 'directed', 'crash', 'synapses'] as const)[of % 4]!
      const { errors, bounds } = how === 'synapses' ? trial.synapses() : trial.neurons(how)
      for (const [name, bound] of Object.entries(bounds)) hold(`${name}, ${how}`, errors, bound)
    }
  }
  return { tries: done, greatest, exceeded }
}

interface Outcome {
  readonly errors: Float64Array
  readonly bounds: Readonly<Record<string, ArrayLike<number>>>
}

/** One network and one input. */
class Trial {
  readonly #network: DenseNetwork
  readonly #input: Float64Array
  readonly #random: RandomStream
  readonly #well: readonly Float64Array[]

  constructor(network: DenseNetwork, input: Float64Array, random: RandomStream) {
    this.#network = network
    this.#input = input
    this.#random = random
    this.#well = runNetwork(network, input)
  }

  neurons(how: 'random' | 'directed' | 'crash'): Outcome {
    const random = this.#random
    const hidden = this.#network.slice(0, -1)
    const failed = hidden.map(({ units }) => (random.integer(3) === 0 ? random.integer(units + 1) : random.integer(2)))
    // What is right is within [−1, 1] here; a crash is off by at most 1, and a lie by what we say.
    const faults = hidden.map(() => (how === 'crash' ? 1 : random.between(0.01, 3)))
    const neurons = how === 'directed' ? this.#alongGradient(failed, faults) : this.#atRandom(how, failed, faults)
    return {
      errors: this.#errors({ neurons }),
      bounds: {
        'max-weight': boundOf('max-weight', this.#network, faults)(failed),
        absolute: boundOf('absolute', this.#network, faults)(failed),
      },
    }
  }

  synapses(): Outcome {
    const random = this.#random
    const fault = random.between(0.01, 2)
    const counts = this.#network.map(() => random.integer(3))
    const output = this.#well.at(-1)!.length
    const target = random.integer(output)
    const directed = random.integer(2) === 0
    const synapses = counts.flatMap((count, layer) => {
      const slopes = this.#slopes(layer, target)
      const order = descending(slopes.map(Math.abs))
      return Array.from({ length: count }, () => {
        const unit = directed ? order[0]! : random.integer(slopes.length)
        return { layer, unit, by: directed ? sign(slopes[unit]!) * fault : fault * random.between(-1, 1) }
      })
    })
    const { layers, outputWeight } = sizesOf(this.#network, [])
    const bound = synapseBound(layers, outputWeight, fault, counts)
    return { errors: this.#errors({ synapses }), bounds: { synapses: new Float64Array(output).fill(bound) } }
  }

  /** The gradient of an output by the sums of a layer. */
  #slopes(layer: number, output: number): number[] {
    const gradient = gradientOf(this.#network, this.#well, layer, output)
    const { activation } = this.#network[layer]!
    return Array.from(gradient, (each, unit) => each * activations[activation].slope(this.#well[layer]![unit]!))
  }

  #atRandom(how: 'random' | 'crash', failed: readonly number[], faults: readonly number[]): Map<number, number>[] {
    const random = this.#random
    return failed.map((count, layer) => {
      const well = this.#well[layer]!
      const order = descending(Array.from(well, () => random.uniform()))
      const lie = (unit: number): number => well[unit]! + faults[layer]! * random.between(-1, 1)
      return new Map(order.slice(0, count).map((unit) => [unit, how === 'crash' ? 0 : lie(unit)]))
    })
  }

  /**
   * Those whose gradient is the greatest lie as much as they may, all to the same side; then each of them turns to the other
   * side when that does more, with the others as they are.
   */
  #alongGradient(failed: readonly number[], faults: readonly number[]): Map<number, number>[] {
    const target = this.#random.integer(this.#well.at(-1)!.length)
    const side = this.#random.integer(2) === 0 ? 1 : -1
    const lies = failed.map((count, layer) => {
      const gradient = gradientOf(this.#network, this.#well, layer, target)
      const units = descending(Array.from(gradient, Math.abs)).slice(0, count)
      const lie = (unit: number): number => this.#well[layer]![unit]! + side * sign(gradient[unit]!) * faults[layer]!
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

  #errors(failures: Failures): Float64Array {
    const outputs = runNetwork(this.#network, this.#input, failures).at(-1)!
    return outputs.map((output, at) => Math.abs(output - this.#well.at(-1)![at]!))
  }
}

const sign = (value: number): number => (value < 0 ? -1 : 1)

function descending(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => values[b]! - values[a]!)
}
