import { contentOf, type Envelope, slotOf } from '@hearsay/protocol'

/** What authors said, slot by slot, to see whether one says two things in one. */
export class Slots {
  readonly #peers: number
  readonly #said = new Map<string, string | number>()

  constructor(peers: number) {
    this.#peers = peers
  }

  /** Whether the author of this envelope has said something else in a slot of it before. */
  contradicts({ author, round, previous, statements }: Envelope): boolean {
    // All that a peer says in a round builds on one checkpoint.
    const fill = (slot: string, content: string | number): boolean => {
      const key = `${author} ${round} ${slot}`
      const isOther = (this.#said.get(key) ?? content) !== content
      this.#said.set(key, content)
      return isOther
    }
    const filled = statements.map((statement) => fill(String(slotOf(statement, this.#peers)), contentOf(statement)))
    return fill('previous', previous) || filled.includes(true)
  }
}
