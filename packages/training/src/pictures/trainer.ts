import type { Engine } from '../engines/engine.ts'
import { type Batch, evaluationBatch, gradientOf as gradientOfBatch, outputsOf } from '../layers/batches.ts'
import { type Crashes, crashesOf } from '../layers/crash-variance.ts'
import { type Faults, faultsIn } from '../layers/faults.ts'
import { type LayerPlan, sizeOf } from '../layers/plan.ts'
import { createTogether } from '../layers/together.ts'
import { softmaxCrossEntropy } from '../losses/cross-entropy.ts'
import { countRight } from '../measures/accuracy.ts'
import { type Watched, worstOverBound } from '../neurons/over-bound.ts'
import { descend, sampleOrder } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { PoisonSpec, Trained, Trainer, TrainerOptions, TrainingCall } from '../task/task.ts'
import type { Dataset, Samples } from './datasets/dataset.ts'
import { pick, slice } from './datasets/samples.ts'
import { inputOfPixel } from './input.ts'
import { planModel } from './models.ts'
import type { PicturesPoison } from './poisons/poison.ts'
import { poisons } from './poisons.ts'
import type { PicturesSpec } from './schema.ts'

/**
 * Local training on pictures. A call depends on nothing but its arguments: batches come from a stream named after peer and
 * round, and momentum starts from zero in every round, because a round starts from an aggregate that the last round's steps
 * did not lead to. So the order of calls, the number of processes and rounds that a peer missed do not change a bit.
 */
export interface PicturesTrainer extends Trainer {
  train(peer: number, round: number, model: Float32Array, poison?: PoisonSpec): Trained
  /**
   * Accuracy and mean loss on the test set; the loss is Infinity when the model's outputs are not finite. `backdoor`: how
   * often the best of the backdoors among `poisons` works, see `backdoorSuccess`; null without any. `overBound`: by how much
   * the outputs of hardware that is broken are off, over their bound; null where none is. `recall`: where a class is named, the
   * accuracy on its test samples.
   */
  evaluate(
    model: Float32Array,
    poisons: readonly PoisonSpec[],
  ): { accuracy: number; loss: number; backdoor: number | null; overBound: number | null; recall?: number | null }
}

export function createTrainer({
  engine,
  spec,
  learning,
  data,
  shares,
  seed,
}: TrainerOptions<PicturesSpec, Dataset>): PicturesTrainer {
  const plans = planModel(spec.model)
  const { images, labels } = data.train
  // Streams are named as in version 0.1, which counted rounds from 0: what was published can be made again.
  const orderOf = (peer: number, round: number, localSteps = learning.localSteps): Int32Array =>
    sampleOrder(shares[peer]!, localSteps * learning.batchSize, stream(seed, 'batches', peer, round - 1))
  const together = createTogether({
    ...{ engine, plans, learning },
    samples: { count: labels.length, inputOf: (at) => inputOfPixel[images[at]!]! },
    orderOf: ({ peer, round }) => orderOf(peer, round),
    lossOf: (logits, samples) =>
      softmaxCrossEntropy(
        logits,
        Uint8Array.from(samples, (sample) => labels[sample]!),
      ),
  })
  const faultsOf = (peer: number, poison: PoisonSpec | undefined): Faults | undefined => {
    const { member, options } = poison === undefined ? {} : chosen(poison)
    const broken = member?.broken?.(options!)
    return broken && faultsIn(plans, broken, stream(seed, 'broken neurons', peer))
  }
  const descendOf = (call: TrainingCall, poison?: PoisonSpec, see?: (weights: Float32Array, seen: Samples) => void) => {
    const { peer, round, model } = call
    const poisoned = poison === undefined ? undefined : chosen(poison)
    const localSteps = learning.localSteps * (poisoned?.member.steps?.(poisoned.options) ?? 1)
    const order = orderOf(peer, round, localSteps)
    const faults = faultsOf(peer, poison)
    const rate = rateAt(learning, round)
    const poisonous = stream(seed, 'poison', peer, round - 1)
    const crashes = crashesOf(learning, stream(seed, 'crash variance', peer, round))
    return descend(model, { ...learning, localSteps, rate }, (weights, step, gradient) => {
      const indices = order.subarray(step * learning.batchSize, (step + 1) * learning.batchSize)
      const samples = pick(data.train, indices)
      const seen = poisoned?.member.poisoned(samples, poisoned.options, data, poisonous) ?? samples
      see?.(weights, seen)
      return gradientOf(engine, plans, weights, seen, gradient, { faults, crashes })
    })
  }
  return {
    ...(together && { trainTogether: together.train, close: together.close }),
    outputs(model, inputs) {
      return outputsOf(engine, plans, model, { inputs, count: inputs.length / sizeOf(plans[0]!.inputShape) })
    },
    train(peer, round, model, poison) {
      if (together && poison === undefined) return together.train([{ peer, round, model }])[0]!
      return descendOf({ peer, round, model }, poison)
    },
    evaluate(model, given) {
      const logits = (samples: Samples) => outputsOf(engine, plans, model, batchOf(samples))
      const different = new Map(given.map((poison) => [JSON.stringify(poison), poison])).values()
      const successes = [...different].flatMap((poison) => {
        const { member, options } = chosen(poison)
        return member.triggered ? [successOf(member.triggered(data.test, options, data), logits)] : []
      })
      const watched = given.flatMap((poison, peer) => {
        const faults = faultsOf(peer, poison)
        const train: Watched['train'] = (see) =>
          descendOf({ peer, round: 1, model }, poison, (weights, seen) => see(weights, batchOf(seen)))
        return faults === undefined ? [] : [{ faults, train }]
      })
      return {
        ...evaluated(data.test, logits),
        backdoor: successes.length > 0 ? Math.max(...successes) : null,
        overBound: watched.length > 0 ? worstOverBound(engine, plans, model, batchOf(data.test), watched) : null,
        ...recallIn(data.test, spec.recallOf, logits),
      }
    },
  }
}

