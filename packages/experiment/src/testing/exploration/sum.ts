export function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0)
}
