/**
 * One round of learning, of one peer: train, agree on a common subset, aggregate, sign a checkpoint, and count the
 * checkpoints of the others until they make a certificate. Statements go out through `say`; the peer gives its own
 * statements back like anybody's.
 */

import {
  type Certificate,
  type Checkpoint,
  checkpointDigest,
  checkpointToSign,
  decodeCheckpoint,
  encodeCheckpoint,
  isSet,
} from '../../chain/checkpoint.ts'
import { type Changes, evictsIn, outAfter } from '../../chain/eras.ts'
import { hearsVouches, standingAfter } from '../../chain/standing.ts'
import { backTo } from '../../pauses/back.ts'
import { neededOf, recordAfter, takenIn } from '../../pauses/record.ts'
import type { Position } from '../../roster/position.ts'
import type { Quorums } from '../../roster/quorums.ts'
import type { Unnumbered } from '../../shell/agenda.ts'
import type { Progress } from '../../shell/progress.ts'
import type { Counted, Result, Work } from '../../shell/step.ts'
import type { Digest } from '../../words/digest.ts'
import type { Member } from '../../words/member.ts'
import type { Network } from '../../words/network.ts'
import type { Ordered } from '../../words/order.ts'
import { pauseBackTo, pausedDigest } from '../../words/pauses.ts'
import type { Statement } from '../../words/statements.ts'
import { announcedOf, encodeSaid, type Said, saidNow } from '../../words/vouches.ts'
import type { Envelope, Words } from '../../words/words.ts'
import { CommonSubset, type CommonSubsetEffects } from './common-subset.ts'
import { isOffered, Offers } from './offers.ts'
import { progressOf } from './round-progress.ts'

export type RoundWork = Unnumbered<Work>

export type RoundTimer = { readonly instance: number; readonly phase: number } | 'grace' | 'receipts'

export interface RoundEffects {
  say(statement: Statement): void
  timer(timer: RoundTimer): void
  work(work: RoundWork): void
  agreed(members: readonly Member[]): void
  /** What the order of the members came to. */
  judged?(members: readonly Member[], ordered: Pick<Ordered, 'applied' | 'robust'>): void
  certified(certificate: Certificate): void
  /** Whether this peer is proven to lie. */
  proven(peer: Position): boolean
}

type Before = Extract<Work, { readonly kind: 'aggregate' }>['before']

/** What a round begins with. */
interface Start {
  readonly number: number
  readonly previous: Digest
  readonly model: Digest
  /** What that was aggregated onto, unless it is the first. */
  readonly before?: Before
  readonly self: Position
  /** Of its era. */
  readonly quorums: Quorums
  /** What has changed by the end of the round before. */
  readonly changes: Changes
  /** What a round before it ended with. */
  modelOf(round: number): Digest | undefined
  /** What it is made of, if that is not n − f updates of its model, by the rule. */
  readonly terms?: Terms | undefined
}

/** What a round is made of (agreement/asynchronous/ordered.ts). */
export interface Terms extends Pick<CommonSubsetEffects, 'admits' | 'isEnough'> {
  order(members: readonly Member[]): Extract<Work, { readonly kind: 'aggregate' }>['order']
}

/** So many envelopes of an author that go too far ahead are opened. */
const mostTooFar = 32

interface Support {
  readonly certificate: Certificate
  readonly signatures: Map<number, Uint8Array<ArrayBuffer>>
}

export class Round {
  readonly number: number
  readonly previous: Digest
  readonly subset: CommonSubset
  /** Where updates go in chunks. */
  readonly #offers: Offers | undefined
  /** What this peer says of others with its update. */
  #vouched = ''
  /** Digest of the model that this peer aggregated, once it has. */
  aggregated: Digest | undefined
  #aggregating = false
  #settled: Pick<Checkpoint, 'members' | keyof Changes> | undefined
  readonly #model: Digest
  readonly #before: Before
  readonly #network: Network
  readonly #quorums: Quorums
  readonly #self: Position
  /** By the end of the round before. */
  readonly #changes: Changes
  readonly #modelOf: Start['modelOf']
  readonly #terms: Terms | undefined
  readonly #effects: RoundEffects
  readonly #held = new Set<string>()
  readonly #wanted = new Set<string>()
  /** By what is fetched, for whom: a pause has what stands in for it. */
  readonly #wants = new Map<string, Member[]>()
  /** By author, how many of its envelopes went too far ahead since such were last of use. */
  readonly #tooFar = new Map<number, number>()
  readonly #support = new Map<Digest, Support>()

  constructor(start: Start, network: Network, effects: RoundEffects) {
    this.number = start.number
    this.previous = start.previous
    this.#model = start.model
    this.#before = start.before
    this.#network = network
    this.#quorums = start.quorums
    this.#self = start.self
    this.#changes = start.changes
    this.#modelOf = start.modelOf
    this.#terms = start.terms
    this.#effects = effects
    const { say, timer, proven } = effects
    const want = (member: Member): void => this.#want(member)
    const evicts = evictsIn(start.number, network)
    const of = { ...start.terms }
    this.subset = new CommonSubset(start.self, start.quorums, { say, timer, want, proven, ...of }, evicts)
    const { chunkMs } = network.agreement
    if (chunkMs !== undefined) this.#offers = this.#offersOf(start, chunkMs)
  }

