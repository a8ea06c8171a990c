import type { OptionDescriptors, Options } from '@hearsay/catalogue'
import type { Samples } from '@hearsay/data'
import type { LayersModel } from '@tensorflow/tfjs'
import { tracedFitOf, withNetwork } from './autodiff/fitted.ts'
import { buildNetwork, parametersOf } from './autodiff/network.ts'
import { awaitOwn, callOwn } from './autodiff/own-code.ts'
import { type Learnable, withSaved } from './autodiff/saved-model.ts'
import { architectureOf } from './autodiff/topology.ts'
import { createTracedTrainer, type OwnLoss } from './autodiff/trainer.ts'
import type { Tensorflow } from './engines/tensorflow.ts'
import type { TargetKind } from './losses/loss.ts'
import type { LossChoice } from './losses/losses.ts'
import { outputMeasures } from './measures/judge.ts'
import type { OutputMeasure } from './measures/output-measure.ts'
import { limited } from './samples/limit.ts'
import { samples } from './samples/samples.ts'
import { type SamplesSpec, samplesFields } from './samples/schema.ts'
import { checkTargets, lossOf } from './samples/targets.ts'
import { fitOf } from './samples/trainer.ts'
import type { SavedModel } from './task/saved.ts'
import type { Task } from './task/task.ts'
import { TrainingError } from './task/training-error.ts'

/** What a model is made for. */
export interface ModelFor {
  /** Of one input. */
  readonly shape: readonly number[]
  /** Numbers that the model must give of each sample, without an activation: one for each class or column; 1 for the loss `binary`. */
  readonly outputs: number
  /** What the scenario says of the options of the task. */
  readonly options: Options
}

/** Parts of a task of one's own; what is left out is that of `data: { … }`. */
export interface TaskParts {
  /** What `task.kind` calls it. */
  readonly name: string
  readonly summary: string
  /** What a scenario may say of it, which its functions are told. */
  readonly options?: OptionDescriptors
  /** The samples; when left out, the scenario says `data`. The same options must give the same samples in every process. */
  readonly load?: (options: Options, context: { readonly base: string }) => Samples | Promise<Samples>
  /** A model that is saved, with its weights; or gives a model of one input [batch, …shape] and one output [batch, outputs]. */
  readonly model: ((tf: Tensorflow, about: ModelFor) => LayersModel) | SavedModel
  /** One that ships, by its name or its name with its options, or a function; by what samples are labelled with when left out. */
  readonly loss?: LossChoice | OwnLoss
  /** What the samples that `load` gives are labelled with, for a loss that is a function or left out; classes when left out. */
  readonly targets?: TargetKind
  /** In the place of those that go with the loss; the first is the headline. */
  readonly measures?: readonly OutputMeasure[]
}

