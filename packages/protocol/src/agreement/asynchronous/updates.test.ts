import { expect, test } from 'vitest'
import { digestOf } from '../../words/digest.ts'
import { type Asynchronous, mostInRound } from './settings.ts'
import { Updates } from './updates.ts'

const settings: Asynchronous = {
  variant: 'each-for-itself',
  lipschitz: 'none',
  memory: 1,
  frequency: 'none',
  dampening: 'none',
  alpha: 1,
  escape: false,
  bootstrap: 0,
  step: 1,
  mixEvery: 0,
  remembered: 32,
}

const digest = (text: string): string => digestOf(new TextEncoder().encode(text))

test('of an author that announces more than is judged, no more waits than it may give in a round', () => {
  const model = digest('model')
  const port = { work: () => {}, output: () => {}, setTimer: () => {} }
  const updates = new Updates(
    { settings, peers: 4, tolerated: 1, model, graceMs: 0, self: 0, onMoved: () => {} },
    port as never,
  )
  // The first is measured, which does not end.
  for (let number = 0; number < 100; number++)
    updates.onHeld({ author: 3, gradient: digest(`${number}`), model, epoch: 0 })
  const waiting = updates.named.filter((each) => each !== model)
  expect(new Set(waiting).size).toBeLessThanOrEqual(1 + mostInRound)
  expect(waiting).toContain(digest('99'))
})

test('the rule is asked when gradients of n − f are there, and the grace time is over', () => {
  const model = digest('model')
  const work: string[] = []
  const timers: (() => void)[] = []
  const port = {
    work: ({ kind }: { readonly kind: string }) => void work.push(kind),
    output: () => {},
    setTimer: (_: number, due: () => void) => void timers.push(due),
  }
  const more = { peers: 4, tolerated: 1, model, graceMs: 5, self: 0, onMoved: () => {} }
  const updates = new Updates({ settings: { ...settings, bootstrap: 1 }, ...more }, port as never)
  const give = (author: number): void => updates.onHeld({ author, gradient: digest(`${author}`), model, epoch: 0 })
  give(0)
  give(1)
  give(1)
  expect(timers).toEqual([])
  give(2)
  expect([timers.length, work]).toEqual([1, []])
  timers[0]!()
  expect(work).toEqual(['measure'])
})
