import type { Envelope } from './envelope.ts'
import { contentOf, slotOf } from './statements.ts'

export type Considered =
  /** Nothing new, or nothing that counts: its author has contradicted itself before. */
  { readonly kind: 'known' } | { readonly kind: 'new' } | { readonly kind: 'conflict'; readonly with: Envelope }

const known: Considered = { kind: 'known' }
const fresh: Considered = { kind: 'new' }

/** What one author said, and a bit for each slot that it filled: few bytes a slot, and most questions end here. */
interface Voice {
  readonly envelopes: Envelope[]
  filled: Uint32Array
}

/**
 * What was said in one round, by author and slot. Keeps envelopes of which every statement is new, so that what it
 * holds is bounded by the number of slots (an honest peer says nothing twice); and the first contradiction of an
 * author, which is evidence and closes its mouth.
 */
export class RoundRecord {
  readonly #peers: number
  readonly #voices = new Map<number, Voice>()
  readonly #envelopes = new Map<string, Envelope>()
  readonly #convicted = new Set<number>()

  constructor(peers: number) {
    this.#peers = peers
  }

  envelopes(): Iterable<Envelope> {
    return this.#envelopes.values()
  }

  /** What the envelope would change, without changing it. */
  judge(envelope: Envelope): Considered {
    const { author, id, previous, statements } = envelope
    if (this.#envelopes.has(id) || this.#convicted.has(author)) return known
    const voice = this.#voices.get(author)
    const before = voice?.envelopes[0]
    if (before !== undefined && before.previous !== previous) return { kind: 'conflict', with: before }
    const { slots, inner } = slotsOf(envelope, this.#peers)
    let repeats = inner === 'repeats'
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!
      const earlier = voice !== undefined && isFilled(voice, slot) ? this.#earlier(voice, slot) : undefined
      if (earlier === undefined) continue
      if (earlier.content !== contentOf(statements[i]!)) return { kind: 'conflict', with: earlier.envelope }
      repeats = true
    }
    if (inner === 'conflict') return { kind: 'conflict', with: envelope }
    return repeats ? known : fresh
  }

  consider(envelope: Envelope): Considered {
    const considered = this.judge(envelope)
    if (considered.kind === 'known') return considered
    const { author, id } = envelope
    this.#envelopes.set(id, envelope)
    if (considered.kind === 'conflict') this.#convicted.add(author)
    else {
      const voice = this.#voices.get(author) ?? { envelopes: [], filled: new Uint32Array(0) }
      this.#voices.set(author, voice)
      voice.envelopes.push(envelope)
      fill(voice, slotsOf(envelope, this.#peers).slots)
    }
    return considered
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

function isFilled({ filled }: Voice, slot: number): boolean {
  return ((filled[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0
}

function fill(voice: Voice, slots: Uint32Array): void {
  let most = 0
  for (const slot of slots) if (slot > most) most = slot
  if (most >>> 5 >= voice.filled.length) {
    const grown = new Uint32Array(Math.max((most >>> 5) + 1, 2 * voice.filled.length))
    grown.set(voice.filled)
    voice.filled = grown
  }
  for (const slot of slots) voice.filled[slot >>> 5]! |= 1 << (slot & 31)
}

interface Slots {
  readonly peers: number
  /** Of each statement. */
  readonly slots: Uint32Array
  /** Whether statements of the envelope fill one slot, alike or not. */
  readonly inner: 'repeats' | 'conflict' | undefined
}

/** Of envelopes that were looked at before: each is asked about at every judgement, and by every peer of the process. */
const looked = new WeakMap<Envelope, Slots>()

function slotsOf(envelope: Envelope, peers: number): Slots {
  const before = looked.get(envelope)
  if (before !== undefined && before.peers === peers) return before
  const contents = new Map<number, string | number>()
  let inner: Slots['inner']
  const slots = Uint32Array.from(envelope.statements, (statement) => {
    const slot = slotOf(statement, peers)
    const content = contentOf(statement)
    const twin = contents.get(slot)
    if (twin !== undefined && inner !== 'conflict') inner = twin === content ? 'repeats' : 'conflict'
    contents.set(slot, content)
    return slot
  })
  const found = { peers, slots, inner }
  looked.set(envelope, found)
  return found
}
