import { describe, expect, it, test } from 'vitest'
import type { AttackContext } from './attack.ts'
import type { AttackName } from './attack-names.ts'
import { attacks, createAttack } from './attacks.ts'
import { contextOf, vectorsOf } from './testing/context.ts'

describe('golden values (ByzFL conventions)', () => {
  const honest = vectorsOf([1, 2, 3], [4, 5, 6], [7, 8, 9])

  test.each<[AttackName, Record<string, unknown>, number[]]>([
    ['little-is-enough', { z: 1.5 }, [8.5, 9.5, 10.5]],
    ['little-is-enough', { z: 1.5, direction: 'minus' }, [-0.5, 0.5, 1.5]],
    ['inner-product', { tau: 2 }, [-8, -10, -12]],
    ['sign-flip', { of: 'mean' }, [-4, -5, -6]],
  ])('%s %o', (name, options, expected) => {
    expect(createAttack(name, options)(contextOf(honest, 1))).toEqual(Float32Array.from(expected))
  })
})

describe('worked examples of the docstrings', () => {
  const column = (...values: number[]) => vectorsOf(...values.map((value) => [value]))
  const mean = { rule: 'mean', tolerated: 1 } as const

  test.each<[AttackName, Record<string, unknown>, AttackContext, number[]]>([
    ['sign-flip', { scale: 4 }, contextOf(vectorsOf([1, -2]), 1), [-4, 8]],
    ['optimal-inner-product', {}, contextOf(column(1, 3), 1, { rule: mean }), [-(2 ** 20)]],
    ['hidden-vulnerability', {}, contextOf(column(0, 4, 8), 1), [8]],
    ['fang', {}, contextOf(column(-3, 1, 2, 8, 7), 2), [-1]],
    ['min-max', {}, contextOf(column(1, 3, 8), 1), [1]],
    ['min-sum', {}, contextOf(column(1, 3, 8), 1), [0]],
    ['mimic', {}, contextOf(vectorsOf([0, 0], [1, 0], [5, 1]), 1), [5, 1]],
    ['non-finite', { coordinates: 'first' }, contextOf(vectorsOf([1, 2]), 1), [Number.NaN, 2]],
    [
      'non-finite',
      { value: 'minus-infinity' },
      contextOf(vectorsOf([1, 2]), 1),
      Array(2).fill(Number.NEGATIVE_INFINITY),
    ],
    ['constant', { value: 3 }, contextOf(vectorsOf([1, 2]), 1), [3, 3]],
    ['zero', {}, contextOf(vectorsOf([1, 2]), 1), [0, 0]],
    ['scaled', {}, contextOf(vectorsOf([1, -2]), 1), [10, -20]],
  ])('%s %o', (name, options, context, expected) => {
    expect(createAttack(name, options)(context)).toEqual(Float32Array.from(expected))
  })

  test('optimal-little-is-enough is at or beyond an end', () => {
    const [sent] = createAttack('optimal-little-is-enough')(contextOf(column(0, 3, 6), 1))
    expect(Math.abs(sent! - 3)).toBeGreaterThanOrEqual(3)
  })

  test('gaussian', () => {
    const draws = [1 - Math.exp(-0.5), 0]
    const random = { uniform: () => draws.shift()! }
    const noise = createAttack('gaussian', { deviation: 0.5 })(contextOf(vectorsOf([7, 7]), 1, { random }))
    expect(noise[0]).toBeCloseTo(0.5, 6)
    expect(noise[1]).toBe(0)
  })
})

describe('the registry', () => {
  it('has every attack under its name, with a line on what it does', () => {
    expect(attacks.size).toBe(20)
    for (const [name, attack] of attacks) {
      expect(attack.name).toBe(name)
      expect(attack.summary).toMatch(/^\S.*[^.]$/)
      // Defaults are what their own descriptors take.
      expect(Object.keys(attacks.resolve(name, {}).options)).toEqual(Object.keys(attack.options))
    }
  })

  it('refuses unknown names and options with a suggestion, and values out of range', () => {
    expect(() => attacks.find('sing-flip')).toThrow(
      expect.objectContaining({
        code: 'unknown-attack',
        message: 'Unknown attack "sing-flip"; did you mean "sign-flip"?',
      }),
    )
    expect(() => attacks.find('nonsense')).toThrow(/the attacks are a-hum, a-ra, constant, fang/)
    expect(() => createAttack('inner-product', { taus: 1 })).toThrow(
      expect.objectContaining({ code: 'unknown-option', message: expect.stringContaining('did you mean "tau"?') }),
    )
    expect(() => createAttack('inner-product', { tau: -1 })).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('a number above 0') }),
    )
    expect(() =>
      createAttack('hidden-vulnerability', { coordinate: 2 })(contextOf(vectorsOf([1, 2], [3, 4]), 1)),
    ).toThrow(expect.objectContaining({ code: 'bad-option' }))
  })

  it('refuses contexts that cannot be', () => {
    const attack = createAttack('inner-product')
    const honest = vectorsOf([1, 2], [3, 4])
    const bad = expect.objectContaining({ code: 'bad-context' })
    expect(() => attack(contextOf(honest, 1, { honest: [] }))).toThrow(bad)
    expect(() => attack(contextOf(honest, 1, { own: new Float32Array(3) }))).toThrow(bad)
    expect(() => attack(contextOf(vectorsOf([1, Number.NaN]), 1))).toThrow(bad)
    expect(() => attack(contextOf(honest, 3, { n: 2 }))).toThrow(bad)
    expect(() => attack(contextOf(honest, -1))).toThrow(bad)
  })

  it('tells of a rule that is not defined for so many updates', () => {
    const context = contextOf(vectorsOf([1], [2]), 1, { rule: { rule: 'krum', tolerated: 1 } })
    for (const name of ['optimal-inner-product', 'hidden-vulnerability', 'fang'] as const)
      expect(() => createAttack(name)(context)).toThrow(expect.objectContaining({ code: 'requirement-unmet' }))
  })
})
