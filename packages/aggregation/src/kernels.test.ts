import { expect, test } from 'vitest'
import { AggregationError } from './error.ts'
import { instantiateKernels } from './kernels.ts'
import { kernelsBase64 } from './kernels.wasm.ts'

test('the memory has at least the size asked for, and is all zero: the module brings no data of its own', () => {
  const { buffer } = instantiateKernels(70_000)
  expect(buffer.byteLength).toBe(2 * 65_536)
  expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true)
})

test('instances share nothing', () => {
  const [one, other] = [instantiateKernels(1), instantiateKernels(1)]
  new Uint8Array(one.buffer).fill(1)
  expect(new Uint8Array(other.buffer).some((byte) => byte !== 0)).toBe(false)
})

test('a size beyond 32-bit addresses is refused', () => {
  expect(() => instantiateKernels(2 ** 32)).toThrow(AggregationError)
})

test('the module is small enough for any browser to compile it synchronously', () => {
  // Chrome's limit on the main thread is 8 MB.
  expect(atob(kernelsBase64).length).toBeLessThan(8e6)
})
