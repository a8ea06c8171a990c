import { expect, test } from 'vitest'
import { compileKernels, embeddedKernels } from './build-kernels.ts'

test('the embedded kernels are, byte by byte, what their sources compile to', () => {
  expect(
    embeddedKernels() === compileKernels(),
    'run "node scripts/reference/build-kernels.ts" and commit its result',
  ).toBe(true)
})
