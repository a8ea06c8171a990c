import type { Member } from '@hearsay/catalogue'
import type { z } from 'zod'
import type { Engine } from '../engines/engine.ts'
import type { Architecture } from './architecture.ts'
import type { Contents, Origin } from './contents.ts'
import type { LearningSpec } from './learning.ts'
import type { Evaluation, Measure } from './measure.ts'
import type { Reading } from './reading.ts'
import type { RowShape, Update } from './update.ts'

/** What stands under `task` in a scenario or a genesis, defaults filled in: `kind` names the task, and is left out of the usual one. */
export type TaskSpec = { readonly kind?: string | undefined; readonly [field: string]: unknown }

/** How the data of a peer that lies are poisoned, defaults filled in: `kind` names one of the poisons of its task. */
export type PoisonSpec = { readonly kind: string; readonly [option: string]: unknown }

/** Where one tensor lies in the vector of parameters, row by row. */
export interface NamedTensor {
  /** Unique in the model, such as `layers.0.kernel`. */
  readonly name: string
  readonly shape: readonly number[]
  /** Index of its first number. */
  readonly offset: number
}

/**
 * A kind of learning problem: data, how they are divided among peers, a model, how it learns and how it is judged. Engines,
 * processes and everything that runs networks know nothing else of what is learnt. All results depend on nothing but the
 * arguments: equal ones give equal bits, in whatever process, order and number of calls.
 *
 * @typeParam Spec what its `fields` come to
 * @typeParam Outline what of the data dividing them depends on
 */
export interface Task<Spec extends TaskSpec = TaskSpec, Outline = unknown, Data extends Outline = Outline>
  extends Member {
  /** What `task` has besides `kind` and its options, by what is known now. */
  fields?(): z.ZodRawShape
  /** The field that means this task where it holds a map and no kind is said. */
  readonly impliedBy?: string
  /** What a user wrote under `task`, with the data at this absolute path: those of one peer. Not checked yet; as `data` when left out. */
  at?(given: TaskSpec, path: string): TaskSpec
  /** What is learnt by which model, in a few words: `digits, mlp`. */
  describe(spec: Spec): string
  /** What an evaluation can give, in the order of columns; the first is the headline. */
  readonly measures: readonly Measure[]
  /** Those that evaluations of one specification give; all when it is left out. Equal specifications have equal ones. */
  measured?(spec: Spec): readonly Measure[]
  /** The part of a specification that the data follow from: they are kept for the next task with an equal part. */
  source(spec: Spec): unknown
  /** Throws TrainingError `data-missing`, `bad-data`. */
  load(spec: Spec, context: LoadContext): Promise<Data>
  /**
   * The same without what dividing does not need, where that is had for less; awaits `turn` now and then. Throws as `load`, and
   * `bad-model` when the model is wrong whatever the data.
   */
  outline(spec: Spec, context: OutlineContext): Promise<Outline>
  /**
   * For each peer what is its own of the training data. A pure function of its arguments.
   *
   * @param options.least samples that every peer must get: one batch
   * @throws TrainingError `partition-too-small`
   */
  divide(outline: Outline, options: DivideOptions<Spec>): Share[]
  /** What can be told of the training samples, for who wants to see who has what; undefined where nothing can. */
  contents?(outline: Outline): Contents | undefined
  /** Whose the data are, where that is known. */
  origin?(spec: Spec): Origin | undefined
  /** Places of the parameters, without gaps. Throws TrainingError `bad-model` when the model does not fit itself or the data. */
  tensors(spec: Spec, outline: Outline): readonly NamedTensor[]
  /**
   * The width of the rows, where the parameters from the first to the last are a matrix of rows and training changes few of
   * them: an update may then say which rows it is about, and have no others. One that is a vector is about those that are not zero.
   */
  rows?(spec: Spec, outline: Outline): Pick<RowShape, 'width'> | undefined
  /** Where those rows are about items: what others know of these, of whom some lie. */
  items?(spec: Spec, outline: Outline): Items
  /** What other programs need to be told of the model, besides its tensors, where that is known. */
  architecture?(spec: Spec, outline: Outline): Architecture
  /** What everybody starts from, part of the genesis: the same bits on every machine. */
  initial(spec: Spec, outline: Outline, seed: number | string): Float32Array
  trainer(options: TrainerOptions<Spec, Data>): Trainer<Update>
  /** What a model says of all items for a user, by its name in the data. Throws TrainingError `bad-argument` when nothing is known of it. */
  forUser?(spec: Spec, outline: Outline, model: Float32Array, user: string): ForUser
  /** Whether its trainers learn with `learning.crashVariance`; none does when left out. */
  crashVariance?(outline: Outline): boolean
  /** What has to be known beside a model to use it on new data; undefined where it follows from more than is in the outline. */
  reading?(spec: Spec, outline: Outline): Reading | undefined
  /** What a trainer needs that has to give outputs only, without the data that were learnt. Throws TrainingError. */
  recall?(
    spec: Spec,
    reading: Reading,
    context: Pick<OutlineContext, 'base'>,
  ): Promise<{ readonly spec: Spec; readonly data: Data }>
}

