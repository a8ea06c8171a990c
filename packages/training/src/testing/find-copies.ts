/**
 * Algorithm 1 on real networks: λ is `learning.crashVariance`, and ψ the decay of weights, as there is no other way to ask for a smooth
 * function here. There is none to ask for balance, so that a network out of balance ends it. The error is that of the mean loss over
 * the pictures, of which all meet the same crashes.
 */
import { namedStream } from '@hearsay/catalogue/random'
import type { Copies } from '../neurons/copies.ts'
import { type Network, runAfter, runNetwork } from '../neurons/network.ts'
import { networkOf } from '../neurons/network-of.ts'
import { inputOfPixel } from '../pictures/input.ts'
import { TrainingError } from '../task/training-error.ts'
import { type Asked, type Step, type Taught, teachUntil } from './algorithm.ts'
import { type Studied, teach } from './order-networks.ts'

export interface Found {
  readonly steps: readonly Step[]
  readonly copies: Copies
  /** Of the last network: how often its mean loss was off by more than ε, in so many draws. */
  readonly erred: number
  readonly draws: number
}

export function findCopies(study: Studied, settings: { epsilon: number; delta: number; start: Asked }): Found {
  const { data, crash, inputs, draws } = study
  const size = data.shape[0] * data.shape[1]
  const pictures = Array.from({ length: inputs }, (_, at) =>
    Float32Array.from(data.test.images.subarray(at * size, (at + 1) * size), (pixel) => inputOfPixel[pixel]!),
  )
  const labels = data.test.labels
  let network: Network = []
  const { steps, copies } = teachUntil((asked) => {
    if (asked.balance > settings.start.balance)
      throw new TrainingError(
        'bad-argument',
        'rows of the first layer are out of balance, which learning cannot be asked to mend',
      )
    const learnt = teach(study, {
      seed: 1,
      neurons: asked.neurons,
      crashVariance: asked.variance,
      weightDecay: asked.smoothness,
    })
    network = networkOf(learnt.plans, learnt.model)
    return measured(network, pictures, labels, crash)
  }, settings)
  const { uniform } = namedStream('find copies', 'crashes')
  const well = pictures.map((picture) => runNetwork(network, picture)[0]!)
  const lossOf = (works: readonly boolean[]): number =>
    mean(
      well.map((sent, at) =>
        lossAt(
          runAfter(
            network,
            0,
            sent.map((value, unit) => (works[unit] ? value : 0)),
          ),
          labels[at]!,
        ),
      ),
    )
  const units = network[0]!.units
  const due = lossOf(Array<boolean>(units).fill(true))
  let erred = 0
  for (let draw = 0; draw < draws; draw++)
    if (Math.abs(lossOf(Array.from({ length: units }, () => uniform() >= crash)) - due) > settings.epsilon) erred++
  return { steps, copies, erred: erred / draws, draws }
}

function measured(network: Network, pictures: readonly Float32Array[], labels: Uint8Array, p: number): Taught {
  const first = network[0]!
  const moved = new Float64Array(first.units)
  const slopes = new Float64Array(first.units)
  for (const [at, picture] of pictures.entries()) {
    const values = runNetwork(network, picture)
    const slope = slopeOfLoss(network, values, labels[at]!)
    for (let unit = 0; unit < first.units; unit++) {
      moved[unit]! -= (slope[unit]! * values[0]![unit]!) / pictures.length
      slopes[unit]! += slope[unit]! / pictures.length
    }
  }
  const rows = Array.from({ length: first.units }, (_, unit) =>
    first.weights
      .subarray(unit * first.inputs, (unit + 1) * first.inputs)
      .reduce((sum, each) => sum + Math.abs(each), 0),
  )
  return {
    probability: p,
    neurons: first.units,
    balance: Math.min(...rows) / Math.max(...rows),
    mean: Math.abs(p * moved.reduce((sum, each) => sum + each, 0)),
    variance: p * moved.reduce((sum, each) => sum + each * each, 0),
    // By y, of neurons that stand for a continuum: n times the derivative by each.
    slope: first.units * Math.sqrt(mean([...slopes].map((each) => each * each))),
  }
}

/** The gradient of one picture's loss by what the first hidden layer sends. */
function slopeOfLoss(network: Network, values: readonly Float64Array[], label: number): Float64Array {
  const shares = softmax(values.at(-1)!)
  let passed: Float64Array = shares.map((share, at) => share - (at === label ? 1 : 0))
  for (let at = network.length - 1; at > 0; at--) {
    const { inputs, weights, activation } = network[at]!
    const next = new Float64Array(inputs)
    for (const [unit, given] of passed.entries()) {
      const own = activation === 'tanh' ? given * (1 - values[at]![unit]! ** 2) : given
      for (let from = 0; from < inputs; from++) next[from]! += own * weights[unit * inputs + from]!
    }
    passed = next
  }
  return passed
}

function lossAt(logits: Float64Array, label: number): number {
  return -Math.log(Math.max(softmax(logits)[label]!, Number.MIN_VALUE))
}

function softmax(logits: Float64Array): Float64Array {
  const greatest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - greatest))
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / sum)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
