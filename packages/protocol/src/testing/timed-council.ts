/**
 * One binary agreement of honest peers 0 to h−1 among n on a virtual clock: every word arrives after the delay that a test
 * gives it, timers run out on time. Those after the honest peers lie: a test speaks for them.
 */
import { BinaryAgreement } from '../agreement/exact/binary-agreement.ts'
import type { Quorums } from '../roster/quorums.ts'
import type { Bit, Statement } from '../words/statements.ts'

export type Vote = Extract<Statement, { readonly phase: number }>

export interface TimedOptions {
  readonly quorums: Quorums
  /** Of the honest peers. */
  readonly inputs: readonly Bit[]
  /** The timer of phase p takes p−1 times as long. */
  readonly timeoutMs: number
  /** Undefined: it is lost, until `repeat`. */
  delayMs(from: number, to: number, vote: Vote, nowMs: number): number | undefined
  /** Called when an honest peer has said something. */
  heard?(vote: Vote, council: TimedCouncil, from: number): void
}

/** From the horizon back to the last phase that is not forgotten. */
const phasesKept = 6

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

export class TimedCouncil {
  readonly agreements: BinaryAgreement[]
  nowMs = 0
  /** The last phase of which an honest peer said anything. */
  lastPhase = 0
  /** By honest peer. */
  readonly #said: Vote[][]
  readonly #queue: Due[] = []
  readonly #options: TimedOptions
  #order = 0

  constructor(options: TimedOptions) {
    this.#options = options
    this.#said = options.inputs.map(() => [])
    const { quorums } = options
    this.agreements = options.inputs.map(
      (_, self) =>
        new BinaryAgreement(0, self, quorums, {
          say: (statement) => this.#say(self, statement as Vote),
          timer: (phase) => this.#after((phase - 1) * options.timeoutMs, () => this.agreements[self]!.onTimer(phase)),
        }),
    )
    for (const [self, input] of options.inputs.entries()) this.#after(0, () => this.agreements[self]!.start(input))
  }

  get decided(): (Bit | undefined)[] {
    return this.agreements.map(({ decided }) => decided)
  }

  get allDecided(): boolean {
    return this.agreements.every(({ decided }) => decided !== undefined)
  }

  /** A liar says it to one honest peer, who hears it after so many ms. */
  tell(from: number, to: number, vote: Vote, delayMs = 0): void {
    this.#after(delayMs, () => this.#hear(to, from, vote))
  }

  /** Honest peers say again, to all, what they said in phases that they have not forgotten. */
  repeat(): void {
    for (const [from, votes] of this.#said.entries())
      for (const vote of votes) if (vote.phase >= this.agreements[from]!.horizon - phasesKept) this.#send(from, vote)
  }

  at(atMs: number, run: () => void): void {
    this.#after(Math.max(0, atMs - this.nowMs), run)
  }

  /** Until all have decided, or `done`, or nothing is left to happen. */
  run(done: () => boolean = () => false): this {
    while (!this.allDecided && !done()) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.nowMs = next.atMs
      next.run()
    }
    return this
  }

  #say(from: number, vote: Vote): void {
    this.lastPhase = Math.max(this.lastPhase, vote.phase)
    this.#said[from]!.push(vote)
    this.#send(from, vote)
    this.#options.heard?.(vote, this, from)
  }

  #send(from: number, vote: Vote): void {
    for (const to of this.agreements.keys()) {
      const delayMs = from === to ? 0 : this.#options.delayMs(from, to, vote, this.nowMs)
      if (delayMs !== undefined) this.#after(delayMs, () => this.#hear(to, from, vote))
    }
  }

  #hear(to: number, from: number, vote: Vote): void {
    const agreement = this.agreements[to]!
    if (vote.kind === 'estimate') agreement.onEstimate(from, vote.phase, vote.value)
    else if (vote.kind === 'coordinate') agreement.onCoordinate(from, vote.phase, vote.value)
    else agreement.onAuxiliary(from, vote.phase, vote.values)
  }

  #after(ms: number, run: () => void): void {
    const due = { atMs: this.nowMs + ms, order: this.#order++, run }
    let at = this.#queue.length
    while (at > 0 && this.#queue[at - 1]!.atMs > due.atMs) at--
    this.#queue.splice(at, 0, due)
  }
}
