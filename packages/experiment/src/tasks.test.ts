import { expect, test } from 'vitest'
import { engineNamed } from './tasks.ts'

test.each([
  ['native (tfjs-node 4.22.0, TensorFlow 2.21.0)', 'native'],
  ['batched (tfjs-node 4.22.0, TensorFlow 2.21.0)', 'batched'],
  ['wasm (tfjs-backend-wasm 4.22.0)', 'wasm'],
])('a run of %s is gone on with by the engine %s', (line, name) => {
  expect(engineNamed(line)).toBe(name)
})
