/** The mean of a function of what each output lacks to its target, and its gradient by each output. */
export function byDifference(
  outputs: Float32Array,
  targets: ArrayLike<number>,
  of: (difference: number) => number,
  slope: (difference: number) => number,
): { loss: number; gradient: Float32Array } {
  const gradient = new Float32Array(outputs.length)
  let loss = 0
  for (let index = 0; index < outputs.length; index++) {
    const difference = outputs[index]! - targets[index]!
    loss += of(difference)
    gradient[index] = slope(difference) / outputs.length
  }
  return { loss: loss / outputs.length, gradient }
}