  #offersOf({ number, self, quorums }: Start, waitMs: number): Offers {
    const { say, timer, work } = this.#effects
    return new Offers(self, quorums, {
      say,
      receive: (member) => work({ kind: 'receive', round: number, member, waitMs }),
      timer: () => timer('receipts'),
      settled: (list, counted) => work({ kind: 'announce', round: number, list, counted }),
    })
  }

  start(): void {
    const peers = [...this.#quorums.weights.keys()]
    const { pauses } = this.#changes
    const executed = pauses && { executed: pauses.executed[this.#self]! + 1, mayPause: this.#mayPause() }
    this.#effects.work({ kind: 'train', round: this.number, model: this.#model, ...executed, ...this.#counted(peers) })
  }

  /** Statements that build on another checkpoint are of another chain, and never counted in this one. */
  covers({ round, previous }: Words): boolean {
    return round === this.number && previous === this.previous
  }

  /**
   * Whether words that go too far ahead to be kept may tell where others are. Each costs a signature, so there are few of an
   * author until one of them has told.
   */
  mayTell(words: Words): boolean {
    return this.covers(words) && (this.#tooFar.get(words.author) ?? 0) < mostTooFar
  }

  onTooFar(author: Position): void {
    this.#tooFar.set(author, (this.#tooFar.get(author) ?? 0) + 1)
  }

  /** Of an envelope that goes too far ahead to be kept: which phases its author says are reached. */
  heedTooFar(envelope: Envelope): void {
    if (!this.covers(envelope)) return
    for (const said of envelope.statements)
      if (said.kind === 'estimate' && this.subset.onReached(envelope.author, said.instance, said.phase))
        this.#tooFar.clear()
    this.#progress()
  }

  onStatement(from: Position, statement: Statement): void {
    if (statement.kind === 'checkpoint') this.#onCheckpoint(from, statement.checkpoint, statement.signature)
    else if (isOffered(statement)) this.#offers?.onStatement(from, statement)
    else this.subset.onStatement(from, statement)
    this.#progress()
  }

  onTimer(timer: RoundTimer): void {
    if (timer === 'receipts') this.#offers?.onTimer()
    else this.subset.onTimer(timer)
    this.#progress()
  }

  onDone(work: RoundWork, result: Result): void {
    if (work.kind === 'train' && result.kind === 'trained') {
      this.#vouched = this.#vouches(result.vouches)
      if (this.#offers === undefined) this.announce(this.#valueOf(result.digest))
      else this.#offers.offer(result.digest)
    } else if (work.kind === 'train' && result.kind === 'paused') {
      const asked = result.backTo === undefined ? pausedDigest : pauseBackTo(result.backTo)
      this.announce(this.#needed({ peer: this.#self, digest: asked }) === 'never' ? pausedDigest : asked)
    } else if (work.kind === 'receive' && result.kind === 'received') {
      this.#offers?.onReceived(work.member, result.held)
    } else if (work.kind === 'announce' && result.kind === 'announced') {
      this.announce(this.#valueOf(result.digest))
    } else if (work.kind === 'fetch' && result.kind === 'held') {
      for (const member of this.#wants.get(key(work.member)) ?? [work.member]) this.#onHeld(member)
    } else if (work.kind === 'aggregate' && result.kind === 'aggregated') {
      this.aggregated = result.model
      if (result.ordered !== undefined) this.#effects.judged?.(work.members, result.ordered)
      this.#sign(this.#members ?? [], result.model, result.ordered?.state)
    }
    this.#progress()
  }

  /** Whether a pause of this peer counts; else it is silent until it resumes. */
  #mayPause(): boolean {
    return this.#needed({ peer: this.#self, digest: pausedDigest }) !== 'never'
  }

  /** Says which update, and what is behind its digest, this peer has for the round. */
  announce(value: Digest): void {
    this.#effects.say({ kind: 'init', digest: value })
  }

  /** Where it stands, for people. */
  progress(): Omit<Progress, 'round'> {
    const quorums = this.#quorums
    const heldOf = new Set([...this.#held].map((each) => Number.parseInt(each, 10)))
    const own = [...this.#support.values()].find(({ certificate }) => certificate.checkpoint.model === this.aggregated)
    return progressOf({
      peers: [...quorums.weights.keys()].filter((peer) => quorums.weight(peer) > 0),
      subset: this.subset,
      members: this.#members,
      isHeld: (member) => this.#held.has(key(member)),
      hasUpdate: (peer) => heldOf.has(peer),
      signers: this.aggregated === undefined ? undefined : new Set(own?.signatures.keys()),
      isEnough: (peers) => quorums.available(quorums.weigh(peers)),
    })
  }

  /** The certified set, which ends the agreement on it: this peer aggregates it as soon as it holds it. */
  settle(certified: Pick<Checkpoint, 'members' | keyof Changes>): void {
    this.#settled = certified
    this.#progress()
  }

  #valueOf(digest: Digest): Digest {
    return announcedOf({ digest, behind: this.#vouched })
  }

  get #members(): readonly Member[] | undefined {
    return this.#settled?.members ?? this.subset.result
  }

  #want(member: Member): void {
    if (this.#wanted.has(key(member))) return
    this.#wanted.add(key(member))
    const needed = this.#needed(member)
    if (needed === 'never') return
    if (needed === 'nothing') {
      this.#onHeld(member)
      return
    }
    this.#wants.set(key(needed), [...(this.#wants.get(key(needed)) ?? []), member])
    const { isModel, ...wanted } = needed
    this.#effects.work({ kind: 'fetch', round: this.number, member: wanted, ...(isModel && { isModel }) })
  }

  #needed(member: Member): ReturnType<typeof neededOf> {
    return neededOf(member, this.number, this.#changes.pauses, { network: this.#network, modelOf: this.#modelOf })
  }

  #onHeld(member: Member): void {
    this.#held.add(key(member))
    this.subset.onHeld(member)
  }

  /** Positions of those who said that they hold what is fetched by this name, or of one in chunks this chunk. */
  holders(member: Member, chunk?: number): Position[] {
    const named = this.#wants.get(key(member)) ?? [member]
    const all = named.flatMap((each) => this.subset.broadcasts[member.peer]?.holders(announcedOf(each)) ?? [])
    return [...new Set([...all, ...(this.#offers?.holders(member.peer, chunk) ?? [])])]
  }

  #progress(): void {
    const members = this.#members
    if (members === undefined || this.#aggregating) return
    for (const member of members) this.#want(member)
    if (!members.every((member) => this.#held.has(key(member)))) return
    this.#aggregating = true
    this.#effects.agreed(members)
    const taken = takenIn(members, this.#changes.pauses, { quorums: this.#quorums, network: this.#network })
    const counted = this.#counted(taken.map(({ peer }) => peer))
    const order = this.#terms?.order(members)
    const more = { ...(this.#before && { before: this.#before }), ...(order && { order }), members: taken, ...counted }
    const back = this.#changes.pauses && backTo(members, this.#quorums)
    const model = back === undefined ? this.#model : this.#modelOf(back)!
    this.#effects.work({ kind: 'aggregate', round: this.number, model, ...more })
  }

  /** By the quorums of the round. Those who are out lie no more: the rule withstands what may still. */
  #counted(peers: readonly Position[]): Counted {
    const weights = this.#quorums.weightsOf(peers)
    const fewer = this.#network.quorums.tolerated - this.#quorums.tolerated
    return { ...(weights && { weights }), ...(fewer !== 0 && { fewer }) }
  }

  #sign(members: readonly Member[], model: Digest, filters: Checkpoint['filters']): void {
    const { rule, keys } = this.#network
    const { out, standing, pauses } = this.#settled ?? this.#changed(members)
    const checkpoint = encodeCheckpoint({
      round: this.number,
      previous: this.previous,
      members,
      rule,
      model,
      ...(out && { out }),
      ...(standing && { standing }),
      ...(filters && { filters }),
      ...(pauses && { pauses }),
    })
    const signature = keys.sign(checkpointToSign(checkpoint, this.#network))
    this.#effects.say({ kind: 'checkpoint', checkpoint, signature })
  }

  #changed(members: readonly Member[]): Changes {
    const network = this.#network
    const out = outAfter(this.#changes.out ?? [], this.subset.evicted, network)
    const standing = standingAfter(this.number, this.#changes.standing, { members, out }, network)
    const round = { round: this.number, members, model: this.#model }
    const pauses = recordAfter(round, this.#changes.pauses, { quorums: this.#quorums, network })
    return { out, ...(standing && { standing }), ...(pauses && { pauses }) }
  }

  /** What this peer says of others, of what it wishes. */
  #vouches(wished: readonly Said[] | undefined): string {
    const { standing, out = [] } = this.#changes
    if (wished === undefined || standing === undefined || !hearsVouches(this.number, this.#network)) return ''
    return encodeSaid(saidNow(this.#self, wished, standing.vouches, [...standing.left, ...out]))
  }

  #onCheckpoint(from: Position, bytes: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): void {
    const { rule } = this.#network
    const quorums = this.#quorums
    const digest = checkpointDigest(bytes)
    let support = this.#support.get(digest)
    if (support === undefined) {
      const checkpoint = decodeCheckpoint(bytes, this.#network)
      if (checkpoint === undefined || checkpoint.previous !== this.previous || checkpoint.rule !== rule) return
      if (!isSet(checkpoint, quorums, this.#network)) return
      const signatures = new Map<number, Uint8Array<ArrayBuffer>>()
      support = { certificate: { checkpoint, bytes, digest, signatures }, signatures }
      this.#support.set(digest, support)
    }
    if (support.signatures.has(from)) return
    support.signatures.set(from, signature)
    if (quorums.certificate(quorums.weigh(support.signatures.keys())))
      this.#effects.certified({ ...support.certificate, signatures: new Map(support.signatures) })
  }
}

function key(member: Member): string {
  return `${member.peer}:${member.digest}`
}
