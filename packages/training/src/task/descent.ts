import { type RandomStream, shuffle } from '@hearsay/catalogue/random'
import { allFinite } from './finite.ts'
import type { LearningSpec } from './learning.ts'
import type { Trained } from './task.ts'

/** Writes the gradient of the loss of one step by every parameter into `gradient`; gives the loss. */
export type GradientOf = (weights: Float32Array, step: number, gradient: Float32Array) => number

/**
 * Stochastic gradient descent with momentum as Sutskever et al. 2013 write it for deep learning libraries:
 * v ← momentum · v + gradient + weightDecay · w; w ← w − rate · v. The gradient is clipped before weight decay.
 * It stops early when the loss is no longer finite, as after a round that liars ruined: peers go on from there.
 */
export function descend(
  model: Float32Array,
  learning: LearningSpec & { readonly rate: number },
  gradientOf: GradientOf,
): Trained {
  const weights = model.slice()
  const velocity = new Float32Array(model.length)
  const gradient = new Float32Array(model.length)
  let sum = 0
  let steps = 0
  while (steps < learning.localSteps) {
    const loss = gradientOf(weights, steps, gradient)
    if (!Number.isFinite(loss)) break
    const scale = learning.clipNorm === undefined ? 1 : clipScale(gradient, learning.clipNorm)
    moveWeights(weights, velocity, gradient, { ...learning, scale })
    sum += loss
    steps++
  }
  return trainedFrom(weights, model, { sum, steps, due: learning.localSteps })
}

/** What so many steps of those that were due came to, of losses with this sum. The weights become the update. */
export function trainedFrom(
  weights: Float32Array,
  model: Float32Array,
  { sum, steps, due }: { readonly sum: number; readonly steps: number; readonly due: number },
): Trained {
  const update = weights
  for (let index = 0; index < update.length; index++) update[index] = weights[index]! - model[index]!
  const finite = allFinite(update)
  if (!finite) update.fill(0)
  return { update, loss: steps > 0 ? sum / steps : Number.POSITIVE_INFINITY, diverged: !finite || steps < due }
}

/** Factor that brings a gradient's Euclidean norm down to `clipNorm`. */
function clipScale(gradient: Float32Array, clipNorm: number): number {
  let square = 0
  for (let index = 0; index < gradient.length; index++) square += gradient[index]! * gradient[index]!
  return Math.min(1, clipNorm / Math.sqrt(square))
}

function moveWeights(
  weights: Float32Array,
  velocity: Float32Array,
  gradient: Float32Array,
  { momentum, weightDecay, rate, scale }: { momentum: number; weightDecay: number; rate: number; scale: number },
): void {
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!
    const next = momentum * velocity[index]! + scale * gradient[index]! + weightDecay * weight
    velocity[index] = next
    weights[index] = weight - rate * next
  }
}

/** `count` samples of a share: all of it in random order, again and again. */
export function sampleOrder(share: Int32Array, count: number, random: RandomStream): Int32Array {
  const order = new Int32Array(count)
  for (let start = 0; start < count; start += share.length) {
    order.set(shuffle(share.slice(), random.integer).subarray(0, count - start), start)
  }
  return order
}
