/**
 * Plain sends: every peer says INIT(v) to all, and takes in whatever it first holds of each.
 *
 * Guarantees: what is taken in is held, fit, of at least n−f peers, and the peer's own is among it; and when all honest
 * peers say INIT, it ends. Not that others take in the same: a liar may say one thing to one peer and another to the next,
 * which is evidence as soon as anybody hears both, but too late for this stage. So averages need a larger n: contraction.ts.
 *
 * Steps:
 * 1. On INIT(v) fetch v. Of an author that said two things both are fetched, since whoever used the one may have it and
 *    the author itself may serve neither; the first that is held counts.
 * 2. Asynchronous: the first n−f to be held are the result, the peer's own among them. No more: the arguments of the
 *    averages are for n−f.
 * 3. Synchronous: once n−f are held wait a stated time, or until all n are. The promise of the network is that every honest
 *    peer's vector comes in that time: INIT, the question for the vector and the vector, three messages, and as much as peers
 *    are apart. Those that do not come are of liars.
 *
 * A peer that joins late has said nothing itself and needs nothing of its own.
 */

import type { Position } from '../../roster/position.ts'
import type { Quorums } from '../../roster/quorums.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Statement } from '../../words/statements.ts'
import type { Gathering, GatheringEffects } from './gathering.ts'
import type { AveragingMode } from './settings.ts'

/** Vectors that are fetched of one author: what it said first, and what it contradicted that with. */
const mostAnnounced = 2

export class PlainGathering implements Gathering {
  result: readonly Member[] | undefined
  readonly #self: Position | undefined
  readonly #mode: AveragingMode
  readonly #quorums: Quorums
  readonly #effects: GatheringEffects
  readonly #announced = new Map<number, Digest[]>()
  /** By author, in the order in which they came to be held. */
  readonly #held = new Map<number, Digest>()
  #timer: 'unset' | 'running' | 'expired' = 'unset'

  /** `self` is undefined for a peer that joins late. */
  constructor(self: Position | undefined, mode: AveragingMode, quorums: Quorums, effects: GatheringEffects) {
    this.#self = self
    this.#mode = mode
    this.#quorums = quorums
    this.#effects = effects
  }

  onStatement(from: Position, statement: Statement): void {
    if (statement.kind !== 'init') return
    const announced = this.#announced.get(from) ?? []
    if (announced.length >= mostAnnounced || announced.includes(statement.digest)) return
    this.#announced.set(from, [...announced, statement.digest])
    this.#effects.want({ peer: from, digest: statement.digest })
  }

  onHeld({ peer, digest }: Member): void {
    if (!this.#held.has(peer)) this.#held.set(peer, digest)
    this.#progress()
  }

  onTimer(): void {
    this.#timer = 'expired'
    this.#progress()
  }

  /** Whoever has said its own vector may have taken in this one. */
  holders({ peer, digest }: Member): number[] {
    if (!this.#announced.get(peer)?.includes(digest)) return []
    return [...this.#announced.keys()].filter((other) => other !== peer).sort((a, b) => a - b)
  }

  #progress(): void {
    if (this.result !== undefined || !this.#quorums.available(this.#quorums.weigh(this.#held.keys()))) return
    if (this.#self !== undefined && !this.#held.has(this.#self)) return
    if (this.#mode === 'synchronous' && this.#held.size < this.#quorums.peers && this.#timer !== 'expired') {
      if (this.#timer === 'unset') this.#effects.timer()
      this.#timer = 'running'
      return
    }
    const chosen = this.#mode === 'synchronous' ? [...this.#held.keys()] : this.#first()
    this.result = chosen.sort((a, b) => a - b).map((peer) => ({ peer, digest: this.#held.get(peer)! }))
  }

  #first(): number[] {
    const chosen = this.#self === undefined ? [] : [this.#self]
    for (const peer of this.#held.keys()) {
      if (this.#quorums.available(this.#quorums.weigh(chosen))) break
      if (peer !== this.#self) chosen.push(peer)
    }
    return chosen
  }
}
