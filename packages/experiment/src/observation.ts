import type { DriverEvent } from '@hearsay/peer'
import type { Digest, Ended, PauseRecord, Position } from '@hearsay/protocol'

/** When the parts of one round of one peer ended, in ms of `performance.now`. */
interface RoundTimes {
  startedMs: number
  trainedMs?: number
  heldMs?: number
  agreedMs?: number
  aggregationMs?: number
}

/** The parts of a round of one peer, in milliseconds; they follow each other and add up to the total. */
export interface PartTimes {
  /** From the start of the round until the peer has its own update. */
  readonly training: number
  /** From then until it holds the last update that it pulled before the agreement; others may train meanwhile. */
  readonly exchange: number
  /** From then until the certificate, without the aggregation: votes, the grace for the late, checkpoints. */
  readonly agreement: number
  readonly aggregation: number
  readonly total: number
}

export interface RoundMeasures {
  readonly round: number
  /** Of the checkpoint; undefined in averaging agreement, in which nothing is certified. */
  readonly digest: Digest | undefined
  /** The model that the peer ended the round with. */
  readonly model: Digest
  readonly endedMs: number
  readonly trainedMs: number | undefined
  /** Undefined when the peer was behind and took the certificate from others without beginning the round. */
  readonly timeMs: PartTimes | undefined
}

/** Of gradients. */
export interface Judged {
  readonly all: number
  readonly applied: number
}

/** Bytes. */
export interface Traffic {
  readonly sent: number
  readonly received: number
}

/** What was seen of one honest peer, between rounds. */
export interface Observed {
  readonly rounds: readonly RoundMeasures[]
  /** Those whom this peer named by their own signatures. */
  readonly culprits: ReadonlySet<Position>
  /** Sent and received in each round. */
  readonly bytes: ReadonlyMap<number, Traffic>
  /** Trainings that came to numbers that are not finite. */
  readonly diverged: number
  /** What each peer weighs after each round, where weights follow vouches. */
  readonly weights: readonly (readonly number[])[]
  /** Where pauses count, what they have come to, and how many rounds were learnt from. */
  readonly pauses: { readonly record: PauseRecord; readonly learnt: number } | undefined
  /** Where gradients are judged, how many of each author, and how many of them were applied. */
  readonly judged: ReadonlyMap<Position, Judged>
  /** The newest round that this peer began. */
  readonly begun: number
  /** Sent and received until the newest round was over. */
  readonly counted: Traffic
}

/** What is seen of one honest peer. */
export class Observation implements Observed {
  readonly rounds: RoundMeasures[]
  readonly culprits: Set<Position>
  halted = false
  readonly bytes: Map<number, Traffic>
  diverged: number
  readonly weights: (readonly number[])[]
  pauses: Observed['pauses']
  readonly judged: Map<Position, Judged>
  begun: number
  counted: Traffic
  readonly #times = new Map<number, RoundTimes>()

  constructor(before?: Observed) {
    this.rounds = [...(before?.rounds ?? [])]
    this.culprits = new Set(before?.culprits)
    this.bytes = new Map(before?.bytes)
    this.diverged = before?.diverged ?? 0
    this.weights = [...(before?.weights ?? [])]
    this.pauses = before?.pauses
    this.judged = new Map(before?.judged)
    this.begun = before?.begun ?? 0
    this.counted = before?.counted ?? { sent: 0, received: 0 }
  }

  /** Of a peer that has not halted. */
  kept(): Observed {
    const { rounds, culprits, bytes, diverged, weights, pauses, judged, begun, counted } = this
    return { rounds, culprits, bytes, diverged, weights, pauses, judged, begun, counted }
  }

  /** The newest round that is over for this peer. */
  get height(): number {
    return this.rounds.at(-1)?.round ?? 0
  }

  on(event: DriverEvent): void {
    if (event.kind === 'output') this.#onOutput(event.output, event.nowMs)
    if (event.kind === 'diverged') this.diverged++
    if (event.kind !== 'trained' && event.kind !== 'aggregated' && event.kind !== 'held') return
    const times = this.#times.get(event.round)
    if (times === undefined) return
    if (event.kind === 'trained') {
      times.trainedMs = event.nowMs
      // A round that has a least time is entered before it is begun.
      times.startedMs = Math.max(times.startedMs, event.nowMs - event.tookMs)
    } else if (event.kind === 'aggregated') times.aggregationMs = (times.aggregationMs ?? 0) + event.tookMs
    else if (times.agreedMs === undefined) times.heldMs = event.nowMs
  }

  /** Takes what was sent and received since the last call as that of this round. */
  countBytes(round: number, { sent, received }: Traffic): void {
    this.bytes.set(round, { sent: sent - this.counted.sent, received: received - this.counted.received })
    this.counted = { sent, received }
  }

  #onOutput(output: Extract<DriverEvent, { kind: 'output' }>['output'], nowMs: number): void {
    switch (output.kind) {
      case 'round':
        this.begun = output.round
        this.#times.set(output.round, { startedMs: nowMs })
        break
      case 'agreed': {
        const times = this.#times.get(output.round)
        if (times !== undefined) times.agreedMs = nowMs
        break
      }
      case 'judged':
        this.#judge(output.peer, output.factor > 0)
        break
      case 'ordered':
        // The rule takes all.
        if (output.robust) break
        for (const peer of output.applied) this.#judge(peer, true)
        for (const peer of output.refused) this.#judge(peer, false)
        break
      case 'evidence':
        for (const culprit of output.evidence.culprits) this.culprits.add(culprit)
        break
      case 'halted':
        this.halted = true
        break
      case 'round-ended':
        this.#ended(output, nowMs)
    }
  }

  #judge(author: Position, isApplied: boolean): void {
    const { all = 0, applied = 0 } = this.judged.get(author) ?? {}
    this.judged.set(author, { all: all + 1, applied: applied + (isApplied ? 1 : 0) })
  }

  #count(record: PauseRecord | undefined): void {
    if (record === undefined) return
    const { record: before, learnt = 0 } = this.pauses ?? {}
    const isLearnt = record.onto !== (before?.onto ?? '') && record.onto !== ''
    this.pauses = { record, learnt: learnt + (isLearnt ? 1 : 0) }
  }

  #ended({ round, model, certificate }: Ended, endedMs: number): void {
    const times = this.#times.get(round)
    this.#times.delete(round)
    const standing = certificate?.checkpoint.standing
    if (standing !== undefined) this.weights.push(standing.weights)
    this.#count(certificate?.checkpoint.pauses)
    const timeMs = times && partTimes(times, endedMs)
    this.rounds.push({ round, digest: certificate?.digest, model, endedMs, trainedMs: times?.trainedMs, timeMs })
  }
}

function partTimes({ startedMs, trainedMs, heldMs, aggregationMs }: RoundTimes, endedMs: number): PartTimes {
  // A slow peer may still train when the others have certified the round.
  const trained = trainedMs ?? endedMs
  const held = Math.max(trained, heldMs ?? trained)
  const aggregation = Math.min(aggregationMs ?? 0, endedMs - held)
  return {
    training: trained - startedMs,
    exchange: held - trained,
    agreement: endedMs - held - aggregation,
    aggregation,
    total: endedMs - startedMs,
  }
}
