/** Which output is the greatest, of equal ones the first. */
export function topOf(outputs: Float64Array): number {
  return outputs.indexOf(outputs.reduce((a, b) => Math.max(a, b)))
}
