import type { RandomStream } from '@hearsay/catalogue/random'
import type { Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../engines/tensorflow.ts'
import { normal } from '../task/random.ts'
import { drawn } from './seeded.ts'

interface Initialiser {
  apply(shape: number[]): Tensor
  readonly gain: number
}

/**
 * The first weights of recurrent layers. What TensorFlow.js has for them is slow, and warns of it; this gives the same
 * distribution, drawn from the seed.
 */
export function registerOrthogonal(tf: Tensorflow): void {
  const { prototype } = tf.initializers.orthogonal({}).constructor as unknown as { prototype: Initialiser }
  prototype.apply = function (shape) {
    const columns = shape[shape.length - 1]!
    const rows = shape.reduce((size, side) => size * side, 1) / columns
    const { gain } = this
    const values = orthogonal(rows, columns, drawn)
    return tf.tensor(
      values.map((value) => gain * value),
      shape,
    )
  }
}

/**
 * A matrix, row by row, whose rows are orthonormal, or its columns when there are more rows; uniformly distributed among
 * these: Gram-Schmidt of normal vectors (Saxe, McClelland, Ganguli 2014).
 */
export function orthogonal(rows: number, columns: number, random: Pick<RandomStream, 'uniform'>): Float32Array {
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)]
  const vectors: Float64Array[] = []
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => normal(random))
    for (const other of vectors) addScaled(vector, other, -product(vector, other))
    const norm = Math.sqrt(product(vector, vector))
    vectors.push(vector.map((value) => value / norm))
  }
  const [step, stride] = rows < columns ? [columns, 1] : [1, columns]
  const matrix = new Float32Array(rows * columns)
  for (const [index, vector] of vectors.entries())
    for (const [at, value] of vector.entries()) matrix[index * step + at * stride] = value
  return matrix
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index]! += factor * vector[index]!
}
