/** Whose updates moved what a user is shown. */
import type { CountedRound } from '@hearsay/ledger'

/** Of some items, in their order, by how much their scores for one user moved. */
export interface Explanation {
  /** The first and the last round. */
  readonly rounds: readonly [number, number]
  readonly moved: readonly number[]
  /** Of each peer by how much less each would have moved had it said nothing in these rounds, those first that moved most in all. */
  readonly peers: readonly { readonly peer: string; readonly moved: readonly number[] }[]
}

/**
 * What a row that moves by v moves a score by is vector · v. What a peer moved is what all moved, less what they would have moved had
 * this peer said nothing: so it counts what the rule let it do, and not what it wanted.
 *
 * @param rounds one at least, the newest first
 * @param items rows
 */
export function explain(rounds: readonly CountedRound[], items: readonly number[], vector: Float64Array): Explanation {
  const all = items.map(() => 0)
  const peers = new Map<string, number[]>()
  for (const counted of rounds) {
    const { rows, members } = counted
    const scoresOf = (movement: Float32Array): number[] =>
      items.map((item) => vector.reduce((sum, value, at) => sum + value * movement[item * rows.width + at]!, 0))
    const whole = scoresOf(counted.movement())
    for (const [at, moved] of whole.entries()) all[at]! += moved
    for (const { name } of members) {
      const without = scoresOf(counted.movement((other) => other === name))
      const own = peers.get(name) ?? items.map(() => 0)
      peers.set(name, own)
      for (const [at, moved] of whole.entries()) own[at]! += moved - without[at]!
    }
  }
  const sumOf = (moved: readonly number[]): number => moved.reduce((sum, each) => sum + Math.abs(each), 0)
  return {
    rounds: [rounds.at(-1)!.round, rounds[0]!.round],
    moved: all,
    peers: [...peers]
      .map(([peer, moved]) => ({ peer, moved }))
      .sort((a, b) => sumOf(b.moved) - sumOf(a.moved) || (a.peer < b.peer ? -1 : 1)),
  }
}
