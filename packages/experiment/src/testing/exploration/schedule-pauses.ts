/** Peers that pause while a schedule runs: liars for ever, and others now and then. */
import type { RandomStream } from '@hearsay/catalogue/random'
import { type PauseTerms, pausePolicies } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import type { Schedule } from './schedule.ts'

export interface Pausing {
  readonly terms: PauseTerms
  /** How often a peer pauses that does not lie. */
  readonly chance: number
  /** Whether liars pause in every round, instead of what they would do with an update. */
  readonly forEver: boolean
}

/** Where pauses are bounded, only liars pause: whoever has spent its pauses is silent, and no more than F may be. */
export function withPauses(schedule: Schedule, random: RandomStream): Schedule {
  const policy = pausePolicies[random.below(pausePolicies.length)]!
  const isBounded = random.uniform() < 0.5
  const budget = { pauses: random.below(3), rounds: 1 + random.below(4) }
  const chance = isBounded ? 0 : 0.4 * random.uniform()
  const terms: PauseTerms = { policy, ...(isBounded && { budget }) }
  return { ...schedule, pausing: { terms, chance, forEver: random.uniform() < 0.7 } }
}

/** Whether a peer pauses in a round. */
export function pausesIn(
  { seed, liars }: Pick<Schedule, 'seed' | 'liars'>,
  { chance, forEver }: Pausing,
): (peer: number, round: number) => boolean {
  return (peer, round) => {
    if (liars.some((liar) => liar.peer === peer)) return forEver
    return randomStream(seed, 'pauses', peer, round).uniform() < chance
  }
}
