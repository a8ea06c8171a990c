import type { Samples } from '@hearsay/data'
import { type Batch, gradientOf, outputsOf } from '../layers/batches.ts'
import { crashesOf } from '../layers/crash-variance.ts'
import { type Faults, faultsIn } from '../layers/faults.ts'
import { sizeOf } from '../layers/plan.ts'
import { createTogether } from '../layers/together.ts'
import { outputMeasures } from '../measures/judge.ts'
import { type Watched, worstOverBound } from '../neurons/over-bound.ts'
import { descend, sampleOrder } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { PoisonSpec, Trainer, TrainerOptions, TrainingCall } from '../task/task.ts'
import { type Lesson, labelsOf } from './labels.ts'
import { planFor } from './model.ts'
import type { SamplesSpec } from './schema.ts'
import { lossOf } from './targets.ts'

/**
 * Local training on samples. As with pictures, a call depends on nothing but its arguments: batches come from a stream named after
 * peer and round, and momentum starts from zero in every round.
 */
export function createTrainer({
  engine,
  spec,
  learning,
  data,
  shares,
  seed,
}: TrainerOptions<SamplesSpec, Samples>): Trainer {
  const plans = planFor(spec, fitOf(data, spec))
  const labels = labelsOf(spec, data, seed)
  const { loss, options } = labels
  const size = sizeOf(data.shape)
  const outputs = (model: Float32Array, inputs: Float32Array): Float32Array =>
    labels.told(outputsOf(engine, plans, model, { inputs, count: inputs.length / size }))
  const { batchSize } = learning
  const orderOf = (peer: number, round: number, localSteps = learning.localSteps): Int32Array =>
    sampleOrder(shares[peer]!, localSteps * batchSize, stream(seed, 'batches', peer, round))
  const { count, inputs } = data.train
  const together = createTogether({
    ...{ engine, plans, learning },
    samples: { count, inputOf: (at) => inputs[at]! },
    orderOf: ({ peer, round }) => orderOf(peer, round),
    lossOf: (given, samples) => loss.of(given, labels.due(samples), options),
  })
  const faultsOf = (peer: number, { broken }: Pick<Lesson, 'broken'>): Faults | undefined =>
    broken && faultsIn(plans, broken, stream(seed, 'broken neurons', peer))
  const descendOf = (
    { peer, round, model }: TrainingCall,
    poison?: PoisonSpec,
    see?: (weights: Float32Array, batch: Batch) => void,
  ) => {
    const lesson = labels.of(peer, round, poison)
    const localSteps = learning.localSteps * lesson.steps
    const order = orderOf(peer, round, localSteps)
    const faults = faultsOf(peer, lesson)
    const crashes = crashesOf(learning, stream(seed, 'crash variance', peer, round))
    return descend(model, { ...learning, localSteps, rate: rateAt(learning, round) }, (weights, step, gradient) => {
      const { inputs, targets } = lesson.batch(order.subarray(step * batchSize, (step + 1) * batchSize))
      const batch = { inputs, count: batchSize }
      see?.(weights, batch)
      return gradientOf(engine, plans, { weights, gradient, faults, crashes }, batch, (given) =>
        loss.of(given, targets, options),
      )
    })
  }
  return {
    outputs,
    ...(together && { trainTogether: together.train, close: together.close }),
    train(peer, round, model, poison) {
      if (together && poison === undefined) return together.train([{ peer, round, model }])[0]!
      return descendOf({ peer, round, model }, poison)
    },
    evaluate(model, given) {
      const judged = labels.judge((inputs) => outputs(model, inputs), outputMeasures[loss.targets], given)
      const watched = given.flatMap((poison, peer) => {
        const faults = faultsOf(peer, labels.of(peer, 1, poison))
        const train: Watched['train'] = (see) => descendOf({ peer, round: 1, model }, poison, see)
        return faults === undefined ? [] : [{ faults, train }]
      })
      const test = { inputs: data.test.inputs, count: data.test.count }
      return { ...judged, overBound: watched.length > 0 ? worstOverBound(engine, plans, model, test, watched) : null }
    },
  }
}

/** What a model of such data has to fit. */
export function fitOf(
  { shape, outputs }: Pick<Samples, 'shape' | 'outputs'>,
  spec: Pick<SamplesSpec, 'loss' | 'data'>,
) {
  return { shape, outputs: lossOf(spec).member.twoClasses ? 1 : outputs.length }
}
