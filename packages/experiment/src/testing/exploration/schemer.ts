/**
 * A liar that follows the protocol but for single words, which it leaves out, changes, doubles or tells to some only: those on which the
 * argument of an agreement rests. What it may say is in the vocabulary of all kinds: updates of older models and of models that are none,
 * two updates by one number, half announcements, lists and heads of chunks that do not fit, receipts for what it does not hold, pauses
 * in place of updates and old ones again, checkpoints with another state. It signs all of it.
 */
import type { Adversary, Powers } from '@hearsay/adversary'
import type { RandomStream } from '@hearsay/catalogue/random'
import {
  checkpointToSign,
  decodeCheckpoint,
  digestOf,
  type Envelope,
  encodeCheckpoint,
  encodeModelRound,
  memberOf,
  pausedDigest,
  type Statement,
  type Step,
  sealEnvelopes,
  wrap,
} from '@hearsay/protocol'
import { randomStream } from '@hearsay/virtual'

/** What is said in which vocabulary. */
export type Tongue = 'exact' | 'ordered' | 'each-for-itself' | 'holes'

export interface Scheming {
  readonly seed: number
  readonly tongue: Tongue
  /** How often a word is changed, from 0 to 1. */
  readonly often: number
  /** What liars serve besides what they hold. */
  readonly planted: Map<string, Uint8Array>
  /** Numbers of an update. */
  readonly length: number
}

type Of<Kind extends Statement['kind']> = Extract<Statement, { readonly kind: Kind }>
type Told = Step['sends'][number]

/** So many words of others are remembered, to be said as its own. */
const remembered = 64

export function schemer(scheming: Scheming): Adversary {
  return {
    // By lot, but the same each time.
    serves: (digest, to) => randomStream(scheming.seed, 'serves', to, digest).uniform() < 0.6,
    participant: (powers) => {
      const honest = powers.honest()
      const scheme = new Scheme(scheming, powers)
      return wrap(honest, {
        handle: (events, nowMs) => {
          for (const event of events) if (event.kind === 'envelope') scheme.hear(event.envelope)
          const step = honest.handle(events, nowMs)
          return { ...step, sends: step.sends.flatMap((send) => scheme.changed(send)) }
        },
      })
    },
  }
}

class Scheme {
  readonly #scheming: Scheming
  readonly #powers: Powers
  readonly #random: RandomStream
  readonly #heard: string[] = []
  readonly #said: Envelope[] = []

  constructor(scheming: Scheming, powers: Powers) {
    this.#scheming = scheming
    this.#powers = powers
    this.#random = randomStream(scheming.seed, 'schemer')
  }

  hear({ statements }: Envelope): void {
    for (const statement of statements) if (statement.kind === 'init') this.#heard.push(statement.digest)
    this.#heard.splice(0, this.#heard.length - remembered)
  }

