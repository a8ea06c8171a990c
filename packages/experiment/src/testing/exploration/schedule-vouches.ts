/** Weights and a roster that change while a schedule runs: some wait for a voice, one leaves, and vouches go to and fro. */
import type { RandomStream } from '@hearsay/catalogue/random'
import { mostTolerated, type Said, type TrustTerms } from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'
import { drawChange } from './change.ts'
import type { Schedule } from './schedule.ts'
import { sum } from './sum.ts'

/** What a peer weighs: `least`, and more for each who vouches for it, up to `most`. */
export interface Vouching {
  readonly every: number
  readonly least: readonly number[]
  readonly most: readonly number[]
  /** Who says farewell, from which round on. */
  readonly leaves: readonly { readonly peer: number; readonly fromRound: number }[]
}

/** By how many vouch for each, hundredths and all. */
export function trustOf({ every, least, most }: Vouching): TrustTerms {
  return {
    every,
    vouches: [],
    weigh: (vouches) => {
      const given = least.map(() => 0)
      for (const { to, weight } of vouches) given[to]! += weight
      return least.map((weight, peer) => Math.min(most[peer]!, weight + Math.floor(given[peer]! / 25)))
    },
  }
}

/** Whom a peer vouches for in a round: others in each. */
export function wishesOf(
  { seed, peers }: Pick<Schedule, 'seed' | 'peers'>,
  { leaves }: Vouching,
): (peer: number, round: number) => readonly Said[] {
  return (peer, round) => {
    if (leaves.some((leaving) => leaving.peer === peer && round >= leaving.fromRound)) return [{ to: peer, weight: 0 }]
    const random = randomStream(seed, 'wishes', peer, round)
    const to = new Set([0, 1, 2].map(() => random.below(peers)))
    return [...to].filter((other) => other !== peer).map((other) => ({ to: other, weight: 25 * (1 + random.below(4)) }))
  }
}

/**
 * The same schedule with weights that change. Who lies, or loses what it stored, weighs F at most in every era, since the honest
 * who stay weigh at their least more than twice what those weigh at their most: weights move between the two.
 */
export function withVouches(schedule: Schedule, random: RandomStream): Schedule {
  const { weights = [], liars, crashes } = schedule
  const isLost = (peer: number): boolean =>
    liars.some((liar) => liar.peer === peer) || crashes.some((crash) => crash.forgets && crash.peer === peer)
  const honest = [...weights.keys()].filter((peer) => !isLost(peer))
  const [first, ...others] = honest
  const waiting = new Set([...weights.keys()].filter((peer) => peer !== first && random.uniform() < 0.3))
  const least = weights.map((weight, peer) => (waiting.has(peer) ? 0 : weight))
  const most = weights.map((weight) => weight + random.below(7))
  const leaves = others.flatMap((peer) =>
    random.uniform() < 0.4 / others.length ? [{ peer, fromRound: 1 + random.below(3) }] : [],
  )
  const stays = honest.filter((peer) => !leaves.some((leaving) => leaving.peer === peer))
  const lost = sum([...weights.keys()].flatMap((peer) => (isLost(peer) ? [most[peer]!] : [])))
  const heavy = stays.filter((peer) => !waiting.has(peer))
  while (sum(stays.map((peer) => least[peer]!)) <= 2 * lost) least[heavy[random.below(heavy.length)]!]!++
  const { every, rounds } = drawChange(random, schedule.peers)
  return {
    ...schedule,
    rounds: Math.max(rounds, schedule.rounds),
    weights: least,
    tolerated: mostTolerated(sum(least)),
    vouching: {
      every,
      least,
      most: most.map((weight, peer) => Math.max(weight, least[peer]!)),
      leaves,
    },
  }
}
