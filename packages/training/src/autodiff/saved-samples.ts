import { basename } from 'node:path'
import type { Samples } from '@hearsay/data'
import { outputMeasures } from '../measures/judge.ts'
import { samples } from '../samples/samples.ts'
import type { SamplesSpec } from '../samples/schema.ts'
import { lossOf } from '../samples/targets.ts'
import { isSaved } from '../task/saved.ts'
import type { LoadContext, Task } from '../task/task.ts'
import { tracedFitOf, withNetwork } from './fitted.ts'
import { buildNetwork, parametersOf } from './network.ts'
import { type Learnable, withSaved } from './saved-model.ts'
import { architectureOf } from './topology.ts'
import { createTracedTrainer } from './trainer.ts'

/** Samples, which are learnt by layers that are written out, or by a model that TensorFlow.js saved, which it differentiates. */
export const savedSamples: Task<SamplesSpec, Learnable, Learnable> = {
  ...samples,
  describe: (spec) =>
    samples.describe(isSaved(spec.model) ? { ...spec, model: basename(spec.model.tfjs, '.json') } : spec),
  source: (spec) => [samples.source(spec), isSaved(spec.model) && spec.model],
  load: (spec, context) => complete(spec, context, samples.load(spec, context)),
  outline: (spec, context) => complete(spec, context, samples.outline(spec, context)),
  tensors: (spec, outline) =>
    outline.saved === undefined
      ? samples.tensors(spec, outline)
      : withNetwork(outline.saved, tracedFitOf(outline, spec), 0, ({ tensors }) => tensors),
  architecture: (spec, outline) =>
    outline.saved === undefined
      ? samples.architecture!(spec, outline)
      : withNetwork(outline.saved, tracedFitOf(outline, spec), 0, architectureOf),
  initial: (spec, outline, seed) =>
    outline.saved === undefined
      ? samples.initial(spec, outline, seed)
      : withNetwork(outline.saved, tracedFitOf(outline, spec), seed, parametersOf),
  crashVariance: ({ saved }) => saved === undefined,
  recall: async (spec, reading, context) => {
    const { data, ...recalled } = await samples.recall!(spec, reading, context)
    return { ...recalled, data: await complete(spec, context, Promise.resolve(data)) }
  },
  trainer: (given) => {
    const { engine, spec, data, seed } = given
    if (data.saved === undefined) return samples.trainer(given)
    const network = buildNetwork(engine.tf, data.saved, seed)
    return createTracedTrainer(given, {
      network,
      measures: outputMeasures[lossOf(spec).member.targets],
      backdoors: true,
    })
  },
}

function complete(
  { model }: SamplesSpec,
  { base }: Pick<LoadContext, 'base'>,
  given: Promise<Samples>,
): Promise<Learnable> {
  return isSaved(model) ? withSaved(given, model, base) : given
}
