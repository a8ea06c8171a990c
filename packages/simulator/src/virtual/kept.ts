import { type Certificate, type Envelope, encodeCertificate, type PeerOptions, type Step } from '@hearsay/protocol'

/** What a peer that starts again begins with. */
export type Kept = Pick<PeerOptions, 'head' | 'archive' | 'said'>

/** What the storage of a peer holds: its certificates, and what it said since the newest. */
export class Keeping {
  readonly #certificates: Certificate[] = []
  #said: Envelope[] = []

  /** What this step says and certifies is safe before anybody hears of it. */
  keep(step: Step): void {
    for (const { envelope } of step.sends) this.#said.push(envelope)
    for (const output of step.outputs) {
      if (output.kind !== 'certified') continue
      this.#certificates.push(output.certificate)
      const { round: height } = output.certificate.checkpoint
      this.#said = this.#said.filter(({ round }) => round > height)
    }
  }

  kept(): Kept {
    const head = this.#head
    const said = new Map(this.#said.map((envelope) => [envelope.id, envelope]))
    return {
      ...(head === undefined ? {} : { head }),
      said: [...said.values()],
      archive: {
        certificate: (round) => {
          const certificate = this.#certificates.find(({ checkpoint }) => checkpoint.round === round)
          return certificate === undefined ? undefined : encodeCertificate(certificate)
        },
      },
    }
  }

  get #head(): Certificate | undefined {
    return this.#certificates.at(-1)
  }
}
