import type { Digest } from './digest.ts'
import type { Envelope } from './envelope.ts'
import { FilledSlots } from './slots.ts'
import { contentOf, slotOf } from './statements.ts'

export type Considered =
  /** Nothing new, or nothing that counts: its author has contradicted itself before. */
  { readonly kind: 'known' } | { readonly kind: 'new' } | { readonly kind: 'conflict'; readonly with: Envelope }

const known: Considered = { kind: 'known' }
const fresh: Considered = { kind: 'new' }

/** What one author said. */
interface Voice {
  /** What its first envelope builds on. */
  readonly previous: Digest
  readonly envelopes: Envelope[]
  readonly filled: FilledSlots
  /** It has contradicted itself. */
  convicted: boolean
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
  readonly #envelopes: Envelope[] = []

  constructor(peers: number) {
    this.#peers = peers
    this.#voices = Array(peers).fill(undefined)
  }

  envelopes(): readonly Envelope[] {
    return this.#envelopes
  }

  /** What the envelope would change, without changing it. */
  judge(envelope: Envelope): Considered {
    const { author, previous, slots } = envelope
    const voice = this.#voices[author]
    if (voice?.convicted) return known
    if (voice !== undefined && voice.previous !== previous) return { kind: 'conflict', with: voice.envelopes[0]! }
    // Most envelopes end here.
    if (slots.inner === undefined && !voice?.filled.some(slots)) return fresh
    return voice?.envelopes.some(({ id }) => id === envelope.id) ? known : this.#compare(envelope, voice)
  }

  consider(envelope: Envelope): Considered {
    const considered = this.judge(envelope)
    if (considered.kind === 'known') return considered
    const { author, previous } = envelope
    this.#envelopes.push(envelope)
    const voice = this.#voices[author] ?? { previous, envelopes: [], filled: new FilledSlots(), convicted: false }
    this.#voices[author] = voice
    if (considered.kind === 'conflict') voice.convicted = true
    else {
      voice.envelopes.push(envelope)
      voice.filled.add(envelope.slots)
    }
    return considered
  }

  /** Statement by statement: an envelope that fills a slot that was filled before, or one of its own twice. */
  #compare(envelope: Envelope, voice: Voice | undefined): Considered {
    for (const statement of envelope.statements) {
      const slot = slotOf(statement, this.#peers)
      const earlier = voice?.filled.has(slot) ? this.#earlier(voice, slot) : undefined
      if (earlier === undefined) continue
      if (earlier.content !== contentOf(statement)) return { kind: 'conflict', with: earlier.envelope }
    }
    return envelope.slots.inner === 'conflict' ? { kind: 'conflict', with: envelope } : known
  }

  /** Who filled a slot, and with what. */
  #earlier({ envelopes }: Voice, slot: number): { envelope: Envelope; content: string | number } | undefined {
    for (const envelope of envelopes) {
      const statement = envelope.statements.find((one) => slotOf(one, this.#peers) === slot)
      if (statement !== undefined) return { envelope, content: contentOf(statement) }
    }
    return undefined
  }
}
