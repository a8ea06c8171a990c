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
  const gradient = new Float32Array(model.length)
  if (learning.localSteps === 1) return oneStep(model, learning, gradientOf, gradient)
  const weights = model.slice()
  const velocity = new Float32Array(model.length)
  let sum = 0
  let steps = 0
  while (steps < learning.localSteps) {
    const loss = gradientOf(weights, steps, gradient)
    if (!Number.isFinite(loss)) break
    moveWeights(weights, velocity, gradient, { ...learning, scale: scaleOf(gradient, learning) })
    sum += loss
    steps++
  }
  return trainedFrom(weights, model, { sum, steps, due: learning.localSteps })
}

/** As many steps, of which there is one: the same bits, with each number looked at once. */
function oneStep(
  model: Float32Array,
  learning: LearningSpec & { readonly rate: number },
  gradientOf: GradientOf,
  gradient: Float32Array,
): Trained {
  const loss = gradientOf(model, 0, gradient)
  if (!Number.isFinite(loss)) return trainedFrom(model.slice(), model, { sum: 0, steps: 0, due: 1 })
  const { rate, weightDecay } = learning
  const scale = scaleOf(gradient, learning)
  const update = new Float32Array(model.length)
  for (let index = 0; index < update.length; index++) {
    const weight = model[index]!
    // From 0, which velocity is at first: so −0 is never moved by.
    const next = 0 + scale * gradient[index]! + weightDecay * weight
    update[index] = Math.fround(weight - rate * next) - weight
  }
  const finite = allFinite(update)
  if (!finite) update.fill(0)
  return { update, loss, diverged: !finite }
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

/** Factor that brings a gradient's Euclidean norm down to `clipNorm`, where there is one. */
function scaleOf(gradient: Float32Array, { clipNorm }: LearningSpec): number {
  if (clipNorm === undefined) return 1
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
