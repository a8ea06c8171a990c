import type { Options } from '@hearsay/catalogue'
import type { Samples } from '@hearsay/data'
import type { Loss } from '../losses/loss.ts'
import { judge, ofTwoClasses } from '../measures/judge.ts'
import type { OutputMeasure } from '../measures/output-measure.ts'
import { poisons } from '../pictures/poisons.ts'
import type { Evaluation } from '../task/measure.ts'
import { stream } from '../task/random.ts'
import type { BatchTargets, TargetsPoison } from '../task/targets-poison.ts'
import type { PoisonSpec } from '../task/task.ts'
import { rowsOf } from './limit.ts'
import type { SamplesSpec } from './schema.ts'
import { momentsOf, scaled, unscaled } from './target-scale.ts'
import { lossOf, targetsOf } from './targets.ts'

/** What samples are labelled with, as a loss takes it, and how outputs are judged by it. */
export interface Labels {
  readonly loss: Loss
  readonly options: Options
  /** Numbers for each sample. */
  readonly width: number
  /** Gives the labels of the rows of a batch, of which a peer learns in a round. */
  of(peer: number, round: number, poison?: PoisonSpec): (rows: Int32Array) => BatchTargets
  /** @param outputs of a model, of all test samples, row by row */
  judge(outputs: Float32Array, measures: readonly OutputMeasure[], logits?: boolean): Evaluation
}

export function labelsOf(spec: SamplesSpec, data: Samples, seed: number | string): Labels {
  const { member: loss, options } = lossOf(spec)
  const moments = momentsOf(data, spec.targetScale)
  const given = targetsOf(data.train)
  const targets = moments === undefined ? given : scaled(given as Float32Array, moments)
  const width = given.length / data.train.count
  const about = { kind: loss.targets, width: data.outputs.length }
  return {
    loss,
    options,
    width,
    of(peer, round, poison) {
      const honest = (rows: Int32Array): BatchTargets => rowsOf(targets, rows, width)
      if (poison === undefined) return honest
      const { kind, ...said } = poison
      const { member, options } = poisons.resolve(kind, said)
      const random = stream(seed, 'poison', peer, round)
      return (rows) => (member as TargetsPoison).poisonedTargets(honest(rows), about, options, random)
    },
    judge(outputs, measures, logits = loss.twoClasses) {
      const each = logits ? ofTwoClasses(outputs) : outputs
      const judged = moments === undefined ? each : unscaled(each, moments)
      return judge(measures, judged, targetsOf(data.test), data.outputs.length)
    },
  }
}