/** A way to poison the data of a liar, who computes honestly on them. */
export interface Poison<Name extends string = string> extends Member<Name> {
  /** The name of the task whose data they are. */
  readonly task: string
  /** Others whose data it poisons too. */
  readonly alsoOf?: readonly string[]
  /** What such liars did, for the table of a run. */
  readonly deed: string
}

/** What is known of items that rows are about; a user is for an item as p · row. */
export interface Items {
  /** So many numbers of a row, the first, go with those of a user's vector p; the rest, such as a bias, with 1. */
  readonly factors: number
  /** The items that attacks are about, each once. */
  readonly targets: readonly number[]
  /** Of each user the items that it likes. Some attacks know a share of it, which none could know of peers that tell nothing. */
  readonly liked: readonly Int32Array[]
}

export interface ForUser {
  /** Names of all items, in the order of rows. */
  readonly items: readonly string[]
  /** Those that the user knows from what was learnt. */
  readonly known: ReadonlySet<number>
  /** For each item how much the user is for it. */
  readonly scores: Float64Array
  /** As long as a row: where that of an item moves by v, its score moves by vector · v. */
  readonly vector: Float64Array
}

export interface OutlineContext {
  /** Absolute path of the folder that relative paths of the specification stand against: that of the scenario or the genesis. */
  readonly base: string
  readonly turn: () => Promise<void>
}

/** What a task is opened with besides its specification. */
export interface LoadContext extends Pick<OutlineContext, 'base'> {
  readonly learning: LearningSpec
  readonly peers: number
  readonly seed: number | string
}

/** Indices of samples, or of whatever else a task divides. */
export type Share = Int32Array

export interface DivideOptions<Spec> {
  readonly spec: Spec
  readonly peers: number
  readonly seed: number | string
  readonly least: number
}

export interface TrainerOptions<Spec, Data> {
  readonly engine: Engine
  readonly spec: Spec
  readonly learning: LearningSpec
  readonly data: Data
  /** One for each peer. */
  readonly shares: readonly Share[]
  readonly seed: number | string
}

/** Local training of the peers of one network, on one engine. */
export interface Trainer<Made extends Update = Float32Array> {
  /**
   * @param round from 1
   * @param model parameters, not to be changed
   * @param poison makes the peer a liar whose data are poisoned
   */
  train(peer: number, round: number, model: Float32Array, poison?: PoisonSpec): Trained<Made> | Promise<Trained<Made>>
  /**
   * The same of several calls without poison, at once: what each gives does not depend on the others. `train` then gives the
   * same bits too.
   */
  trainTogether?(calls: readonly TrainingCall[]): Trained<Made>[]
  /**
   * Every measure of the task, on its test data.
   *
   * @param poisons of those who lie, one for each of them, for measures of how well they do
   */
  evaluate(model: Float32Array, poisons: readonly PoisonSpec[]): Evaluation | Promise<Evaluation>
  /** Of new inputs, n samples one after the other: n × outputs, logits or numbers in the unit of the data, see `Reading`. */
  outputs?(model: Float32Array, inputs: Float32Array): Float32Array
  /** Gives back what training has taken; nothing is asked of it afterwards. */
  close?(): void | Promise<void>
}

/** The training of one peer in a round, without poison. */
export interface TrainingCall {
  readonly peer: number
  readonly round: number
  readonly model: Float32Array
}

export interface Trained<Made extends Update = Float32Array> {
  /** The local model minus the given one, always finite; of a task that declares rows, of those that it speaks about. */
  readonly update: Made
  /** Mean over the steps; Infinity when the given model is useless. */
  readonly loss: number
  /** The loss of a step or the update was not finite: training ended there, or its update is zero. */
  readonly diverged: boolean
  /** How long a program of a user's own says that it trained, without being asked and answering. */
  readonly workMs?: number
}
