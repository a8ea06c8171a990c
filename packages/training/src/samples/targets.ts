import type { Options } from '@hearsay/catalogue'
import type { Part, Samples } from '@hearsay/data'
import { formats } from '@hearsay/data'
import type { Loss, TargetKind } from '../losses/loss.ts'
import { losses } from '../losses/losses.ts'
import { TrainingError } from '../task/training-error.ts'
import type { SamplesSpec } from './schema.ts'

const usualLosses: Readonly<Record<TargetKind, string>> = {
  classes: 'cross-entropy',
  numbers: 'squared',
  flags: 'multi-label',
}

/** The loss of a specification; what is not said is classes. */
export function lossOf({ loss, data }: Pick<SamplesSpec, 'loss' | 'data'>): { member: Loss; options: Options } {
  return losses.choose(loss ?? usualLosses[(data.labels as TargetKind | undefined) ?? 'classes'])
}

/** The data of a specification, read as its loss needs them. */
export function dataOf(spec: Pick<SamplesSpec, 'loss' | 'data'>): SamplesSpec['data'] {
  const { data, loss } = spec
  // What a task of one's own loads is of no format.
  const { options, fields } = formats.get(data.kind) ?? {}
  if (loss === undefined || data.labels !== undefined || !('labels' in { ...options, ...fields?.() })) return data
  return { ...data, labels: lossOf(spec).member.targets }
}

/** Throws TrainingError `bad-data` unless the loss can be had of such samples. */
export function checkTargets(
  { targets, outputs }: Pick<Samples, 'targets' | 'outputs'>,
  { member }: { member: Loss },
): void {
  if (targets !== member.targets) {
    const problem = `the samples are labelled with ${targets} (${outputs.slice(0, 3).join(', ')}), and the loss ${member.name} is for ${member.targets}`
    throw new TrainingError(
      'bad-data',
      `data: ${problem}; say data.labels: ${targets}, or task.loss: ${usualLosses[targets]}`,
    )
  }
  if (member.twoClasses && outputs.length !== 2) {
    const problem = `the loss ${member.name} is for two classes, and there are ${outputs.length}`
    throw new TrainingError('bad-data', `data: ${problem}; take task.loss: cross-entropy`)
  }
}

/** Labels of all samples of a part, as losses take them. */
export function targetsOf({ targets }: Part): Int32Array | Float32Array | Uint8Array {
  return targets.kind === 'classes' ? targets.labels : targets.values
}
