import type { Part, Samples } from '../format/samples.ts'

/**
 * How many training rows are the same as one before, and how many test rows are training rows too: inputs and targets, bit by bit.
 */
export function duplicatesOf({ train, test }: Samples): { readonly within: number; readonly across: number } {
  const known = new Map<number, number>()
  let within = 0
  let across = 0
  const words = wordsOf(train)
  for (let row = 0; row < train.count; row++) {
    const hash = hashOf(words, row)
    const other = known.get(hash)
    if (other === undefined) known.set(hash, row)
    else if (equal(words, row, words, other)) within++
  }
  const tested = wordsOf(test)
  for (let row = 0; row < test.count; row++) {
    const other = known.get(hashOf(tested, row))
    if (other !== undefined && equal(tested, row, words, other)) across++
  }
  return { within, across }
}

interface Words {
  readonly inputs: Uint32Array
  readonly targets: ArrayLike<number>
  readonly inputWidth: number
  readonly targetWidth: number
}

function wordsOf({ inputs, targets, count }: Part): Words {
  const values = targets.kind === 'classes' ? targets.labels : targets.values
  return {
    inputs: new Uint32Array(inputs.buffer, inputs.byteOffset, inputs.length),
    targets: values,
    inputWidth: count === 0 ? 0 : inputs.length / count,
    targetWidth: count === 0 ? 0 : values.length / count,
  }
}

/** 52 bits: two of FNV-1a's kind, over words. */
function hashOf({ inputs, targets, inputWidth, targetWidth }: Words, row: number): number {
  let a = 0x811c9dc5
  let b = 0x1b873593
  const add = (word: number) => {
    a = Math.imul(a ^ word, 0x01000193)
    b = Math.imul(b ^ (word + 0x9e3779b9), 0x85ebca6b)
    a ^= a >>> 15
    b ^= b >>> 13
  }
  for (let index = row * inputWidth; index < (row + 1) * inputWidth; index++) add(inputs[index]!)
  for (let index = row * targetWidth; index < (row + 1) * targetWidth; index++) add(targets[index]! | 0)
  return (a >>> 0) * 2 ** 20 + (b >>> 12)
}

function equal(one: Words, row: number, other: Words, at: number): boolean {
  for (let index = 0; index < one.inputWidth; index++)
    if (one.inputs[row * one.inputWidth + index] !== other.inputs[at * one.inputWidth + index]) return false
  for (let index = 0; index < one.targetWidth; index++)
    if (one.targets[row * one.targetWidth + index] !== other.targets[at * one.targetWidth + index]) return false
  return true
}
