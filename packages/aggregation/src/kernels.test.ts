import { expect, test } from 'vitest'
import { kernelsBase64 } from './kernels.wasm.ts'

test('the module stays under 4 KiB, which every browser compiles synchronously on its main thread', () => {
  expect(atob(kernelsBase64).length).toBeLessThan(4096)
})
