/** Whom the peers of a cell vouch for in which round, where weights follow vouches while it runs. */
import { fullWeight, mostStanding } from '@hearsay/protocol'
import { sybilVouches } from '@hearsay/trust'
import { maliciousCount } from './adversaries.ts'
import type { Finding } from './finding.ts'
import type { TrustSection } from './trust-section.ts'

/** What a peer wishes to say of another, by index, in hundredths. */
interface Wish {
  readonly to: number
  readonly weight: number
}

/** From a round on, 0 being before round 1: that a peer vouches for another with this weight, 0 not at all. */
interface Turn {
  readonly round: number
  readonly from: number
  readonly to: number
  readonly weight: number
}

/** Hundredths of a vouch; anything else is refused by `faultsOfVouching`. */
export function hundredthsOf(weight: number): number {
  return Math.round(fullWeight * weight)
}

/** What a peer, by index, wishes to say in a round, of all peers by index; to itself, that it leaves. Nothing unless weights follow vouches. */
export function wishesOf(
  parameters: Parameters<typeof maliciousCount>[0] & {
    readonly peers: number
    readonly trust?: TrustSection | undefined
  },
): ((peer: number, round: number) => readonly Wish[]) | undefined {
  const { trust, peers } = parameters
  if (trust?.every === undefined) return undefined
  const liars = maliciousCount(parameters)
  const turns = turnsOf(trust, peers - liars, liars)
  return (peer, round) => {
    const leaves = trust.roster.some((each) => each.leave?.includes(peer) && each.round <= round)
    if (leaves) return [{ to: peer, weight: 0 }]
    const wished = new Map<number, number>()
    for (const turn of turns) if (turn.from === peer && turn.round <= round) wished.set(turn.to, turn.weight)
    return [...wished].filter(([, weight]) => weight > 0).map(([to, weight]) => ({ to, weight }))
  }
}

/** Those of honest peers that stand before round 1: with liars it is theirs to say. */
export function standingAtFirst(trust: TrustSection, honest: number, liars: number): Turn[] {
  return turnsOf(trust, honest, liars).filter(({ round, from }) => round === 0 && from < honest)
}

/** By round. Liars vouch for whom they have bought from, and for each other, as many as may stand. */
function turnsOf({ vouches, bought, boughtIn, roster }: TrustSection, honest: number, liars: number): Turn[] {
  const turns: Turn[] = []
  for (const vouch of vouches) {
    if ('from' in vouch) turns.push({ ...vouch, weight: hundredthsOf(vouch.weight ?? 1) })
    else turns.push({ round: 0, from: vouch[0], to: vouch[1], weight: hundredthsOf(vouch[2] ?? 1) })
  }
  for (const { round, join = [], by = [] } of roster)
    for (const from of by) for (const to of join) if (from !== to) turns.push({ round, from, to, weight: fullWeight })
  const said = new Map<number, number>()
  for (const { from, to } of sybilVouches({ honest, sybils: liars, bought, back: true })) {
    const count = (said.get(from) ?? 0) + 1
    if (from >= honest && count > mostStanding) continue
    said.set(from, count)
    turns.push({ round: from < honest ? boughtIn : 0, from, to, weight: fullWeight })
  }
  return turns.sort((a, b) => a.round - b.round)
}

/** What is wrong with vouches and a roster that change, in the places of `trust`. */
export function faultsOfVouching(trust: TrustSection, peers: number): Finding[] {
  const fault = (path: PropertyKey[], message: string): Finding[] => [{ path: ['trust', ...path], message }]
  if (trust.every === undefined) {
    const timed = trust.vouches.findIndex((vouch) => 'from' in vouch)
    if (timed >= 0) return fault(['vouches', timed], 'vouches change in rounds only with `every`')
    if (trust.roster.length > 0) return fault(['roster'], 'peers join and leave only with `every`')
    return trust.boughtIn > 0 ? fault(['boughtIn'], 'vouches change in rounds only with `every`') : []
  }
  for (const [at, { join = [], leave = [], by = [] }] of trust.roster.entries()) {
    const stranger = [...join, ...leave, ...by].find((peer) => peer >= peers)
    if (stranger !== undefined) return fault(['roster', at], `there are peers 0 to ${peers - 1}, found ${stranger}`)
    if (join.length > 0 !== by.length > 0)
      return fault(['roster', at], 'who joins is vouched for: `join` and `by` go together')
  }
  const given = new Map<number, Set<number>>()
  for (const [at, vouch] of trust.vouches.entries()) {
    const [from, to, weight = 1] = 'from' in vouch ? [vouch.from, vouch.to, vouch.weight] : vouch
    if (from >= peers || to >= peers || from === to)
      return fault(['vouches', at], `is of two of the peers 0 to ${peers - 1}, found ${from} and ${to}`)
    if (Math.abs(hundredthsOf(weight) / fullWeight - weight) > 1e-9 || weight > 1)
      return fault(['vouches', at], `its weight is in hundredths, at most 1, found ${weight}`)
    const to16 = given.get(from) ?? new Set<number>()
    given.set(from, to16.add(to))
    if (to16.size > mostStanding)
      return fault(['vouches', at], `peer ${from} vouches for more than ${mostStanding}, which is the most`)
  }
  return []
}