/** A task of one's own, for the list `tasks` that a file of extensions exports: any model of TensorFlow.js, which is differentiated by it. */
export function defineTask(parts: TaskParts): Task {
  const { name, summary, options = {}, load, model, loss, measures } = parts
  const own = (spec: Spec): Spec => completed(parts, spec)
  const measured = (spec: Spec) => measures ?? outputMeasures[lossOf(own(spec)).member.targets]
  const ownLoss = typeof loss === 'function' ? loss : undefined
  const build = (spec: Spec, outline: Learnable) => (tf: Tensorflow) => {
    if (typeof model !== 'function') return outline.saved!(tf)
    const about = { ...fitOf(outline, own(spec)), options: optionsOf(parts, spec) }
    return callOwn('bad-model', `model of task ${name}`, () => model(tf, about))
  }
  const fit = (spec: Spec, outline: Learnable) => tracedFitOf(outline, own(spec), ownLoss !== undefined)
  const complete = (given: Promise<Samples>, { base }: { readonly base: string }): Promise<Learnable> =>
    typeof model === 'function' ? given : withSaved(given, model, base)
  // Of what a function of a user's own gives, nothing tells how it was read.
  const like = (outline: Learnable) => (load === undefined ? outline : { readBy: asTheyAre, ...outline })
  const task: Task<Spec, Learnable, Learnable> = {
    name,
    summary,
    options,
    fields: () => fieldsOf(parts),
    ...(load === undefined && { at: samples.at!, origin: samples.origin! }),
    contents: samples.contents!,
    describe: (spec) => (load === undefined ? `${name}, ${samples.describe({ ...own(spec), model: name })}` : name),
    measures:
      measures ?? (load === undefined && (loss === undefined || ownLoss) ? samples.measures : measured({} as Spec)),
    measured,
    source: (spec) => [optionsOf(parts, spec), samples.source(own(spec))],
    load: (spec, context) =>
      complete(load === undefined ? samples.load(own(spec), context) : loaded(parts, spec, context), context),
    outline: (spec, context) =>
      complete(load === undefined ? samples.outline(own(spec), context) : loaded(parts, spec, context), context),
    divide: (outline, given) => samples.divide(outline, { ...given, spec: own(given.spec) }),
    tensors: (spec, outline) => withNetwork(build(spec, outline), fit(spec, outline), 0, ({ tensors }) => tensors),
    architecture: (spec, outline) => withNetwork(build(spec, outline), fit(spec, outline), 0, architectureOf),
    initial: (spec, outline, seed) => withNetwork(build(spec, outline), fit(spec, outline), seed, parametersOf),
    trainer: (given) =>
      createTracedTrainer(
        { ...given, spec: own(given.spec) },
        {
          network: buildNetwork(given.engine.tf, build(given.spec, given.data), given.seed),
          loss: ownLoss,
          measures: measured(given.spec),
        },
      ),
    reading(spec, outline) {
      const reading = samples.reading!(own(spec), like(outline))
      return reading && { ...reading, logits: reading.logits && ownLoss === undefined }
    },
    async recall(spec, reading, context) {
      const { data, ...recalled } = await samples.recall!(own(spec), reading, context)
      return { ...recalled, data: await complete(Promise.resolve(data), context) }
    },
  }
  return task as unknown as Task
}

type Spec = SamplesSpec

/** Arrays of inputs as the model takes them. */
const asTheyAre = { kind: 'arrays', scale: 'none' } as const

/** With what the parts say themselves. */
function completed({ name, load, loss, targets }: TaskParts, spec: Spec): Spec {
  const told = typeof loss === 'function' || loss === undefined ? spec.loss : loss
  const data = load === undefined ? spec.data : { kind: name, ...(targets !== undefined && { labels: targets }) }
  return { ...spec, data, loss: told }
}

function optionsOf({ options = {} }: TaskParts, spec: Spec): Options {
  return Object.fromEntries(Object.keys(options).map((option) => [option, spec[option]])) as Options
}

function fieldsOf({ load, loss }: TaskParts) {
  const { data, model: _, loss: choice, ...others } = samplesFields()
  return { ...(load === undefined && { data }), ...(loss === undefined && { loss: choice }), ...others }
}

async function loaded(parts: TaskParts, spec: Spec, { base }: { readonly base: string }): Promise<Samples> {
  const what = `load of task ${parts.name}`
  const given = await awaitOwn('bad-data', what, () => parts.load!(optionsOf(parts, spec), { base }))
  const fault = faultOf(given)
  if (fault !== undefined) throw new TrainingError('bad-data', `${what}: ${fault}`)
  checkTargets(given, lossOf(completed(parts, spec)))
  return limited(given, spec)
}

/** What is wrong with samples of untyped origin, if anything is. */
function faultOf(given: Samples): string | undefined {
  if (!Array.isArray(given?.shape) || !Array.isArray(given.outputs))
    return 'it gives no Samples: shape and outputs are lists'
  const size = given.shape.reduce((product: number, side: number) => product * side, 1)
  for (const part of ['train', 'test'] as const) {
    const { inputs, targets, count } = given[part] ?? {}
    if (!(inputs instanceof Float32Array) || !(count >= 1) || inputs.length !== count * size)
      return `${part}.inputs is no Float32Array of ${count} samples of [${given.shape}]`
    const width = given.targets === 'classes' ? 1 : given.outputs.length
    const values = targets?.kind === 'classes' ? targets.labels : targets?.values
    if (targets?.kind !== given.targets || values?.length !== count * width)
      return `${part}.targets is no list of ${given.targets}, ${width} for each of ${count} samples`
    if (!inputs.every(Number.isFinite)) return `${part}.inputs has numbers that are not finite`
    if (
      targets.kind === 'classes' &&
      !targets.labels.every((label: number) => label >= 0 && label < given.outputs.length)
    )
      return `${part}.targets has a label that is no index of its ${given.outputs.length} outputs`
  }
  return undefined
}
