import { type Ended, type Envelope, encodeCertificate, type Kept, type Step } from '@hearsay/protocol'

/** What the storage of a peer holds: what its rounds ended with, and what it said since the newest began. */
export class Keeping {
  #ended: Ended[] = []
  #said: Envelope[] = []
  #memory: Kept['memory']

  /** What this step says and ends is safe before anybody hears of it. */
  keep(step: Step): void {
    for (const { envelope } of step.sends) this.#said.push(envelope)
    for (const output of step.outputs) {
      if (output.kind !== 'round-ended') continue
      this.#ended.push(output)
      this.#said = this.#said.filter(({ round }) => round >= output.round)
    }
  }

  /** All of it is lost, and the peer knows no more than that it may have spoken. */
  forget(): void {
    this.#ended = []
    this.#said = []
    this.#memory = 'lost'
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
