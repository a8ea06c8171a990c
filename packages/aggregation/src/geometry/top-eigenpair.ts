import { Random } from './random.ts'

/** Residual, relative to the eigenvalue, at which it is found. */
const tolerance = 1e-10
const mostSteps = 300

/** Of an eigenvalue of the tridiagonal matrix. */
const precision = 1e-15

/**
 * The greatest eigenvalue and a unit eigenvector of a symmetric positive semidefinite n × n matrix, row-major, by Lanczos
 * with full reorthogonalisation. O(n² k) for k ≤ min(n, 300) steps. With only +, −, ×, / and square roots in a fixed order,
 * the result is the same bits everywhere. Its start is drawn from all bits of the matrix: one that was known before, liars
 * could make orthogonal to the eigenvector that gives them away.
 */
export function topEigenpair(matrix: Float64Array, n: number): { value: number; vector: Float64Array } {
  const random = new Random(seedOf(matrix))
  let scale = 0
  for (let i = 0; i < n; i++) scale = Math.max(scale, matrix[i * n + i]!)
  let next: Float64Array = Float64Array.from({ length: n }, () => random.below(2 ** 20) - 2 ** 19 + 0.5)
  if (!(scale > 0)) return { value: 0, vector: normalised(next, length(next)) }
  const basis: Float64Array[] = []
  const diagonal: number[] = []
  const beside: number[] = []
  let norm = length(next)
  for (;;) {
    const current = normalised(next, norm)
    basis.push(current)
    next = multiply(matrix, n, current, scale)
    diagonal.push(inner(next, current))
    // Twice is enough (Parlett, Kahan): what rounding leaves of the basis after the first time goes with the second.
    for (let twice = 0; twice < 2; twice++) for (const each of basis) subtract(next, each, inner(next, each))
    norm = length(next)
    const steps = basis.length
    const ends = steps === Math.min(n, mostSteps) || norm <= tolerance * Math.max(0, ...diagonal)
    if (ends || steps % 8 === 0) {
      const top = topOfTridiagonal(diagonal, beside)
      if (ends || norm * Math.abs(top.vector[steps - 1]!) <= tolerance * top.value) {
        const vector = new Float64Array(n)
        for (const [k, each] of basis.entries()) subtract(vector, each, -top.vector[k]!)
        return { value: Math.max(0, top.value) * scale, vector: normalised(vector, length(vector)) }
      }
    }
    beside.push(norm)
  }
}

function seedOf(matrix: Float64Array): number {
  let seed = 0
  for (const word of new Uint32Array(matrix.buffer, matrix.byteOffset, matrix.length * 2)) {
    seed = Math.imul(seed ^ word, 0x9e3779b1)
    seed ^= seed >>> 15
  }
  return seed
}

/** Bisection by Sturm counts, then inverse iteration just above the eigenvalue, where LDLᵀ needs no pivots. */
function topOfTridiagonal(diagonal: readonly number[], beside: readonly number[]) {
  const n = diagonal.length
  let [low, high] = [Math.max(...diagonal), 0]
  for (const [i, value] of diagonal.entries()) {
    high = Math.max(high, value + Math.abs(beside[i - 1] ?? 0) + (i < n - 1 ? Math.abs(beside[i]!) : 0))
  }
  while (high - low > precision * high) {
    const middle = (low + high) / 2
    // Nothing is between them: rounding can leave an eigenvalue a little below 0, where precision is no end.
    if (middle === low || middle === high) break
    if (isAbove(diagonal, beside, middle)) high = middle
    else low = middle
  }
  const shift = high + (Math.abs(high) + 1e-300) * (1 / 2 ** 50)
  let vector = new Float64Array(n).fill(1)
  for (let times = 0; times < 3; times++) {
    vector = solve(diagonal, beside, shift, vector)
    vector = normalised(vector, length(vector))
  }
  return { value: high, vector }
}

/** Whether all eigenvalues are below x. */
function isAbove(diagonal: readonly number[], beside: readonly number[], x: number): boolean {
  let pivot = 1
  for (let i = 0; i < diagonal.length; i++) {
    pivot = x - diagonal[i]! - (i > 0 ? (beside[i - 1]! * beside[i - 1]!) / pivot : 0)
    if (!(pivot > 0)) return false
  }
  return true
}

/** (shift I − T) y = x. */
function solve(diagonal: readonly number[], beside: readonly number[], shift: number, x: Float64Array) {
  const n = diagonal.length
  const pivots = new Float64Array(n)
  const y = Float64Array.from(x)
  for (let i = 0; i < n; i++) {
    const above = i > 0 ? beside[i - 1]! / pivots[i - 1]! : 0
    const pivot = shift - diagonal[i]! - (i > 0 ? above * beside[i - 1]! : 0)
    pivots[i] = pivot > 0 ? pivot : 1 / 2 ** 60
    if (i > 0) y[i] = y[i]! + above * y[i - 1]!
  }
  for (let i = n - 1; i >= 0; i--) {
    const after = i < n - 1 ? beside[i]! * y[i + 1]! : 0
    y[i] = (y[i]! + after) / pivots[i]!
  }
  return y
}

function multiply(matrix: Float64Array, n: number, x: Float64Array, divisor: number): Float64Array {
  const product = new Float64Array(n)
  for (let i = 0; i < n; i++) product[i] = sumOfProducts(matrix, i * n, x) / divisor
  return product
}

function inner(a: Float64Array, b: Float64Array): number {
  return sumOfProducts(a, 0, b)
}

/** Σ a_(from + i) b_i, as four sums that do not wait for one another. */
function sumOfProducts(a: Float64Array, from: number, b: Float64Array): number {
  const n = b.length
  const whole = n - (n % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0, at = from; i < whole; i += 4, at += 4) {
    s0 += a[at]! * b[i]!
    s1 += a[at + 1]! * b[i + 1]!
    s2 += a[at + 2]! * b[i + 2]!
    s3 += a[at + 3]! * b[i + 3]!
  }
  for (let i = whole; i < n; i++) s0 += a[from + i]! * b[i]!
  return s0 + s1 + (s2 + s3)
}

function length(x: Float64Array): number {
  return Math.sqrt(inner(x, x))
}

function normalised(x: Float64Array<ArrayBuffer>, norm: number): Float64Array<ArrayBuffer>
function normalised(x: Float64Array, norm: number): Float64Array
function normalised(x: Float64Array, norm: number): Float64Array {
  return x.map((value) => value / norm)
}

function subtract(from: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i] = from[i]! - factor * x[i]!
}
