import { createRequire } from 'node:module'
import type { Tensorflow } from './tensorflow.ts'

const require = createRequire(import.meta.url)

/** TensorFlow.js without an engine, as a process has it that trains nothing; the same module as that of an engine. */
export function plainTensorflow(): Tensorflow {
  const tf: Tensorflow = require('@tensorflow/tfjs')
  tf.enableProdMode()
  return tf
}

/**
 * Works on the backend in plain JavaScript, which computes the same bits in every process, whatever engine it has. What comes
 * of it moves to the engine when that uses it.
 */
export function onPlainBackend<Result>(tf: Tensorflow, work: () => Result): Result {
  const engine = tf.getBackend()
  // Nothing is awaited: a backend that has started is there at once.
  tf.setBackend('cpu')
  try {
    return work()
  } finally {
    if (engine !== undefined) tf.setBackend(engine)
  }
}
