/**
 * Weights that follow vouches, while a network runs. In every so manieth round peers say with their updates whom they vouch for
 * (vouches.ts). What stands after that round, who vouches for whom, who has left, and what each weighs, follows from what stood
 * before and from the agreed set, by the trust method of the network, which everybody computes alike. It is in the checkpoint of
 * the round and of each after it, and weights count from the second round after it on (eras.ts).
 *
 * Who weighs 0 waits: it hears, and takes part from the round on in which vouches give it weight. Who says farewell weighs
 * nothing from then on, as whoever is evicted, and no vouch by it or for it stands any more. Nobody else loses its voice at
 * once: nobody is put out but by evidence or its own word, only its weight follows what is said of it.
 *
 * F is the most that W > 3F allows, in each era anew. Safety and liveness are those of one era, in each (eras.ts): liars weigh F at
 * most before a change and after it. No more is needed of what neighbouring eras share, since no word counts in two. What a
 * change can do is to make that untrue, and it is bounded so that it cannot do so at once:
 *
 * - In an era all peers together gain no more than a tenth of W, and lose no more than a tenth, but for who leaves or is evicted.
 *   So the share of liars grows by a tenth at most, from L/W to (L + W/10)/W, whatever they say, have bought or invented: while
 *   L ≤ W/5 they are less than a third of the next era, and whoever watches the weights sees them come.
 * - Two quorums, Q of an era and Q' of the next, share weight. With gains and losses of G and D, W' = W + G − D; Q' weighs by
 *   the weights before it more than (W' + F')/2 − G, so Q and Q' share more than (F + F' − G − D)/2, which is above 0 while
 *   G + D < F + F'. With a tenth each that is so from W = 7 on when nobody leaves. Whoever reads a ledger finds in each
 *   certificate somebody who signed the one before.
 * - The weights of a round are those of the checkpoint two rounds before, which is certified before anybody takes part in the round
 *   after it. With less delay two peers in one round could count by different weights.
 *
 * What is not so: who weighed much in an era long ago and left may still sign another story of that era, with other keys of that
 * time. A peer that has the chain sees a fork, and names them; one that begins with nothing has to hear of a newer checkpoint from
 * somebody whom it trusts.
 */
import type { Position } from '../roster/position.ts'
import { mostTolerated, Quorums } from '../roster/quorums.ts'
import type { Member } from '../words/member.ts'
import type { Network } from '../words/network.ts'
import { announcedOf, mostStanding, saidIn, type Vouch } from '../words/vouches.ts'

/** What stands after a round, of a network whose weights follow vouches. */
export interface Standing {
  /** One a peer; who weighs 0 takes no part. */
  readonly weights: readonly number[]
  /** Sorted by giver, then by whom they are for. */
  readonly vouches: readonly Vouch[]
  /** Who has left, sorted. */
  readonly left: readonly Position[]
}

/** Whether in this round vouches are heard. */
export function hearsVouches(round: number, { trust }: Pick<Network, 'trust'>): boolean {
  return trust !== undefined && round % trust.every === 0
}

/** Before the first round. */
export function foundingOf({ trust, quorums }: Network): Standing | undefined {
  return trust && { weights: quorums.weights, vouches: trust.vouches, left: [] }
}

export function quorumsOf({ weights }: Standing): Quorums {
  return new Quorums(weights, mostTolerated(sum(weights)))
}

/** What stands after a round with this set, when `before` stood, and these are out. */
export function standingAfter(
  round: number,
  before: Standing | undefined,
  { members, out = [] }: { readonly members: readonly Member[]; readonly out?: readonly Position[] | undefined },
  network: Network,
): Standing | undefined {
  const { trust, peers } = network
  if (trust === undefined || before === undefined) return undefined
  const hears = hearsVouches(round, network)
  const said = hears
    ? members.map((member) => [member.peer, saidIn(announcedOf(member), member.peer, peers) ?? []] as const)
    : []
  const farewells = said.flatMap(([from, all]) => (all.some(({ to }) => to === from) ? [from] : []))
  const left = [...new Set([...before.left, ...farewells])].sort((a, b) => a - b)
  const gone = new Set([...left, ...out])
  const vouches = heard(before.vouches, said).filter(({ from, to }) => !gone.has(from) && !gone.has(to))
  const kept = before.weights.map((weight, peer) => (gone.has(peer) ? 0 : weight))
  const wanted = hears ? trust.weigh(vouches).map((weight, peer) => (gone.has(peer) ? 0 : weight)) : kept
  const weights = towards(kept, wanted)
  // Somebody has to weigh something: the last stays.
  return sum(weights) === 0 ? before : { weights, vouches, left }
}

/** What stood, and what was said: what is taken back first, and no more of a peer than may stand. */
function heard(
  before: readonly Vouch[],
  said: readonly (readonly [Position, readonly { readonly to: Position; readonly weight: number }[]])[],
): Vouch[] {
  const by = new Map<Position, Map<Position, number>>()
  const of = (from: Position): Map<Position, number> => {
    const given = by.get(from) ?? new Map<Position, number>()
    by.set(from, given)
    return given
  }
  for (const { from, to, weight } of before) of(from).set(to, weight)
  for (const [from, all] of said) {
    const given = of(from)
    for (const { to, weight } of all) if (weight === 0) given.delete(to)
    for (const { to, weight } of all)
      if (weight > 0 && (given.has(to) || given.size < mostStanding)) given.set(to, weight)
  }
  const sorted = [...by].sort(([a], [b]) => a - b)
  return sorted.flatMap(([from, given]) =>
    [...given].sort(([a], [b]) => a - b).map(([to, weight]) => ({ from, to, weight })),
  )
}

/** As near to what is wanted as an era may come: a tenth of all weight up, and a tenth down, at least 1 each. */
export function towards(weights: readonly number[], wanted: readonly number[]): number[] {
  const most = Math.max(1, Math.floor(sum(weights) / 10))
  const up = within(
    weights.map((weight, peer) => Math.max(0, wanted[peer]! - weight)),
    most,
  )
  const down = within(
    weights.map((weight, peer) => Math.max(0, weight - wanted[peer]!)),
    most,
  )
  return weights.map((weight, peer) => weight + up[peer]! - down[peer]!)
}

/** Integers of which the sum is `most` at most, each in proportion: sums from the first on are rounded down. */
function within(parts: readonly number[], most: number): readonly number[] {
  const all = sum(parts)
  if (all <= most) return parts
  let [whole, given] = [0, 0]
  return parts.map((part) => {
    whole += part
    const before = given
    given = Math.floor((whole * most) / all)
    return given - before
  })
}

export function isSame(a: Standing | undefined, b: Standing | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0)
}
