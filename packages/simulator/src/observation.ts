import type { DriverEvent } from '@hearsay/peer'
import type { Certificate, Digest, Evidence } from '@hearsay/protocol'

/** When the parts of one round of one peer ended, in ms of `performance.now`. */
interface RoundTimes {
  startedMs: number
  trainedMs?: number
  heldMs?: number
  agreedMs?: number
  aggregationMs?: number
}

export interface RoundMeasures {
  readonly round: number
  readonly digest: Digest
  readonly model: Digest
  readonly endedMs: number
  readonly trainedMs: number | undefined
  readonly timeMs: { training: number; exchange: number; agreement: number; aggregation: number; total: number }
}

/** What is seen of one honest peer. */
export class Observation {
  readonly rounds: RoundMeasures[] = []
  readonly evidence: Evidence[] = []
  halted = false
  head: Certificate | undefined
  /** Sent and received in each round. */
  readonly bytes = new Map<number, { sent: number; received: number }>()
  #counted = { sent: 0, received: 0 }
  readonly #times = new Map<number, RoundTimes>()

  get height(): number {
    return this.head?.checkpoint.round ?? 0
  }

  on(event: DriverEvent): void {
    if (event.kind === 'output') this.#onOutput(event.output, event.nowMs)
    else if (event.kind === 'trained') this.#at(event.round, event.nowMs).trainedMs = event.nowMs
    else if (event.kind === 'aggregated') this.#at(event.round, event.nowMs).aggregationMs = event.tookMs
    else if (event.kind === 'held') {
      const times = this.#at(event.round, event.nowMs)
      if (times.agreedMs === undefined) times.heldMs = event.nowMs
    }
  }

  /** Takes what was sent and received so far as that of the rounds up to this one. */
  countBytes(round: number, { sent, received }: { readonly sent: number; readonly received: number }): void {
    this.bytes.set(round, { sent: sent - this.#counted.sent, received: received - this.#counted.received })
    this.#counted = { sent, received }
  }

  #onOutput(output: Extract<DriverEvent, { kind: 'output' }>['output'], nowMs: number): void {
    if (output.kind === 'round') this.#at(output.round, nowMs)
    else if (output.kind === 'agreed') this.#at(output.round, nowMs).agreedMs = nowMs
    else if (output.kind === 'evidence') this.evidence.push(output.evidence)
    else if (output.kind === 'halted') this.halted = true
    else this.#certified(output.certificate, nowMs)
  }

  #at(round: number, nowMs: number): RoundTimes {
    const times = this.#times.get(round) ?? { startedMs: nowMs }
    this.#times.set(round, times)
    return times
  }

  #certified(certificate: Certificate, endedMs: number): void {
    const { round, model } = certificate.checkpoint
    const { startedMs, trainedMs, heldMs, agreedMs, aggregationMs } = this.#at(round, endedMs)
    this.head = certificate
    const trained = trainedMs ?? startedMs
    const held = Math.max(trained, heldMs ?? trained)
    const aggregation = agreedMs === undefined ? 0 : (aggregationMs ?? 0)
    const timeMs = {
      training: trained - startedMs,
      exchange: held - trained,
      agreement: Math.max(0, endedMs - held - aggregation),
      aggregation,
      total: endedMs - startedMs,
    }
    this.rounds.push({ round, digest: certificate.digest, model, endedMs, trainedMs, timeMs })
    this.#times.delete(round)
  }
}
