import type { Loss } from './loss.ts'

/** −log softmax(outputs)[class] (Bridle 1990), the mean over samples. */
export const crossEntropy: Loss<'cross-entropy'> = {
  name: 'cross-entropy',
  summary: 'of the softmax of one output a class',
  targets: 'classes',
  options: {},
  of: softmaxCrossEntropy,
}

/** See `crossEntropy`. A function of its own, since what was published came from it. */
export function softmaxCrossEntropy(
  logits: Float32Array,
  labels: ArrayLike<number>,
): { loss: number; gradient: Float32Array } {
  const classes = logits.length / labels.length
  const gradient = new Float32Array(logits.length)
  let loss = 0
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample]!
    const start = sample * classes
    let largest = logits[start]!
    for (let index = 1; index < classes; index++) if (logits[start + index]! > largest) largest = logits[start + index]!
    let sum = 0
    for (let index = 0; index < classes; index++) sum += Math.exp(logits[start + index]! - largest)
    for (let index = 0; index < classes; index++) {
      const probability = Math.exp(logits[start + index]! - largest) / sum
      gradient[start + index] = (probability - (index === label ? 1 : 0)) / labels.length
    }
    loss += Math.log(sum) - (logits[start + label]! - largest)
  }
  return { loss: loss / labels.length, gradient }
}
