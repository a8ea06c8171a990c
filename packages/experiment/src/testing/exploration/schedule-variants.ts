/** Schedules of the kinds of agreement that do not take whole updates of one model: in an agreed order, each for itself, with holes. */
import type { RandomStream } from '@hearsay/catalogue/random'
import { type Asynchronous, type Filters, type OrderedOptions, type PauseTerms, pausePolicies } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import type { Schedule } from './schedule.ts'
import { drawTold, type Pausing } from './schedule-pauses.ts'
import { withSchemers } from './schemers.ts'

export type Variant =
  | { readonly kind: 'ordered'; readonly options: OrderedOptions }
  | { readonly kind: 'each-for-itself'; readonly settings: Asynchronous }
  /** Chunks are lost at this rate. */
  | { readonly kind: 'holes'; readonly chunkMs: number; readonly rate: number }

function drawFilters(random: RandomStream): Filters {
  const chance = (probability: number): boolean => random.uniform() < probability
  return {
    lipschitz: chance(0.7) ? 'usual' : (['own-models', 'literal', 'none'] as const)[random.below(3)]!,
    memory: chance(0.6) ? 1 : 1 + random.below(5),
    frequency: chance(0.8) ? 'strict' : (['per-worker', 'none'] as const)[random.below(2)]!,
    dampening: (['inverse', 'exponential', 'none'] as const)[random.below(3)]!,
    alpha: 0.2,
    escape: chance(0.1),
  }
}

function drawVariant(kind: Variant['kind'], random: RandomStream): Variant {
  if (kind === 'holes')
    return { kind, chunkMs: 20 + random.below(200), rate: random.uniform() < 0.2 ? 0 : random.uniform() }
  const filters = drawFilters(random)
  const options = { remembered: 1 + random.below(8), bootstrap: random.below(4), step: 1 }
  if (kind === 'ordered') return { kind, options: { ...options, filters } }
  return { kind, settings: { variant: kind, ...filters, ...options, mixEvery: random.below(4) } }
}

/**
 * The same peers, links and faults. Most liars scheme: they know what the argument rests on. Some of the others are slow, and
 * in some schedules they are told to pause. Who forgets what it
 * said is left to exact agreement where nothing is certified, since nobody promises when it speaks again.
 */
export function withVariant(schedule: Schedule, kind: Variant['kind']): Schedule {
  const random = randomStream(schedule.seed, kind)
  const rounds = kind === 'holes' ? 1 + random.below(3) : 3 + random.below(6)
  const slow = Array.from({ length: schedule.peers }, () => (random.uniform() < 0.2 ? 2 + random.below(9) : 1))
  const crashes = schedule.crashes.filter(({ forgets }) => kind !== 'each-for-itself' || forgets !== true)
  const variant = drawVariant(kind, random)
  const given = { ...schedule, variant, rounds, crashes, slow }
  return withSchemers(random.uniform() < 0.3 ? { ...given, pausing: drawPausing(given, kind, random) } : given, random)
}

/** Pauses at any moment. With holes they may count: but for stand-ins, which may be lost in crashes, and then are said to be. */
function drawPausing(schedule: Schedule, kind: Variant['kind'], random: RandomStream): Pausing {
  const policies = pausePolicies.filter((each) => each !== 'memory')
  const counts = kind === 'holes' && random.uniform() < 0.7
  const terms: PauseTerms = { policy: policies[random.below(policies.length)]! }
  const told = drawTold(schedule, random)
  return { chance: 0, forEver: counts && random.uniform() < 0.3, told, ...(counts && { terms }) }
}
