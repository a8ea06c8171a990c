import type { Envelope } from './envelope.ts'
import { contentOf, type Statement, slotOf } from './statements.ts'

interface Said {
  readonly content: string | number
  readonly envelope: Envelope
}

export type Considered =
  | { readonly kind: 'known' }
  | { readonly kind: 'new'; readonly statements: readonly Statement[] }
  | { readonly kind: 'conflict'; readonly with: Envelope }

/**
 * What was said in one round, by author and slot. Keeps the envelopes that said something new, so what it holds is
 * bounded by the number of slots; and the first contradiction of an author, which is evidence and closes its mouth.
 */
export class RoundRecord {
  readonly #peers: number
  readonly #said = new Map<number, Map<number, Said>>()
  readonly #envelopes = new Map<string, Envelope>()
  readonly #convicted = new Set<number>()

  constructor(peers: number) {
    this.#peers = peers
  }

  has(id: string): boolean {
    return this.#envelopes.has(id)
  }

  envelopes(): Iterable<Envelope> {
    return this.#envelopes.values()
  }

  consider(envelope: Envelope): Considered {
    if (this.#envelopes.has(envelope.id) || this.#convicted.has(envelope.author)) return { kind: 'known' }
    const said = this.#said.get(envelope.author) ?? new Map<number, Said>()
    this.#said.set(envelope.author, said)
    const contradicted = this.#contradicted(envelope, said)
    if (contradicted !== undefined) {
      this.#convicted.add(envelope.author)
      this.#envelopes.set(envelope.id, envelope)
      return { kind: 'conflict', with: contradicted }
    }
    const statements = envelope.statements.filter((statement) => !said.has(slotOf(statement, this.#peers)))
    if (statements.length === 0) return { kind: 'known' }
    for (const statement of statements)
      said.set(slotOf(statement, this.#peers), { content: contentOf(statement), envelope })
    this.#envelopes.set(envelope.id, envelope)
    return { kind: 'new', statements }
  }

  #contradicted(envelope: Envelope, said: Map<number, Said>): Envelope | undefined {
    for (const earlier of said.values()) {
      if (earlier.envelope.previous !== envelope.previous) return earlier.envelope
      break
    }
    const here = new Map<number, string | number>()
    for (const statement of envelope.statements) {
      const slot = slotOf(statement, this.#peers)
      const earlier = said.get(slot)
      if (earlier !== undefined && earlier.content !== contentOf(statement)) return earlier.envelope
      if (here.has(slot) && here.get(slot) !== contentOf(statement)) return envelope
      here.set(slot, contentOf(statement))
    }
    return undefined
  }
}
