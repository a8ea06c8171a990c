import { expect, test } from 'vitest'
import { costOf } from './measure-floods.ts'

test('a flood makes others handle its slots, all of them and no more, and costs them no other time than silence does', () => {
  const [silent, flood] = [costOf(4, 'silent'), costOf(4, 'flood')]
  expect(flood.slotsOfLiars).toBe(2 + 8 + 64)
  expect(flood.handled).toBeGreaterThan(flood.slotsOfLiars)
  // What honest peers say themselves does not grow, but for what they answer to votes in further phases.
  expect(flood.handled).toBeLessThan(flood.slotsOfLiars + 2 * silent.handled)
  expect(flood.tookMs).toBeLessThan(1.5 * silent.tookMs)
})

test.each(['replay', 'malformed', 'impersonate', 'oversize'])('%s makes others handle nothing', (behaviour) => {
  expect(costOf(4, behaviour).handled).toBe(costOf(4, 'none').handled)
})
