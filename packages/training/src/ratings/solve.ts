/**
 * Solves A x = b for a symmetric positive definite matrix, row by row in `a` (its lower half is read), by Cholesky's
 * decomposition. `a` is overwritten, and `b` by the solution.
 */
export function solve(a: Float64Array, b: Float64Array): void {
  const size = b.length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * size + column]!
      for (let at = 0; at < column; at++) sum -= a[row * size + at]! * a[column * size + at]!
      a[row * size + column] = row === column ? Math.sqrt(sum) : sum / a[column * size + column]!
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = b[row]!
    for (let at = 0; at < row; at++) sum -= a[row * size + at]! * b[at]!
    b[row] = sum / a[row * size + row]!
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row]!
    for (let at = row + 1; at < size; at++) sum -= a[at * size + row]! * b[at]!
    b[row] = sum / a[row * size + row]!
  }
}

/** Adds weight · v vᵀ to the lower half of a matrix; v is `size` numbers of `model` from `row` on. */
export function addSquare(matrix: Float64Array, model: Float32Array, row: number, size: number, weight: number): void {
  for (let at = 0; at < size; at++)
    for (let other = 0; other <= at; other++)
      matrix[at * size + other]! += weight * model[row + at]! * model[row + other]!
}
