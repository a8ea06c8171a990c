import {
  type AveragingPeerOptions,
  type Certificate,
  type Envelope,
  encodeCertificate,
  type PeerOptions,
  type Step,
} from '@hearsay/protocol'

/** What a peer that starts again begins with. */
export type Kept = Pick<PeerOptions, 'head' | 'archive' | 'said' | 'memory'> & Pick<AveragingPeerOptions, 'finished'>

/**
 * What the storage of a peer holds: its certificates, and what it said since the newest. In averaging agreement the last
 * round that it finished, with its model, and what it said since that round began.
 */
export class Keeping {
  #certificates: Certificate[] = []
  #said: Envelope[] = []
  #finished: AveragingPeerOptions['finished']
  #memory: PeerOptions['memory']

  /** What this step says and certifies is safe before anybody hears of it. */
  keep(step: Step): void {
    for (const { envelope } of step.sends) this.#said.push(envelope)
    for (const output of step.outputs) {
      if (output.kind === 'averaged') {
        this.#finished = { round: output.round, model: output.model }
        this.#said = this.#said.filter(({ round }) => round >= output.round)
      }
      if (output.kind !== 'certified') continue
      this.#certificates.push(output.certificate)
      const { round: height } = output.certificate.checkpoint
      this.#said = this.#said.filter(({ round }) => round > height)
    }
  }

  /** All of it is lost, and the peer knows no more than that it may have spoken. */
  forget(): void {
    this.#certificates = []
    this.#said = []
    this.#finished = undefined
    this.#memory = 'lost'
  }

  kept(): Kept {
    const head = this.#head
    const certificates = this.#certificates
    const memory = this.#memory
    // When it starts once more it has what it said since.
    if (memory === 'lost') this.#memory = 'kept'
    const said = new Map(this.#said.map((envelope) => [envelope.id, envelope]))
    return {
      ...(head === undefined ? {} : { head }),
      ...(memory && { memory }),
      ...(this.#finished && { finished: this.#finished }),
      said: [...said.values()],
      archive: {
        certificate: (round) => {
          const certificate = certificates.find(({ checkpoint }) => checkpoint.round === round)
          return certificate === undefined ? undefined : encodeCertificate(certificate)
        },
      },
    }
  }

  get #head(): Certificate | undefined {
    return this.#certificates.at(-1)
  }
}
