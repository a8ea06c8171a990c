import type { Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'
import type { BrokenNeurons } from '../../task/broken-neurons.ts'
import type { SamplesPoison } from '../../task/samples-poison.ts'
import type { Poison } from '../../task/task.ts'
import type { Format, Samples } from '../datasets/dataset.ts'

/** An attack by the samples that a liar trains on, with honest arithmetic on them. */
export interface PicturesPoison<Name extends string = string> extends Poison<Name> {
  /** The samples of one step, poisoned; those given are not changed. */
  poisoned(samples: Samples, options: Options, format: Format, random: RandomStream): Samples
  /** Gradient steps for each of an honest peer; 1 unless given. */
  steps?(options: Options): number
  /** Neurons of its hardware that are broken while it trains; models that are lists of layers have them. */
  broken?(options: Options): BrokenNeurons
  /** Of a backdoor: test samples that have what opens it, labelled with what it aims at. */
  triggered?(test: Samples, options: Options, format: Format): Samples
}

/** One of pictures and of one's own data. */
export type SharedPoison<Name extends string> = PicturesPoison<Name> & SamplesPoison<Name>
