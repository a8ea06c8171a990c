import type { Envelope } from './envelope.ts'
import { contentOf, slotOf } from './statements.ts'

interface Said {
  readonly content: string | number
  readonly envelope: Envelope
}

export type Considered =
  /** Nothing new, or nothing that counts: its author has contradicted itself before. */
  { readonly kind: 'known' } | { readonly kind: 'new' } | { readonly kind: 'conflict'; readonly with: Envelope }

/**
 * What was said in one round, by author and slot. Keeps envelopes of which every statement is new, so that what it
 * holds is bounded by the number of slots (an honest peer says nothing twice); and the first contradiction of an
 * author, which is evidence and closes its mouth.
 */
export class RoundRecord {
  readonly #peers: number
  readonly #said = new Map<number, Map<number, Said>>()
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
    if (this.#envelopes.has(envelope.id) || this.#convicted.has(envelope.author)) return { kind: 'known' }
    const said = this.#said.get(envelope.author)
    const before = said?.values().next().value?.envelope
    if (before !== undefined && before.previous !== envelope.previous) return { kind: 'conflict', with: before }
    const here = new Map<number, string | number>()
    let repeats = false
    for (const statement of envelope.statements) {
      const slot = slotOf(statement, this.#peers)
      const content = contentOf(statement)
      const earlier = said?.get(slot)
      if (earlier !== undefined && earlier.content !== content) return { kind: 'conflict', with: earlier.envelope }
      if (here.has(slot) && here.get(slot) !== content) return { kind: 'conflict', with: envelope }
      if (earlier !== undefined || here.has(slot)) repeats = true
      here.set(slot, content)
    }
    return { kind: repeats ? 'known' : 'new' }
  }

  consider(envelope: Envelope): Considered {
    const considered = this.judge(envelope)
    if (considered.kind === 'known') return considered
    this.#envelopes.set(envelope.id, envelope)
    if (considered.kind === 'conflict') this.#convicted.add(envelope.author)
    else {
      const said = this.#said.get(envelope.author) ?? new Map<number, Said>()
      this.#said.set(envelope.author, said)
      for (const statement of envelope.statements)
        said.set(slotOf(statement, this.#peers), { content: contentOf(statement), envelope })
    }
    return considered
  }
}