/** Outputs of the model, row-major [samples, classes]. */
type Logits = (samples: Samples) => Float32Array

function evaluated(test: Samples, logits: Logits): { accuracy: number; loss: number } {
  let correct = 0
  let loss = 0
  for (let start = 0; start < test.labels.length; start += evaluationBatch) {
    const samples = slice(test, start, Math.min(test.labels.length, start + evaluationBatch))
    const outputs = logits(samples)
    correct += countRight(outputs, samples.labels, outputs.length / samples.labels.length)
    loss += softmaxCrossEntropy(outputs, samples.labels).loss * samples.labels.length
  }
  const count = test.labels.length
  return { accuracy: correct / count, loss: Number.isFinite(loss) ? loss / count : Number.POSITIVE_INFINITY }
}

function recallIn(test: Samples, label: number | undefined, logits: Logits): { recall?: number | null } {
  if (label === undefined) return {}
  const ofLabel = [...test.labels.keys()].filter((at) => test.labels[at] === label)
  return { recall: ofLabel.length === 0 ? null : evaluated(pick(test, Int32Array.from(ofLabel)), logits).accuracy }
}

function chosen({ kind, ...given }: PoisonSpec) {
  const { member, options } = poisons.resolve(kind, given)
  return { member: member as PicturesPoison, options }
}

/**
 * The share of samples that get the label that a backdoor aims at when they have what opens it; a model without a backdoor
 * gives what it mistakes for the target. 0 when all samples have the target's label.
 */
function successOf(triggered: Samples, logits: Logits): number {
  return triggered.labels.length === 0 ? 0 : evaluated(triggered, logits).accuracy
}

/** Writes the gradient of the mean loss of a batch into `gradient`; returns the loss. */
export function gradientOf(
  engine: Engine,
  plans: LayerPlan[],
  weights: Float32Array,
  samples: Samples,
  gradient: Float32Array,
  { faults, crashes }: { readonly faults?: Faults | undefined; readonly crashes?: Crashes | undefined } = {},
): number {
  const lossAt = (logits: Float32Array) => softmaxCrossEntropy(logits, samples.labels)
  return gradientOfBatch(engine, plans, { weights, gradient, faults, crashes }, batchOf(samples), lossAt)
}

function batchOf({ images, labels }: Samples): Batch {
  const inputs = new Float32Array(images.length)
  for (let index = 0; index < images.length; index++) inputs[index] = inputOfPixel[images[index]!]!
  return { inputs, count: labels.length }
}
