/** Which of `width` outputs from `start` on is the largest, of equal ones the first; −1 when one is NaN or the largest is infinite. */
export function largestOf(outputs: Float32Array, start: number, width: number): number {
  let best = 0
  let number = true
  for (let index = 0; index < width; index++) {
    const output = outputs[start + index]!
    if (Number.isNaN(output)) number = false
    if (output > outputs[start + best]!) best = index
  }
  return number && Number.isFinite(outputs[start + best]!) ? best : -1
}
