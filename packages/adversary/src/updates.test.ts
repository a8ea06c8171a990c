import { describe, expect, it } from 'vitest'
import { createAdversary } from './behaviours.ts'
import { gaussian } from './gaussian.ts'
import { signFlip } from './sign-flip.ts'

describe('sign-flip', () => {
  it('sends −scale × the update, and leaves the update itself alone', () => {
    const update = new Float32Array([1, -2, 0.5])
    expect(signFlip({ scale: 4 }).alter?.(update, 1)).toEqual(new Float32Array([-4, 8, -2]))
    expect(update).toEqual(new Float32Array([1, -2, 0.5]))
    expect(signFlip({ scale: 1 }).participant).toBeUndefined()
  })
})

describe('gaussian', () => {
  const length = 100_001
  const noise = (seed: number, deviation = 3): Float32Array =>
    gaussian({ deviation, seed }).alter!(new Float32Array(length).fill(7), 1)

  it('is normal noise of mean 0 and the given deviation, whatever the update was', () => {
    const values = noise(1)
    expect(values).toHaveLength(length)
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / length
    // Ten standard errors: 10 · 3/√n, 10 · 9·√2/√n, 10 · √96·81/√n.
    expect(Math.abs(moment(1))).toBeLessThan(0.1)
    expect(Math.abs(moment(2) - 9)).toBeLessThan(0.41)
    expect(Math.abs(moment(3))).toBeLessThan(3.4)
    expect(Math.abs(moment(4) - 243)).toBeLessThan(25.1)
    // Neighbours come from one pair of uniform numbers, and must not depend on each other.
    let product = 0
    for (let i = 1; i < length; i++) product += values[i]! * values[i - 1]!
    expect(Math.abs(product / length)).toBeLessThan(0.3)
    expect(values.every(Number.isFinite)).toBe(true)
  })

  it('is the same for the same seed, another in another round, and another for another seed', () => {
    const same = (a: Float32Array, b: Float32Array): boolean =>
      Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0
    expect(same(noise(5), noise(5))).toBe(true)
    expect(same(noise(5), noise(6))).toBe(false)
    const adversary = gaussian({ deviation: 1, seed: 5 })
    const update = new Float32Array(10)
    const first = adversary.alter!(update, 1)
    expect(adversary.alter!(update, 2)).not.toEqual(first)
    expect(noise(5, 0).every((value) => Math.abs(value) === 0)).toBe(true)
  })
})

it('every behaviour has its adversary, by name', () => {
  const update = new Float32Array([1, 2])
  expect(createAdversary({ behaviour: 'sign-flip', scale: 2 }, 1).alter?.(update, 1)).toEqual(
    new Float32Array([-2, -4]),
  )
  const noisy = createAdversary({ behaviour: 'gaussian', deviation: 2 }, 9)
  expect(noisy.alter?.(update, 1)).toEqual(gaussian({ deviation: 2, seed: 9 }).alter?.(update, 1))
  for (const behaviour of ['silent', 'equivocate', 'split-brain'] as const) {
    const adversary = createAdversary({ behaviour }, 1)
    expect(adversary.alter).toBeUndefined()
    expect(adversary.participant).toBeDefined()
  }
})
