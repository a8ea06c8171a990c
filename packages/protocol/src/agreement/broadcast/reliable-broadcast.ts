/**
 * Reliable broadcast of one sender's digest (Bracha 1987), for n ≥ 3f+1 and any asynchrony.
 *
 * Guarantees: validity (an honest sender's digest is delivered by every honest peer), agreement (no two honest peers
 * deliver different digests), totality (if one honest peer delivers, all do), and availability: a delivered digest
 * was held and found fit by at least f+1 honest peers, because an honest peer echoes only what it holds.
 *
 * Asks of the caller: one instance a round and sender; `onHeld` once the payload of the first INIT is held and fit;
 * statements of authenticated authors. Duplicates are harmless.
 *
 * Steps, and why each threshold is enough:
 * 1. The sender says INIT(v). On its first INIT a peer fetches v's payload, then says ECHO(v), once.
 * 2. On more than (n+f)/2 ECHO(v): READY(v), once. Two such sets share an honest peer, and it echoes one digest, so no
 *    two honest peers become ready for different digests by step 2.
 * 3. On f+1 READY(v), if not yet ready: READY(v). One of the f+1 is honest, so this only spreads what step 2 began.
 * 4. On 2f+1 READY(v): deliver v. At least f+1 of them are honest and reach everybody, so everybody amplifies by
 *    step 3, and the n−f ≥ 2f+1 honest READY(v) make everybody deliver.
 *
 * READY and delivery need no payload: whoever delivers without holding it fetches it from those who echoed.
 *
 * A READY may name no digest: then it is for what its author has echoed, and counts once that ECHO is heard. An honest peer
 * says so only for the digest of its own ECHO (own-words.ts), of which it says one, so everybody takes it for the same
 * digest, and hears both in the end. A liar that echoes two digests thereby says two READYs, as it could anyway.
 */

import { PeerSet } from '../../roster/peer-set.ts'
import type { Position } from '../../roster/position.ts'
import { type Quorums, Tally } from '../../roster/quorums.ts'
import type { Digest } from '../../words/digest.ts'
import { asEchoed, type Statement } from '../../words/statements.ts'

/** What was said of one digest. */
interface Support {
  readonly digest: Digest
  readonly echoes: Tally
  /** The weight of those who are ready. */
  readies: number
}

/** All that later steps of a reliable broadcast depend on, as plain values in one order. */
export interface ReliableBroadcastSnapshot {
  readonly announced: Digest | undefined
  readonly delivered: Digest | undefined
  readonly echoed: readonly number[]
  readonly readied: readonly number[]
  readonly waiting: readonly number[]
  readonly support: readonly { readonly digest: Digest; readonly echoes: readonly number[]; readonly readies: number }[]
  readonly saidEcho: boolean
  readonly saidReady: boolean
}

export class ReliableBroadcast {
  /** The digest of the sender's first INIT, which this peer wants to hold before it echoes. */
  announced: Digest | undefined
  delivered: Digest | undefined
  readonly #sender: Position
  readonly #quorums: Quorums
  readonly #echoed = new PeerSet()
  readonly #readied = new PeerSet()
  /** Who is ready for what it has echoed, which was not heard yet. */
  readonly #waiting = new PeerSet()
  /** Of each digest that was named: one, unless somebody lies. */
  readonly #support: Support[] = []
  #saidEcho = false
  #saidReady = false

  constructor(sender: Position, quorums: Quorums) {
    this.#sender = sender
    this.#quorums = quorums
  }

  /** True on the sender's first INIT: its payload is wanted. */
  onInit(digest: Digest): boolean {
    if (this.announced !== undefined) return false
    this.announced = digest
    return true
  }

  onHeld(digest: Digest, say: (statement: Statement) => void): void {
    if (this.#saidEcho || digest !== this.announced) return
    this.#saidEcho = true
    say({ kind: 'echo', sender: this.#sender, digest })
  }

  /** True when this ECHO made the digest delivered: its author was ready for it. */
  onEcho(from: Position, digest: Digest, say: (statement: Statement) => void): boolean {
    if (!this.#echoed.add(from)) return false
    const { echoes } = this.#supportOf(digest)
    echoes.count(from, this.#quorums)
    if (this.#quorums.echo(echoes.weight)) this.#ready(digest, say)
    return this.#waiting.has(from) && this.#countReady(from, digest, say)
  }

  /** True when this READY made the digest delivered. */
  onReady(from: Position, digest: Digest, say: (statement: Statement) => void): boolean {
    if (!this.#readied.add(from)) return false
    if (digest !== asEchoed) return this.#countReady(from, digest, say)
    for (const { digest: echoed, echoes } of this.#support)
      if (echoes.has(from)) return this.#countReady(from, echoed, say)
    this.#waiting.add(from)
    return false
  }

  /** For tests: two broadcasts of one sender with equal snapshots do the same from here on. */
  snapshot(): ReliableBroadcastSnapshot {
    return {
      announced: this.announced,
      delivered: this.delivered,
      echoed: [...this.#echoed],
      readied: [...this.#readied],
      waiting: [...this.#waiting],
      support: this.#support
        .map(({ digest, echoes, readies }) => ({ digest, echoes: [...echoes], readies }))
        .sort((a, b) => (a.digest < b.digest ? -1 : 1)),
      saidEcho: this.#saidEcho,
      saidReady: this.#saidReady,
    }
  }

  #countReady(from: Position, digest: Digest, say: (statement: Statement) => void): boolean {
    const support = this.#supportOf(digest)
    support.readies += this.#quorums.weight(from)
    if (this.#quorums.amplify(support.readies)) this.#ready(digest, say)
    if (this.delivered !== undefined || !this.#quorums.deliver(support.readies)) return false
    this.delivered = digest
    return true
  }

  /** Those who said that they hold the digest's payload, sorted. */
  holders(digest: Digest): number[] {
    return [...(this.#support.find((support) => support.digest === digest)?.echoes ?? [])]
  }

  #supportOf(digest: Digest): Support {
    for (const support of this.#support) if (support.digest === digest) return support
    const support = { digest, echoes: new Tally(), readies: 0 }
    this.#support.push(support)
    return support
  }

  #ready(digest: Digest, say: (statement: Statement) => void): void {
    if (this.#saidReady) return
    this.#saidReady = true
    say({ kind: 'ready', sender: this.#sender, digest })
  }
}
