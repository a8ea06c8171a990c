/** The x of A x = b, A symmetric and positive definite, n × n row by row; by Gauss's elimination, which needs no pivots then. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length
  const a = Float64Array.from(matrix)
  const x = Float64Array.from(right)
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!
      if (factor === 0) continue
      for (let j = k; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!
      x[i]! -= factor * x[k]!
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i]! -= a[i * n + j]! * x[j]!
    x[i]! /= a[i * n + i]!
  }
  return x
}
