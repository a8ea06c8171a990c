import type { Part, Samples } from '../format/samples.ts'

export interface InputsReport {
  readonly names: readonly string[]
  /** As a model sees them, after scaling, in the training part. */
  readonly least: number
  readonly greatest: number
  /** Indices of those that are the same in all training rows. */
  readonly constant: readonly number[]
}

/** A class, with its rows; a flag, with the rows that have it; or a number. */
export interface OutputReport {
  readonly name: string
  readonly train: number
  readonly test: number
  /** Of a number, in the training part. */
  readonly least?: number
  readonly mean?: number
  readonly greatest?: number
}

export interface GroupsReport {
  readonly count: number
  /** Training rows of the smallest and the largest. */
  readonly least: number
  readonly greatest: number
}

export function inputsOf({ inputs: names, train: { inputs, count } }: Samples): InputsReport {
  const width = count === 0 ? 0 : inputs.length / count
  const varies = new Uint8Array(width)
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < count; row++)
    for (let index = 0; index < width; index++) {
      const value = inputs[row * width + index]!
      if (value < least) least = value
      if (value > greatest) greatest = value
      if (value !== inputs[index]) varies[index] = 1
    }
  return { names, least, greatest, constant: [...varies.keys()].filter((index) => varies[index] === 0) }
}

export function outputsOf({ outputs, train, test }: Samples): OutputReport[] {
  const counts = [train, test].map((part) => countsOf(part, outputs.length))
  const { targets } = train
  return outputs.map((name, index) => {
    const counted = { name, train: counts[0]![index]!, test: counts[1]![index]! }
    if (targets.kind !== 'numbers') return counted
    let least = Number.POSITIVE_INFINITY
    let greatest = Number.NEGATIVE_INFINITY
    let sum = 0
    for (let at = index; at < targets.values.length; at += outputs.length) {
      const value = targets.values[at]!
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
      sum += value
    }
    return { ...counted, least, mean: sum / train.count, greatest }
  })
}

function countsOf({ targets, count }: Part, width: number): Int32Array {
  const counts = new Int32Array(width)
  if (targets.kind === 'classes') for (const label of targets.labels) counts[label]!++
  else if (targets.kind === 'flags') for (const [at, flag] of targets.values.entries()) counts[at % width]! += flag
  else counts.fill(count)
  return counts
}

export function groupsOf({ groups, train }: Samples): GroupsReport {
  const counts = new Int32Array(groups.length)
  for (const group of train.group ?? []) counts[group]!++
  return {
    count: groups.length,
    least: counts.reduce((a, b) => Math.min(a, b)),
    greatest: counts.reduce((a, b) => Math.max(a, b)),
  }
}
