import { expect, test } from 'vitest'
import { AggregationError } from './error.ts'
import { allocateKernelMemory, instantiateKernels } from './kernels.ts'
import { kernelsBase64 } from './kernels.wasm.ts'

test('the memory has at least the size asked for, and is all zero: the module brings no data of its own', () => {
  const { buffer } = allocateKernelMemory(70_000, false).memory
  expect(buffer.byteLength).toBe(2 * 65_536)
  expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true)
})

test('memories share nothing', () => {
  const [one, other] = [allocateKernelMemory(1, false).memory, allocateKernelMemory(1, false).memory]
  new Uint8Array(one.buffer).fill(1)
  expect(new Uint8Array(other.buffer).some((byte) => byte !== 0)).toBe(false)
})

test.each([false, true])('the kernels work on memory that is shared: %s', (shared) => {
  const made = allocateKernelMemory(1000, shared)
  expect(made.memory.buffer instanceof SharedArrayBuffer).toBe(shared)
  const [kernels, others] = [instantiateKernels(made), instantiateKernels(made)]
  expect(kernels.allFinite(64, 16)).toBe(1)
  new Float32Array(made.memory.buffer, 64, 16)[7] = Number.NaN
  expect([kernels.allFinite(64, 16), others.allFinite(64, 16)]).toEqual([0, 0])
})

test('a size beyond 32-bit addresses is refused', () => {
  expect(() => allocateKernelMemory(2 ** 32, false)).toThrow(AggregationError)
})

test('the module is small enough for any browser to compile it synchronously', () => {
  // Chrome's limit on the main thread is 8 MB.
  expect(atob(kernelsBase64).length).toBeLessThan(8e6)
})
