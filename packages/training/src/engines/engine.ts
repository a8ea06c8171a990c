import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { registerGradients } from './gradients.ts'
import type { Tensorflow } from './tensorflow.ts'
import { registerWasmKernels } from './wasm-kernels.ts'

export const engineNames = ['native', 'wasm', 'batched'] as const
/** `batched` is native, and trains several peers by one computation where it can. */
export type EngineName = (typeof engineNames)[number]

/** TensorFlow.js with one backend active, on one thread. A process loads at most one. */
export interface Engine {
  name: EngineName
  version: string
  tf: Tensorflow
}

/** Variables that must be set before the process starts: one thread (faster for small models, and repeatable). */
export const engineEnvironment = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  OMP_NUM_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '3',
}

// TensorFlow.js is CommonJS whose re-exports an ES import does not see.
const require = createRequire(import.meta.url)

/** Loads an engine into this process; throws whatever its library throws. */
export async function loadEngine(name: EngineName): Promise<Engine> {
  return name === 'wasm' ? loadWasm() : { ...(await loadNative()), name }
}

async function loadNative(): Promise<Engine> {
  // Node 23 removed two functions that tfjs-node 4.22 calls; fixed upstream, never released.
  const util = require('node:util')
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray ??= Array.isArray
  Object.assign(process.env, engineEnvironment)
  const tf: Tensorflow = require('@tensorflow/tfjs-node')
  tf.enableProdMode()
  registerGradients(tf, false)
  await tf.ready()
  // tfjs-node falls back to plain JavaScript by itself, which must not pass for the native engine.
  if (tf.getBackend() !== 'tensorflow') throw new Error(`tfjs-node started its ${tf.getBackend()} backend`)
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } }
  return { name: 'native', version: `tfjs-node ${tf.version_core}, TensorFlow ${binding.TF_Version}`, tf }
}

async function loadWasm(): Promise<Engine> {
  const tf: Tensorflow = require('@tensorflow/tfjs')
  const wasm: typeof import('@tensorflow/tfjs-backend-wasm') = require('@tensorflow/tfjs-backend-wasm')
  tf.enableProdMode()
  wasm.setThreadsCount(1)
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep)
  registerWasmKernels(tf)
  registerGradients(tf, true)
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend of TensorFlow.js did not start')
  await tf.ready()
  return { name: 'wasm', version: `tfjs-backend-wasm ${wasm.version_wasm}`, tf }
}
