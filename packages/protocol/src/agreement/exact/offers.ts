/**
 * Which chunks of an update count, where chunks are sent once and may be lost: before its author announces the update.
 *
 * Guarantees, for n ≥ 3f+1: what an honest author announces names chunks of its own alone, each of which an honest peer besides the
 * author holds; so every honest peer can hold all that it names, though the author sends nothing again but what all others lack, after crashes. Which chunks these are is
 * part of what reliable broadcast agrees on (reliable-broadcast.ts), so a hole is a hole for all, and in the certificate. A liar may
 * name what it likes: chunks that nobody holds are never echoed, so its update is in no round; chunks left out are an update that says
 * less, and it could have said less anyway. An honest author announces after a time in which nobody is waited for but n−f peers.
 *
 * Steps, and why each threshold is enough:
 * 1. Trained, the author says OFFER: the digest of the list of the digests of its chunks.
 * 2. On the first OFFER of a peer: take its list, which is small and comes whole, and each chunk once, until no more comes. Then
 *    RECEIPT: which chunks are held. A chunk is held if it has the digest of the list, so a source cannot spoil it. Nothing is safe by
 *    how long a peer waits.
 * 3. With RECEIPTs of n−f, its own among them, the author waits the grace time for slow honest peers, or for none when all
 *    have said theirs. n−f are honest and say theirs whatever is lost, so this ends.
 * 4. Those chunks count that others of weight f+1 say they hold: one of these is honest, and serves whoever lacks the chunk. With f
 *    all may lie: then nobody gets the chunk, nobody echoes, and the update of an honest author is lost. More than f+1 is
 *    not needed, and lets liars make holes: with 2f+1, f peers that say they hold nothing leave n−1−f others, and where
 *    n = 3f+1 a chunk that one honest peer lost would count no more.
 * 5. The author announces (INIT) the digest of a head that has the chunks that count and their digests. A peer echoes once it holds
 *    all of them: those that it lacks it asks of the others that said RECEIPT of them, or ECHO, from its own RECEIPT on, and last of the
 *    author, since who said RECEIPT may have crashed. A list is asked of them too, as not everybody is a neighbour of the author.
 *
 * It does not guarantee that what arrives everywhere counts: of n−f receipts f may be of liars that say they hold nothing. With
 * the receipts of all honest peers, which come within the grace time once messages arrive in time, it does: n−1−f ≥ 2f of them hold it, and 2f ≥ f+1 where f ≥ 1.
 *
 * On the wire an OFFER is the INIT of stage 1, and a RECEIPT its ECHO with 256 bits in place of the digest. Both are signed, held against
 * whoever says another, and passed on, as all words are.
 */
import type { Position } from '../../roster/position.ts'
import { type Quorums, Tally } from '../../roster/quorums.ts'
import { type Digest, digestBytes } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Statement } from '../../words/statements.ts'

/** So many chunks an update may have: a bit each where a digest has its bits. */
export const mostChunks = 8 * digestBytes
/** Of offers, in a round whose other words have none. */
const stage = 1

type Offered = Extract<Statement, { kind: 'init' | 'echo' }>

export interface OffersEffects {
  say(statement: Statement): void
  /** The chunks of this offer are wanted. */
  receive(member: Member): void
  /** Enough is known of the own offer; some honest peers may be slow. */
  timer(): void
  /** Which chunks of the own offer count, each a bit: it is to be announced. */
  settled(list: Digest, counted: string): void
}

/** Whether a word is one of these. */
export function isOffered(statement: Statement): statement is Offered {
  const offered = statement.kind === 'init' || statement.kind === 'echo'
  return offered && statement.stage === stage && statement.digest.length === 2 * digestBytes
}

export class Offers {
  readonly #self: Position
  readonly #quorums: Quorums
  readonly #effects: OffersEffects
  /** By author, the list that it offered first. */
  readonly #lists = new Map<Position, Digest>()
  /** By author, who said what it holds of its offer. */
  readonly #receipts = new Map<Position, Map<Position, Uint8Array>>()
  readonly #heard = new Tally()
  /** What this peer offers, once it has trained in this life: of one before it may have said so, and hold nothing. */
  #own: Digest | undefined
  #state: 'open' | 'grace' | 'settled' = 'open'

  constructor(self: Position, quorums: Quorums, effects: OffersEffects) {
    this.#self = self
    this.#quorums = quorums
    this.#effects = effects
  }

  /** This peer has trained. */
  offer(list: Digest): void {
    this.#own = list
    this.#effects.say({ kind: 'init', stage, digest: list })
    this.#progress()
  }

  /** So much of the offer of this peer is held. */
  onReceived({ peer }: Member, held: string): void {
    this.#effects.say({ kind: 'echo', stage, sender: peer, digest: held })
  }

  onStatement(from: Position, statement: Offered): void {
    if (this.#quorums.weight(from) === 0) return
    if (statement.kind === 'init') this.#onOffer(from, statement.digest)
    else this.#onReceipt(from, statement.sender, statement.digest)
  }

  onTimer(): void {
    if (this.#state === 'grace') this.#settle()
  }

  /** Those who said that they hold this chunk of what the author offers, or some of it and so its list, sorted. */
  holders(author: Position, chunk?: number): Position[] {
    const receipts = this.#receipts.get(author)
    return (chunk === undefined ? [...(receipts?.keys() ?? [])] : holding(receipts, chunk)).sort((a, b) => a - b)
  }

  #onOffer(from: Position, list: Digest): void {
    if (this.#lists.has(from)) return
    this.#lists.set(from, list)
    if (from !== this.#self) this.#effects.receive({ peer: from, digest: list })
    else {
      this.#heard.count(from, this.#quorums)
      this.#progress()
    }
  }

  #onReceipt(from: Position, author: Position, held: string): void {
    if (from === author || this.#quorums.weight(author) === 0) return
    const receipts = this.#receipts.get(author) ?? new Map<Position, Uint8Array>()
    if (receipts.has(from)) return
    this.#receipts.set(author, receipts.set(from, Buffer.from(held, 'hex')))
    if (author !== this.#self) return
    this.#heard.count(from, this.#quorums)
    this.#progress()
  }

  #progress(): void {
    const own = this.#lists.get(this.#self)
    if (this.#state === 'settled' || own === undefined || own !== this.#own) return
    const { weight } = this.#heard
    if (weight === this.#quorums.total) this.#settle()
    else if (this.#state === 'open' && this.#quorums.available(weight)) {
      this.#state = 'grace'
      this.#effects.timer()
    }
  }

  #settle(): void {
    this.#state = 'settled'
    this.#effects.settled(this.#own!, Buffer.from(this.#counted()).toString('hex'))
  }

  #counted(): Uint8Array {
    const receipts = this.#receipts.get(this.#self)
    const counted = new Uint8Array(digestBytes)
    // Nobody but the author has to hold anything.
    const alone = this.#quorums.weight(this.#self) === this.#quorums.total
    for (let chunk = 0; chunk < mostChunks; chunk++) {
      const holders = holding(receipts, chunk)
      if (alone || this.#quorums.amplify(this.#quorums.weigh(holders))) counted[chunk >> 3]! |= 1 << (chunk & 7)
    }
    return counted
  }
}

function holding(receipts: ReadonlyMap<Position, Uint8Array> | undefined, chunk: number): Position[] {
  return [...(receipts ?? [])].flatMap(([peer, held]) => ((held[chunk >> 3]! >> (chunk & 7)) & 1 ? peer : []))
}
