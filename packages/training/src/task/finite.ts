/** As `every` would tell, in a tenth of the time. */
export function allFinite(numbers: Float32Array): boolean {
  for (let index = 0; index < numbers.length; index++) if (!Number.isFinite(numbers[index])) return false
  return true
}
