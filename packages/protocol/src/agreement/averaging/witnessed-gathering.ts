/**
 * Reliable broadcast and witnesses (Abraham, Amit, Dolev: Optimal Resilience Asynchronous Approximate Agreement, 2004),
 * for n ≥ 3f+1 and any asynchrony: the gathering of RB-TM.
 *
 * Guarantees: what two honest peers take in of one author is the same vector; any two honest peers share the vectors of
 * n−f authors; every vector was held and found fit by an honest peer, so it can be fetched; and when all honest peers
 * say INIT, it ends.
 *
 * Steps, and why each threshold is enough:
 * 1. Every peer's INIT(v) goes by reliable broadcast: no two honest peers deliver different vectors of one author.
 * 2. After delivering n−f vectors, say WITNESS(whose they are), once. The n−f honest ones are delivered in the end.
 * 3. Wait until the witnesses of n−f peers name only what this peer has delivered; then take in all that it has. It
 *    waits for no more than n−f, and by totality it delivers all that an honest peer has witnessed. Two peers that are
 *    through have n−2f ≥ f+1 witnesses in common, so an honest one, whose one set of n−f is within both of theirs.
 *
 * A peer goes on answering in stages and rounds that it has left: totality rests on it.
 */

import type { Position } from '../../roster/position.ts'
import type { Quorums } from '../../roster/quorums.ts'
import type { Member } from '../../words/member.ts'
import type { Statement } from '../../words/statements.ts'
import { ReliableBroadcast } from '../broadcast/reliable-broadcast.ts'
import type { Gathering, GatheringEffects } from './gathering.ts'

export class WitnessedGathering implements Gathering {
  result: readonly Member[] | undefined
  readonly #quorums: Quorums
  readonly #effects: GatheringEffects
  readonly #say: (statement: Statement) => void
  readonly #broadcasts: readonly ReliableBroadcast[]
  readonly #witnesses = new Map<number, readonly number[]>()
  #witnessed = false

  constructor(quorums: Quorums, effects: GatheringEffects) {
    this.#quorums = quorums
    this.#effects = effects
    this.#say = (statement) => effects.say(statement as Parameters<GatheringEffects['say']>[0])
    this.#broadcasts = Array.from({ length: quorums.peers }, (_, peer) => new ReliableBroadcast(peer, quorums))
  }

  onStatement(from: Position, statement: Statement): void {
    switch (statement.kind) {
      case 'init':
        if (this.#broadcasts[from]?.onInit(statement.digest))
          this.#effects.want({ peer: from, digest: statement.digest })
        return
      case 'echo':
        if (this.#broadcasts[statement.sender]?.onEcho(from, statement.digest, this.#say)) this.#progress()
        return
      case 'ready':
        if (this.#broadcasts[statement.sender]?.onReady(from, statement.digest, this.#say)) this.#progress()
        return
      case 'witness':
        if (this.#witnesses.has(from)) return
        this.#witnesses.set(from, statement.members)
        this.#progress()
    }
  }

  onHeld(member: Member): void {
    this.#broadcasts[member.peer]?.onHeld(member.digest, this.#say)
  }

  onTimer(): void {}

  holders(member: Member): number[] {
    return this.#broadcasts[member.peer]?.holders(member.digest) ?? []
  }

  #progress(): void {
    const delivered = this.#delivered()
    const peers = delivered.map(({ peer }) => peer)
    if (!this.#quorums.available(this.#quorums.weigh(peers))) return
    if (!this.#witnessed) {
      this.#witnessed = true
      this.#effects.say({ kind: 'witness', members: peers })
    }
    if (this.result !== undefined) return
    const within = [...this.#witnesses].filter(([, members]) => members.every((member) => peers.includes(member)))
    if (this.#quorums.available(this.#quorums.weigh(within.map(([peer]) => peer)))) this.result = delivered
  }

  #delivered(): Member[] {
    return this.#broadcasts.flatMap(({ delivered }, peer) =>
      delivered === undefined ? [] : [{ peer, digest: delivered }],
    )
  }
}
