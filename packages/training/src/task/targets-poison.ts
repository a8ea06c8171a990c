import type { Options } from '@hearsay/catalogue'
import type { RandomStream } from '@hearsay/catalogue/random'
import type { Poison } from './task.ts'

/** Labels of a batch, as losses take them: indices of classes, numbers as they are learnt, or flags. */
export type BatchTargets = Int32Array | Float32Array | Uint8Array

/** An attack by the labels of samples that a liar trains on, with honest arithmetic on them. */
export interface TargetsPoison<Name extends string = string> extends Poison<Name> {
  /**
   * The labels of one step, poisoned; those given are not changed.
   *
   * @param about.width how many classes there are, or columns of labels
   */
  poisonedTargets(
    targets: BatchTargets,
    about: { readonly kind: 'classes' | 'numbers' | 'flags'; readonly width: number },
    options: Options,
    random: RandomStream,
  ): BatchTargets
}
