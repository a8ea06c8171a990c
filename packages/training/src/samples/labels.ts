import type { Options } from '@hearsay/catalogue'
import type { Samples } from '@hearsay/data'
import { sizeOf } from '../layers/plan.ts'
import type { Loss } from '../losses/loss.ts'
import { countRight } from '../measures/accuracy.ts'
import { judge, ofTwoClasses } from '../measures/judge.ts'
import type { OutputMeasure } from '../measures/output-measure.ts'
import { poisons } from '../pictures/poisons.ts'
import type { BrokenNeurons } from '../task/broken-neurons.ts'
import type { Evaluation } from '../task/measure.ts'
import { stream } from '../task/random.ts'
import { rowsOf } from '../task/rows-of.ts'
import type { SamplesAbout, SamplesBatch, SamplesPoison } from '../task/samples-poison.ts'
import type { PoisonSpec } from '../task/task.ts'
import type { SamplesSpec } from './schema.ts'
import { momentsOf, scaled, unscaled } from './target-scale.ts'
import { lossOf, targetsOf } from './targets.ts'

/** What a peer learns from in a round. */
export interface Lesson {
  /** Gradient steps for each that is asked for. */
  readonly steps: number
  /** Neurons that are broken meanwhile. */
  readonly broken?: BrokenNeurons | undefined
  /** The samples of a step by their rows. */
  batch(rows: Int32Array): SamplesBatch
}

/** What samples are labelled with, as a loss takes it, and how outputs are told and judged by it. */
export interface Labels {
  readonly loss: Loss
  readonly options: Options
  /** Numbers for each sample. */
  readonly width: number
  /** What samples are labelled with, by their rows. */
  due(rows: Int32Array): SamplesBatch['targets']
  of(peer: number, round: number, poison?: PoisonSpec): Lesson
  /** Outputs of a model, row by row, as one for each class, or in the unit of the data. */
  told(outputs: Float32Array, twoClasses?: boolean): Float32Array
  /**
   * @param outputs what a model gives of inputs, told
   * @param poisons of those who lie; left out where backdoors are not measured
   */
  judge(
    outputs: (inputs: Float32Array) => Float32Array,
    measures: readonly OutputMeasure[],
    poisons?: readonly PoisonSpec[],
  ): Evaluation
}

export function labelsOf(spec: SamplesSpec, data: Samples, seed: number | string): Labels {
  const { member: loss, options } = lossOf(spec)
  const moments = momentsOf(data, spec.targetScale)
  const given = targetsOf(data.train)
  const targets = moments === undefined ? given : scaled(given as Float32Array, moments)
  const [size, width] = [sizeOf(data.shape), given.length / data.train.count]
  const due = (rows: Int32Array): SamplesBatch['targets'] => rowsOf(targets, rows, width)
  let greatest: Float32Array | undefined
  const about = (): SamplesAbout => {
    greatest ??= greatestOf(data.train.inputs, size)
    return { kind: loss.targets, width: data.outputs.length, shape: data.shape, greatest }
  }
  return {
    loss,
    options,
    width,
    due,
    of(peer, round, poison) {
      const honest = (rows: Int32Array): SamplesBatch => ({
        inputs: rowsOf(data.train.inputs, rows, size),
        targets: due(rows),
      })
      if (poison === undefined) return { steps: 1, batch: honest }
      const { member, options } = chosen(poison)
      const random = stream(seed, 'poison', peer, round)
      return {
        steps: member.steps?.(options) ?? 1,
        broken: member.broken?.(options),
        batch: (rows) => member.poisonedSamples(honest(rows), about(), options, random),
      }
    },
    told(outputs, twoClasses = loss.twoClasses) {
      const each = twoClasses ? ofTwoClasses(outputs) : outputs
      return moments === undefined ? each : unscaled(each, moments)
    },
    judge(outputs, measures, given) {
      const test = { inputs: data.test.inputs, targets: targetsOf(data.test) }
      const judged = judge(measures, outputs(test.inputs), test.targets, data.outputs.length)
      if (given === undefined || loss.targets !== 'classes') return judged
      const doors = given.flatMap((poison) => {
        const { member, options } = chosen(poison)
        const triggered = member.triggeredSamples?.(test, about(), options)
        if (triggered === undefined) return []
        const { inputs, targets } = triggered
        return targets.length === 0 ? [0] : [countRight(outputs(inputs), targets, data.outputs.length) / targets.length]
      })
      return { ...judged, backdoor: doors.length > 0 ? Math.max(...doors) : null }
    },
  }
}

function chosen({ kind, ...given }: PoisonSpec) {
  const { member, options } = poisons.resolve(kind, given)
  return { member: member as SamplesPoison, options }
}

/** Of each of `size` columns the greatest number. */
function greatestOf(values: Float32Array, size: number): Float32Array {
  const most = values.slice(0, size)
  for (let at = size; at < values.length; at++) if (values[at]! > most[at % size]!) most[at % size] = values[at]!
  return most
}
