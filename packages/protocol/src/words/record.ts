import type { Position } from '../roster/position.ts'
import type { Digest } from './digest.ts'
import { FilledSlots } from './slots.ts'
import { contentOf, contradict, slotOf } from './statements.ts'
import type { Envelope, Words } from './words.ts'

export type Considered<T = Envelope> =
  /** Nothing new, or nothing that counts: its author has contradicted itself before. */
  { readonly kind: 'known' } | { readonly kind: 'new' } | { readonly kind: 'conflict'; readonly with: T }

const known = { kind: 'known' } as const
const fresh = { kind: 'new' } as const

/** So often an author may say again what it said, in other bytes: no honest peer does it once. */
const mostRepeats = 4

/** Of so many it is quicker to look at each than to keep an index. */
const fewEnvelopes = 32

/** What one author said. */
interface Voice {
  /** What its first envelope builds on. */
  readonly previous: Digest
  readonly envelopes: Envelope[]
  /** Of the first so many of them: made when somebody asks. */
  readonly ids: Set<Digest>
  readonly filled: FilledSlots
  /** What fills each slot, of the first so many envelopes: made when somebody says something twice, which nobody honest does. */
  readonly index: Map<number, { readonly envelope: Envelope; readonly content: string | number }>
  indexed: number
  /** It has contradicted itself. */
  convicted: boolean
  repeats: number
}

/**
 * What was said in one round, by author and slot. Keeps envelopes of which every statement is new, so that what it
 * holds is bounded by the number of slots (an honest peer says nothing twice); and the first contradiction of an
 * author, which is evidence and closes its mouth.
 */
export class RoundRecord {
  readonly #peers: number
  /** By author. */
  readonly #voices: (Voice | undefined)[]
  /** In the order in which they were heard. */
  #envelopes: Envelope[] = []

  constructor(peers: number) {
    this.#peers = peers
    this.#voices = Array(peers).fill(undefined)
  }

  envelopes(): readonly Envelope[] {
    return this.#envelopes
  }

  /** Whether anything that this author says can be new. */
  hears(author: Position): boolean {
    return this.#voices[author]?.convicted !== true && !this.isBabbler(author)
  }

  /** Whether the author's envelope with this id is kept. */
  has({ author, id }: { readonly author: Position; readonly id: Digest }): boolean {
    const voice = this.#voices[author]
    if (voice === undefined) return false
    const { envelopes, ids } = voice
    if (envelopes.length <= fewEnvelopes) return envelopes.some((envelope) => envelope.id === id)
    while (ids.size < envelopes.length) ids.add(envelopes[ids.size]!.id)
    return ids.has(id)
  }

  /** Whether the author has said the same again and again. */
  isBabbler(author: Position): boolean {
    return (this.#voices[author]?.repeats ?? 0) >= mostRepeats
  }

  /** Notes that the author has signed other bytes that say again what it had said. */
  onRepeated(author: Position): void {
    const voice = this.#voices[author]
    if (voice !== undefined) voice.repeats++
  }

  /** What an envelope with these words would change, without changing it. */
  judge<W extends Words>(envelope: W): Considered<Envelope | W> {
    const { author, previous, slots } = envelope
    const voice = this.#voices[author]
    if (voice?.convicted) return known
    if (voice !== undefined && voice.previous !== previous) return { kind: 'conflict', with: voice.envelopes[0]! }
    // Most envelopes end here.
    if (slots.inner === undefined && !voice?.filled.some(slots)) return fresh
    return this.has(envelope) ? known : this.#compare(envelope, voice)
  }

  consider(envelope: Envelope): Considered {
    const considered = this.judge(envelope)
    if (considered.kind === 'known') return considered
    this.#envelopes.push(envelope)
    const voice = this.#voices[envelope.author] ?? newVoice(envelope.previous)
    this.#voices[envelope.author] = voice
    if (considered.kind === 'conflict') voice.convicted = true
    else {
      voice.envelopes.push(envelope)
      voice.filled.add(envelope.slots)
    }
    return considered
  }

  /** What this author said. Gives whether nothing of anybody is left. */
  forget(author: Position): boolean {
    this.#voices[author] = undefined
    this.#envelopes = this.#envelopes.filter((envelope) => envelope.author !== author)
    return this.#envelopes.length === 0
  }

  /** Statement by statement: an envelope that fills a slot that was filled before, or one of its own twice. */
  #compare<W extends Words>(envelope: W, voice: Voice | undefined): Considered<Envelope | W> {
    for (const statement of envelope.statements) {
      const slot = slotOf(statement, this.#peers)
      const earlier = voice?.filled.has(slot) ? this.#earlier(voice, slot) : undefined
      if (earlier === undefined) continue
      if (contradict(earlier.content, contentOf(statement))) return { kind: 'conflict', with: earlier.envelope }
    }
    return envelope.slots.inner === 'conflict' ? { kind: 'conflict', with: envelope } : known
  }

  /** Which envelope filled a slot, and with what. */
  #earlier(voice: Voice, slot: number): { envelope: Envelope; content: string | number } | undefined {
    for (; voice.indexed < voice.envelopes.length; voice.indexed++) {
      const envelope = voice.envelopes[voice.indexed]!
      for (const statement of envelope.statements)
        voice.index.set(slotOf(statement, this.#peers), { envelope, content: contentOf(statement) })
    }
    return voice.index.get(slot)
  }
}

function newVoice(previous: Digest): Voice {
  return {
    previous,
    envelopes: [],
    ids: new Set(),
    filled: new FilledSlots(),
    index: new Map(),
    indexed: 0,
    convicted: false,
    repeats: 0,
  }
}
