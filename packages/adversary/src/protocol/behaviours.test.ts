import { expect, test } from 'vitest'
import { AttackError } from '../updates/index.ts'
import { createAdversary } from './behaviours.ts'

test('options have defaults, and what is wrong is said with the remedy', () => {
  const wrong = (behaviour: object): AttackError => {
    try {
      createAdversary(behaviour as never, 1)
    } catch (error) {
      if (error instanceof AttackError) return error
    }
    throw new Error('nothing was wrong')
  }
  expect(wrong({ behaviour: 'latte' }).code).toBe('unknown-attack')
  expect(wrong({ behaviour: 'latte' }).message).toMatch(/did you mean "late"/)
  expect(wrong({ behaviour: 'late', delaysMs: 3 }).message).toMatch(/no option "delaysMs".*did you mean "delayMs"/)
  expect(wrong({ behaviour: 'late', delayMs: 0 })).toMatchObject({ code: 'bad-option' })
  expect(wrong({ behaviour: 'silent', update: 'sign-flip' })).toMatchObject({ code: 'unknown-option' })
})

test('an attack on updates is added to what sends updates, in flip-flop in its lying rounds', async () => {
  const own = new Float32Array([1, -2])
  const altered = async (behaviour: object, round: number): Promise<number[]> => {
    const view = { round, n: 4, rule: { rule: 'mean', tolerated: 1 }, coalition: { liars: [1] } }
    const { alter } = createAdversary(behaviour as never, 1)
    return [...((await alter!(own, view as never)) as Float32Array)]
  }
  expect(await altered({ behaviour: 'late', update: 'sign-flip' }, 1)).toEqual([-1, 2])
  expect(createAdversary({ behaviour: 'late' }, 1).alter).toBeUndefined()
  const byTurns = { behaviour: 'flip-flop', lie: 'none', update: 'zero' }
  expect(await altered(byTurns, 1)).toEqual([1, -2])
  expect(await altered(byTurns, 2)).toEqual([0, 0])
})
