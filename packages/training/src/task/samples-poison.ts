import type { Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'
import type { BrokenNeurons } from './broken-neurons.ts'
import type { Poison } from './task.ts'

/** Labels of a batch, as losses take them: indices of classes, numbers as they are learnt, or flags. */
export type BatchTargets = Int32Array | Float32Array | Uint8Array

/** Samples of one step, as models see them. */
export interface SamplesBatch {
  /** n × the product of the shape. */
  readonly inputs: Float32Array
  readonly targets: BatchTargets
}

/** What the samples are. */
export interface SamplesAbout {
  readonly kind: 'classes' | 'numbers' | 'flags'
  /** How many classes there are, or columns of labels. */
  readonly width: number
  /** Of one input. */
  readonly shape: readonly number[]
  /** Of each number of an input the greatest in the training part. */
  readonly greatest: Float32Array
}

/** An attack by the samples of one's own data that a liar trains on, with honest arithmetic on them. */
export interface SamplesPoison<Name extends string = string> extends Poison<Name> {
  /** The samples of one step, poisoned; those given are not changed. Throws TrainingError where there are none of its kind. */
  poisonedSamples(batch: SamplesBatch, about: SamplesAbout, options: Options, random: RandomStream): SamplesBatch
  /** Gradient steps for each of an honest peer; 1 unless given. */
  steps?(options: Options): number
  /** Neurons of its hardware that are broken while it trains; models that are lists of layers have them. */
  broken?(options: Options): BrokenNeurons
  /** Of a backdoor, for classes: test samples that have what opens it, labelled with what it aims at. */
  triggeredSamples?(test: SamplesBatch, about: SamplesAbout, options: Options): SamplesBatch
}
