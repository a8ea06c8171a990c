import type { RandomStream } from '@hearsay/catalogue/random'
import type { Schedule } from './schedule.ts'

/** Most liars change single words. */
export function withSchemers(schedule: Schedule, random: RandomStream): Schedule {
  const liars = schedule.liars.map(({ peer, behaviour }) => ({
    peer,
    behaviour: random.uniform() < 0.7 ? { behaviour: 'schemer', often: 0.02 + 0.6 * random.uniform() ** 2 } : behaviour,
  }))
  return { ...schedule, liars }
}
