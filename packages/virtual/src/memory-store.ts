import type { Store } from '@hearsay/peer'
import { type Ended, type Envelope, encodeCertificate, type Kept } from '@hearsay/protocol'

/** What a peer keeps, in memory: what its rounds ended with, and what it said since the newest began. */
export class MemoryStore implements Store {
  #ended: Ended[] = []
  #said: Envelope[] = []
  #memory: Kept['memory']

  said(envelopes: readonly Envelope[]): void {
    this.#said.push(...envelopes)
  }

  ended(ended: Ended): void {
    this.#ended.push(ended)
    this.#said = this.#said.filter(({ round }) => round >= ended.round)
  }

  evidence(): void {}

  /** All of it is lost, and the peer knows no more than that it may have spoken. */
  forget(): void {
    this.#ended = []
    this.#said = []
    this.#memory = 'lost'
  }

  /** Gives what puts back all that is stored now; what a peer then knows of its memory is given. */
  backUp(memory: Kept['memory']): () => void {
    const [ended, said] = [[...this.#ended], [...this.#said]]
    return () => {
      this.#ended = [...ended]
      this.#said = [...said]
      this.#memory = memory
    }
  }

  kept(): Kept {
    const head = this.#ended.at(-1)
    const ended = this.#ended
    const memory = this.#memory
    // When it starts once more it has what it said since.
    if (memory === 'lost') this.#memory = 'kept'
    const said = new Map(this.#said.map((envelope) => [envelope.id, envelope]))
    return {
      ...(head && { head }),
      ...(memory && { memory }),
      said: [...said.values()],
      archive: {
        certificate: (number) => {
          const certificate = ended.find(({ round }) => round === number)?.certificate
          return certificate === undefined ? undefined : encodeCertificate(certificate)
        },
      },
    }
  }
}
