import { expect, test } from 'vitest'
import { inWords, Pace } from './pace.ts'

test('what is left takes as long as what was done', () => {
  let now = 0
  const pace = new Pace(() => now)
  pace.jobs = 4
  pace.begun('a')
  now = 2000
  expect(pace.ended('a')).toBe('took 2 s real, about 6 s to go')
  pace.begun('b')
  pace.begun('c')
  now = 6000
  // One and a half more, and half of the other that goes on.
  expect(pace.ended('b')).toBe('took 4 s real, about 3.6 s to go')
  pace.ended('c')
  pace.begun('d')
  expect(pace.ended('d')).toBe('took 0 s real')
})

test('a job goes on as its rounds did, whatever came before the first of them', () => {
  let now = 0
  const pace = new Pace(() => now)
  pace.begun('a')
  now = 5000
  expect(pace.leftMs('a', { round: 11, rounds: 20 })).toBeUndefined()
  now = 6000
  expect(pace.leftMs('a', { round: 12, rounds: 20 })).toBe(8000)
  now = 10_000
  expect(pace.leftMs('a', { round: 16, rounds: 20 })).toBe(4000)
  pace.begun('a')
  expect(pace.leftMs('a', { round: 1, rounds: 20 })).toBeUndefined()
})

test('long times are in minutes and hours', () =>
  expect([50, 99_000, 400_000, 8_000_000].map(inWords)).toEqual(['0.05 s', '99 s', '7 min', '2.2 h']))
