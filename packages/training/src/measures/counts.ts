import { largestOf } from './largest.ts'

/** Of one class or flag over samples: how many have it, of how many a model says so, and of how many of these rightly. */
export interface Counts {
  readonly has: number
  readonly said: number
  readonly right: number
}

/** Of each class. */
export function countsOfClasses(outputs: Float32Array, labels: ArrayLike<number>, classes: number): Counts[] {
  const counts = Array.from({ length: classes }, () => ({ has: 0, said: 0, right: 0 }))
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample]!
    const said = largestOf(outputs, sample * classes, classes)
    counts[label]!.has++
    if (said >= 0) counts[said]!.said++
    if (said === label) counts[label]!.right++
  }
  return counts
}

/** Of each flag, which a model says to be 1 where its output is positive: more likely than not. */
export function countsOfFlags(outputs: Float32Array, flags: ArrayLike<number>, width: number): Counts[] {
  const counts = Array.from({ length: width }, () => ({ has: 0, said: 0, right: 0 }))
  for (let index = 0; index < flags.length; index++) {
    const count = counts[index % width]!
    const said = outputs[index]! > 0
    if (flags[index] === 1) count.has++
    if (said) count.said++
    if (said && flags[index] === 1) count.right++
  }
  return counts
}
