/** Networks that learnt with different dropout, put in order by what bounds say of crashes, and by what crashes do. */
import { namedStream } from '@hearsay/catalogue/random'
import type { Engine } from '../engines/engine.ts'
import { gradientOf, outputsOf } from '../layers/batches.ts'
import type { Faults } from '../layers/faults.ts'
import { initialParameters, type LayerPlan, planLayers } from '../layers/plan.ts'
import { softmaxCrossEntropy } from '../losses/cross-entropy.ts'
import { countRight } from '../measures/accuracy.ts'
import { boundOf } from '../neurons/bounds.ts'
import { gradientMoments, removalMoments } from '../neurons/crash-moments.ts'
import { gradientOf as gradientByOutput, type Network, runAfter, runNetwork } from '../neurons/network.ts'
import { networkOf } from '../neurons/network-of.ts'
import { topOf } from '../neurons/top.ts'
import type { Dataset } from '../pictures/datasets/dataset.ts'
import { pick } from '../pictures/datasets/samples.ts'
import { inputOfPixel } from '../pictures/input.ts'
import { descend, sampleOrder } from '../task/descent.ts'
import { learningSchema } from '../task/learning.ts'
import { absoluteMoments } from './absolute-moments.ts'

export interface Studied {
  readonly engine: Engine
  readonly data: Dataset
  /** Gradient steps of 32 pictures. */
  readonly steps: number
  /** p: each neuron of the first hidden layer crashes by itself. */
  readonly crash: number
  /** Pictures, and sets of crashed neurons for each. */
  readonly inputs: number
  readonly draws: number
}

/** How a network learns. */
export interface Taught {
  readonly seed: number
  /** Share of the first hidden layer's neurons that are left out of a step. */
  readonly dropout?: number
  /** λ of `learning.crashVariance`. */
  readonly crashVariance?: number
  /** Of the first hidden layer; 64 when left out. */
  readonly neurons?: number
  readonly weightDecay?: number
}

/** What is measured of one network; more of `tolerance` is worse, as of all but accuracies. */
export interface Figures {
  /** Of the output that is the greatest without crashes: the variance of its change, drawn. */
  readonly drawn: number
  readonly b4: number
  readonly b3: number
  readonly b2Mean: number
  readonly b2: number
  /** Mean absolute change of that output. */
  readonly crashingMae: number
  readonly crashingAccuracy: number
  readonly accuracy: number
  /** By how much one crashed neuron moves an output at most, by the absolute bound, of tanh. */
  readonly one: number
}

const better: ReadonlySet<keyof Figures> = new Set(['crashingAccuracy', 'accuracy'])

/** Share of pairs of networks that a figure puts in another order than drawn variances do, equal ones counted as wrong. */
export function wrongPairs(networks: readonly Figures[], figure: keyof Figures): number {
  let [wrong, pairs] = [0, 0]
  for (const [at, one] of networks.entries())
    for (const other of networks.slice(at + 1)) {
      const sign = better.has(figure) ? -1 : 1
      pairs++
      if (sign * (one[figure] - other[figure]) * (one.drawn - other.drawn) <= 0) wrong++
    }
  return wrong / pairs
}

/** Teaches a network 784-64-32-10 of tanh, and measures it. */
export function studied(study: Studied, taught: Taught): Figures {
  const { engine, data } = study
  const { plans, model } = teach(study, taught)
  const { images, labels } = data.test
  const inputs = Float32Array.from(images, (pixel) => inputOfPixel[pixel]!)
  const outputs = outputsOf(engine, plans, model, { inputs, count: labels.length })
  return {
    ...crashesOf(study, networkOf(plans, model), inputs, taught.seed),
    accuracy: countRight(outputs, labels, data.classes) / labels.length,
  }
}

/** A network of tanh with this first hidden layer, one of 32, and the outputs. */
export function teach(
  { engine, data, steps }: Pick<Studied, 'engine' | 'data' | 'steps'>,
  { seed, neurons = 64, dropout = 0, crashVariance, weightDecay = 0 }: Taught,
): { readonly plans: LayerPlan[]; readonly model: Float32Array } {
  const dense = { kind: 'dense', activation: 'tanh' } as const
  const plans = planLayers({
    name: 'studied',
    inputShape: [data.shape[0] * data.shape[1]],
    layers: [
      { ...dense, units: neurons },
      { ...dense, units: 32 },
      { ...dense, units: data.classes, activation: 'none' },
    ],
  })
  const model = initialParameters(plans, seed)
  const order = sampleOrder(
    Int32Array.from(data.train.labels.keys()),
    steps * 32,
    namedStream('order networks', 'batches', seed),
  )
  const dropped = namedStream('order networks', 'dropout', seed)
  const signs = namedStream('order networks', 'signs', seed)
  const learning = { ...learningSchema.parse({ localSteps: steps, learningRate: 0.02, weightDecay }), rate: 0.02 }
  const { update } = descend(model, learning, (weights, step, gradient) => {
    const { images, labels } = pick(data.train, order.subarray(step * 32, (step + 1) * 32))
    // Those that are left out are so for all pictures of a step, and the rest sends more.
    const works = Float32Array.from({ length: neurons }, () => (dropped.uniform() < dropout ? 0 : 1 / (1 - dropout)))
    const faults: Faults = [{ layer: 0, failed: 0, neurons: { works, sends: new Float32Array(neurons) } }]
    const crashes = crashVariance === undefined ? undefined : { weight: crashVariance, random: signs }
    const batch = { inputs: Float32Array.from(images, (pixel) => inputOfPixel[pixel]!), count: 32 }
    return gradientOf(engine, plans, { weights, gradient, faults, crashes }, batch, (logits) =>
      softmaxCrossEntropy(logits, labels),
    )
  })
  return { plans, model: model.map((value, at) => value + update[at]!) }
}

function crashesOf(
  { data, crash: p, inputs: count, draws }: Studied,
  network: Network,
  inputs: Float32Array,
  seed: number,
): Omit<Figures, 'accuracy'> {
  const { uniform } = namedStream('order networks', 'crashes', seed)
  const size = network[0]!.inputs
  const sums = { drawn: 0, b4: 0, b3: 0, b2Mean: 0, b2: 0, crashingMae: 0, crashingAccuracy: 0 }
  for (let at = 0; at < count; at++) {
    const values = runNetwork(network, inputs.subarray(at * size, (at + 1) * size))
    const [sent, outputs] = [values[0]!, values.at(-1)!]
    const top = topOf(outputs)
    let [sum, squares] = [0, 0]
    for (let draw = 0; draw < draws; draw++) {
      const after = runAfter(
        network,
        0,
        sent.map((value) => (uniform() < p ? 0 : value)),
      )
      const moved = after[top]! - outputs[top]!
      sum += moved
      squares += moved * moved
      sums.crashingMae += Math.abs(moved) / draws
      if (topOf(after) === data.test.labels[at]) sums.crashingAccuracy += 1 / draws
    }
    sums.drawn += squares / draws - (sum / draws) ** 2
    sums.b4 += removalMoments((values) => runAfter(network, 0, values)[top]!, sent, p).variance
    sums.b3 += gradientMoments(gradientByOutput(network, values, 0, top), sent, p).variance
    const absolute = absoluteMoments(network, 0, sent, top, p)
    sums.b2Mean += absolute.mean
    sums.b2 += absolute.variance
  }
  const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count])) as typeof sums
  return { ...means, one: Math.max(...boundOf('absolute', network, [1, 1])([1, 0])) }
}
