/** Peers that pause while a schedule runs: liars for ever, and others now and then. */
import type { RandomStream } from '@hearsay/catalogue/random'
import type { Clock, Pausing as PausingPort } from '@hearsay/peer'
import { type PauseTerms, pausePolicies } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import type { Schedule } from './schedule.ts'
import { withSchemers } from './schemers.ts'

export interface Pausing {
  /** How they count; they do not, and whoever pauses is silent, unless given. */
  readonly terms?: PauseTerms
  /** How often a peer pauses that does not lie. */
  readonly chance: number
  /** Whether liars pause in every round, instead of what they would do with an update. */
  readonly forEver: boolean
  /** Who is told to pause, and to resume, at some moment, whatever it does then: sorted by time. */
  readonly told?: readonly { readonly peer: number; readonly fromMs: number; readonly untilMs: number }[]
}

/**
 * Where pauses are bounded, only liars pause in whole rounds: whoever has spent its pauses is silent, and no more than F may be.
 * `throughout`, pauses begin and end at any moment too, and most liars scheme.
 */
export function withPauses(schedule: Schedule, random: RandomStream, throughout = false): Schedule {
  const policy = pausePolicies[random.below(pausePolicies.length)]!
  const isBounded = random.uniform() < 0.5
  const budget = { pauses: random.below(3), rounds: 1 + random.below(4) }
  const chance = isBounded ? 0 : 0.4 * random.uniform()
  const terms: PauseTerms = { policy, ...(isBounded && { budget }) }
  const paused = { ...schedule, pausing: { terms, chance, forEver: random.uniform() < 0.7 } }
  if (!throughout) return paused
  const rounds = Math.max(schedule.rounds, 2 + random.below(4))
  return withSchemers({ ...paused, rounds, pausing: { ...paused.pausing, told: drawTold(schedule, random) } }, random)
}

/** Who is told to pause and to resume at any moment. */
export function drawTold({ peers, liars }: Schedule, random: RandomStream): NonNullable<Pausing['told']> {
  const honest = Array.from({ length: peers }, (_, peer) => peer).filter(
    (peer) => !liars.some((liar) => liar.peer === peer),
  )
  const all = honest.flatMap((peer) =>
    Array.from({ length: random.below(4) }, () => {
      const fromMs = random.below(3000)
      return { peer, fromMs, untilMs: fromMs + random.below(1000) }
    }),
  )
  return all.sort((a, b) => a.fromMs - b.fromMs)
}

/** Who tells a peer whether to pause: of a round, by lot, and of a moment. */
export function pausingOf({ seed, liars }: Pick<Schedule, 'seed' | 'liars'>, pausing: Pausing) {
  const { chance, forEver, told = [] } = pausing
  return (peer: number, clock: Pick<Clock, 'nowMs' | 'after'>): PausingPort => {
    const own = told.filter((each) => each.peer === peer)
    return {
      isPaused: (round) => {
        if (liars.some((liar) => liar.peer === peer)) return forEver
        const nowMs = clock.nowMs()
        if (own.some(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)) return true
        return randomStream(seed, 'pauses', peer, round).uniform() < chance
      },
      onChange: (changed) => {
        const nowMs = clock.nowMs()
        const moments = own.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]).filter((atMs) => atMs > nowMs)
        const cancels = moments.map((atMs) => clock.after(atMs - nowMs, changed))
        return () => {
          for (const cancel of cancels) cancel()
        }
      },
    }
  }
}
