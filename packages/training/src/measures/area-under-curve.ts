import { meanOf } from './mean.ts'
import type { OutputMeasure } from './output-measure.ts'

const shared = { name: 'auc', better: 'higher', unit: '', digits: 3 } as const

/** Of classes: of each against the rest, the mean over classes that some samples have and some have not. */
export const areaUnderCurve: OutputMeasure = {
  ...shared,
  summary: 'area under the ROC curve of each class against the rest, the mean over classes',
  of: (outputs, labels, classes) =>
    meanArea(
      classes,
      labels.length,
      (sample, label) => logOdds(outputs, sample * classes, classes, label),
      (sample, label) => labels[sample] === label,
    ),
}

/** Of flags: the mean over flags that some samples have and some have not. */
export const multiLabelArea: OutputMeasure = {
  ...shared,
  summary: 'area under the ROC curve, the mean over flags',
  of: (outputs, flags, width) =>
    meanArea(
      width,
      flags.length / width,
      (sample, column) => outputs[sample * width + column]!,
      (sample, column) => flags[sample * width + column] === 1,
    ),
}

function meanArea(
  width: number,
  samples: number,
  score: (sample: number, column: number) => number,
  has: (sample: number, column: number) => boolean,
): number | null {
  const areas = Array.from({ length: width }, (_, column) => {
    const [those, others]: [number[], number[]] = [[], []]
    for (let sample = 0; sample < samples; sample++) (has(sample, column) ? those : others).push(score(sample, column))
    return areaOf(those, others)
  })
  return meanOf(areas.filter((area) => area !== null))
}

/**
 * The share of pairs of one that has a class and one that has not in which the first has the higher score; half of those with
 * equal scores (Mann, Whitney 1947; Hanley, McNeil 1982). Null without a pair.
 */
export function areaOf(those: readonly number[], others: readonly number[]): number | null {
  if (those.length === 0 || others.length === 0) return null
  const sorted = Float64Array.from(others).sort()
  let pairs = 0
  let below = 0
  let upTo = 0
  for (const score of Float64Array.from(those).sort()) {
    while (below < sorted.length && sorted[below]! < score) below++
    upTo = Math.max(upTo, below)
    while (upTo < sorted.length && sorted[upTo]! === score) upTo++
    pairs += (below + upTo) / 2
  }
  return pairs / (those.length * others.length)
}

/** log p / (1 − p) of one class by the softmax of the outputs: in the order of p, and no two are taken for equal near 1. */
function logOdds(outputs: Float32Array, start: number, classes: number, label: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < classes; index++)
    if (index !== label) largest = Math.max(largest, outputs[start + index]!)
  let sum = 0
  for (let index = 0; index < classes; index++) if (index !== label) sum += Math.exp(outputs[start + index]! - largest)
  return outputs[start + label]! - largest - Math.log(sum)
}