  /** What some hear, and what others do. */
  changed({ to, envelope }: Told): Told[] {
    const random = this.#random
    this.#said.push(envelope)
    this.#said.splice(0, this.#said.length - remembered)
    if (random.uniform() > this.#scheming.often) return [{ to, envelope }]
    const all = to === 'all' ? [...Array(this.#powers.network.peers).keys()] : [...to]
    const others = all.filter((peer) => peer !== this.#powers.self && random.uniform() < 0.5)
    const rest = all.filter((peer) => peer !== this.#powers.self && !others.includes(peer))
    const sealed = sealEnvelopes(this.#otherWords(envelope), this.#powers.network)
    const told = sealed.map((other) => ({ to: random.uniform() < 0.5 ? others : all, envelope: other }))
    return random.uniform() < 0.8 ? [{ to: rest, envelope }, ...told] : told
  }

  #otherWords(envelope: Envelope): Pick<Envelope, 'author' | 'round' | 'previous' | 'statements'> {
    const { round, previous } = envelope
    const { self } = this.#powers
    const random = this.#random
    const statements = envelope.statements.flatMap((statement) => this.#other(statement, round))
    // What it said before, in the round that is under way now.
    if (random.uniform() < 0.1) statements.push(...(this.#pick(this.#said)?.statements ?? []))
    const alone = this.#scheming.tongue === 'each-for-itself'
    const ahead = alone && random.uniform() < 0.3 ? random.below(4) * (random.uniform() < 0.2 ? 1000 : 1) : 0
    return { author: self, round: round + ahead, previous, statements }
  }

  /** In place of a word: none, another, or both. */
  #other(statement: Statement, round: number): Statement[] {
    const random = this.#random
    if (random.uniform() < 0.15) return []
    if (random.uniform() < 0.3) return [statement]
    const other = this.#lie(statement, round)
    return random.uniform() < 0.1 ? [statement, other] : [other]
  }

  #lie(statement: Statement, round: number): Statement {
    switch (statement.kind) {
      case 'init':
        return { ...statement, digest: this.#value(statement, round) }
      case 'echo':
        return { ...statement, digest: statement.stage === undefined ? this.#echoed(statement) : this.#bits() }
      case 'ready':
        return { ...statement, digest: this.#echoed(statement) }
      case 'word':
        return { ...statement, content: this.#nobodys() }
      case 'estimate':
      case 'coordinate':
        return { ...statement, value: statement.value === 0 ? 1 : 0 }
      case 'auxiliary':
        return { ...statement, values: statement.values === 1 ? 2 : 1 }
      case 'checkpoint':
        return this.#checkpoint(statement)
      default:
        return statement
    }
  }

  /** What is announced in place of an update, or offered. */
  #value({ digest: value, stage }: Of<'init'>, round: number): string {
    const random = this.#random
    const { digest, behind = '' } = memberOf(this.#powers.self, value)
    const { tongue } = this.#scheming
    const lies: (() => string)[] = [
      () => this.#junk(round) + behind,
      () => this.#nobodys() + behind,
      () => this.#pick(this.#heard) ?? value,
      () => pausedDigest + behind,
      // What it announced before.
      () => this.#pick(this.#said.flatMap(({ statements }) => statements.flatMap(announced))) ?? value,
    ]
    if (tongue === 'ordered') {
      const model = (): string =>
        encodeModelRound(Math.max(0, round - random.below(12) + (random.uniform() < 0.2 ? 2 : 0)))
      return random.uniform() < 0.6
        ? digest + model()
        : random.uniform() < 0.3
          ? this.#junk(round) + model()
          : this.#pick(lies)!()
    }
    if (tongue === 'holes' && random.uniform() < 0.6) return stage === undefined ? this.#head() : this.#list()
    return this.#pick(lies)!()
  }

  #echoed({ digest }: Of<'echo'> | Of<'ready'>): string {
    return this.#random.uniform() < 0.5 ? (this.#pick(this.#heard) ?? digest) : this.#nobodys() + digest.slice(64)
  }

  /** An update that is none, or that nobody makes. */
  #junk(round: number): string {
    const { length } = this.#scheming
    const numbers = [0, 1e30, Number.NaN, -1, Number.POSITIVE_INFINITY, this.#random.uniform()]
    return this.#powers.offer(round, new Float32Array(length).fill(this.#pick(numbers)!))
  }

  #nobodys(): string {
    return digestOf(Buffer.from(`${this.#scheming.seed} ${this.#random.below(2 ** 31)}`))
  }

  #plant(bytes: Uint8Array): string {
    const digest = digestOf(bytes)
    this.#scheming.planted.set(digest, bytes)
    return digest
  }

  /** Which chunks it says it holds. */
  #bits(): string {
    const random = this.#random
    const bits = Buffer.alloc(32)
    const some = this.#pick([0, 0xff, random.below(256)])!
    bits[0] = some
    if (random.uniform() < 0.3) bits.fill(some)
    return bits.toString('hex')
  }

  /** Of chunks that it holds, that it has planted, or that nobody has. */
  #chunk(): Buffer {
    const random = this.#random
    const chunk = Buffer.alloc(random.uniform() < 0.9 ? 4 : 8)
    chunk.writeFloatLE(this.#pick([0, 1e30, Number.NaN, random.below(4)])!)
    return Buffer.from(random.uniform() < 0.8 ? this.#plant(chunk) : this.#nobodys(), 'hex')
  }

  #list(): string {
    return this.#plant(Buffer.concat(Array.from({ length: this.#scheming.length }, () => this.#chunk())))
  }

  #head(): string {
    const random = this.#random
    const bits = Buffer.alloc(32)
    bits[0] = random.below(1 << this.#scheming.length)
    if (random.uniform() < 0.1) bits[3] = 1
    const digests = Array.from({ length: this.#scheming.length }, (_, chunk) =>
      ((bits[0]! >> chunk) & 1) === 1 || random.uniform() < 0.05 ? this.#chunk() : Buffer.alloc(32),
    )
    return this.#plant(Buffer.concat([bits, ...digests]))
  }

  #checkpoint(statement: Of<'checkpoint'>): Statement {
    const { network } = this.#powers
    const checkpoint = decodeCheckpoint(statement.checkpoint, network)
    if (checkpoint === undefined) return statement
    const { filters, members, pauses } = checkpoint
    const lies = [
      { model: this.#nobodys() },
      { members: members.slice(1) },
      ...(filters === undefined ? [] : [{ filters: this.#state(filters) }, { filters: this.#state(filters) }]),
      ...(pauses === undefined ? [] : [{ pauses: { ...pauses, spent: pauses.paused } }]),
    ]
    const bytes = encodeCheckpoint({ ...checkpoint, ...this.#pick<Partial<typeof checkpoint>>(lies) })
    return { kind: 'checkpoint', checkpoint: bytes, signature: network.keys.sign(checkpointToSign(bytes, network)) }
  }

  /** A state of filters that is another, mostly well-formed. */
  #state(filters: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const changed = Uint8Array.from(filters)
    const at = this.#random.uniform() < 0.5 ? 0 : this.#random.below(changed.length)
    changed[at]! ^= 1
    return changed
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from.length === 0 ? undefined : from[this.#random.below(from.length)]
  }
}

const announced = (statement: Statement): string[] => (statement.kind === 'init' ? [statement.digest] : [])
