import type { Samples } from '@hearsay/data'
import { gradientOf, outputsOf } from '../layers/batches.ts'
import { sizeOf } from '../layers/plan.ts'
import { stuckIn } from '../layers/stuck.ts'
import { createTogether } from '../layers/together.ts'
import { outputMeasures } from '../measures/judge.ts'
import { descend, sampleOrder } from '../task/descent.ts'
import { rateAt } from '../task/learning.ts'
import { stream } from '../task/random.ts'
import type { Trainer, TrainerOptions } from '../task/task.ts'
import { labelsOf } from './labels.ts'
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
  return {
    outputs,
    ...(together && { trainTogether: together.train, close: together.close }),
    train(peer, round, model, poison) {
      if (together && poison === undefined) return together.train([{ peer, round, model }])[0]!
      const lesson = labels.of(peer, round, poison)
      const localSteps = learning.localSteps * lesson.steps
      const order = orderOf(peer, round, localSteps)
      const stuck = lesson.broken && stuckIn(plans, lesson.broken, stream(seed, 'broken neurons', peer))
      return descend(model, { ...learning, localSteps, rate: rateAt(learning, round) }, (weights, step, gradient) => {
        const { inputs, targets } = lesson.batch(order.subarray(step * batchSize, (step + 1) * batchSize))
        const batch = { inputs, count: batchSize }
        return gradientOf(engine, plans, { weights, gradient, stuck }, batch, (given) =>
          loss.of(given, targets, options),
        )
      })
    },
    evaluate: (model, given) => labels.judge((inputs) => outputs(model, inputs), outputMeasures[loss.targets], given),
  }
}

/** What a model of such data has to fit. */
export function fitOf(
  { shape, outputs }: Pick<Samples, 'shape' | 'outputs'>,
  spec: Pick<SamplesSpec, 'loss' | 'data'>,
) {
  return { shape, outputs: lossOf(spec).member.twoClasses ? 1 : outputs.length }
}
