import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('a turn is one of the loop, and those who wait have theirs one after the other, however much one wants', async () => {
  const turns = new Turns()
  let loop = 0
  let ticking: NodeJS.Immediate
  const tick = (): void => {
    loop++
    ticking = setImmediate(tick)
  }
  tick()
  const had: { who: string; loop: number }[] = []
  const wanting = ['a', 'a', 'a', 'a', 'b', 'c', 'b'].map(async (who) => {
    await turns.next(who)
    had.push({ who, loop })
  })
  await Promise.all(wanting)
  clearImmediate(ticking!)
  expect(had.map(({ who }) => who).join('')).toBe('abcabaa')
  expect(new Set(had.map((each) => each.loop)).size).toBe(had.length)
})
