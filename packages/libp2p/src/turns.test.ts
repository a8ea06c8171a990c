import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

/** Who had a turn in which turn of the loop, when everybody in `wanting` waits at once and then works so long. */
async function turnsOf(wanting: readonly string[], workMs: number): Promise<{ who: string; loop: number }[]> {
  const turns = new Turns()
  let loop = 0
  let ticking: NodeJS.Immediate
  const tick = (): void => {
    loop++
    ticking = setImmediate(tick)
  }
  tick()
  const had: { who: string; loop: number }[] = []
  await Promise.all(
    wanting.map(async (who) => {
      await turns.next(who)
      // As deep as a frame of gossip is in promises.
      for (let hop = 0; hop < 20; hop++) await undefined
      had.push({ who, loop })
      const untilMs = performance.now() + workMs
      while (performance.now() < untilMs);
    }),
  )
  clearImmediate(ticking!)
  return had
}

it('what takes a moment has a turn of the loop, and those who wait theirs one after the other, however much one wants', async () => {
  const had = await turnsOf(['a', 'a', 'a', 'a', 'b', 'c', 'b'], 3)
  expect(had.map(({ who }) => who).join('')).toBe('abcabaa')
  expect(new Set(had.map((each) => each.loop)).size).toBe(had.length)
})

it('of what takes no time, only so much is done in one turn of the loop', async () => {
  const had = await turnsOf(Array(100).fill('a'), 0)
  const byLoop = Map.groupBy(had, ({ loop }) => loop)
  expect(byLoop.size).toBeGreaterThanOrEqual(100 / 16)
  for (const each of byLoop.values()) expect(each.length).toBeLessThanOrEqual(16)
})
