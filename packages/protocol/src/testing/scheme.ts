/**
 * Schemes against one binary agreement, drawn from a seed: which words of whom come late to whom, and what liars tell whom when,
 * all within a bound on delays; and the phase by which the argument at the head of binary-agreement.ts says that it has ended.
 */
import { type Quorums, Tally } from '../roster/quorums.ts'
import type { Bit, BitSet } from '../words/statements.ts'
import { type Random, randomFrom } from './exchange.ts'
import { TimedCouncil as Council, type Vote } from './timed-council.ts'

export const parity = (phase: number): Bit => (phase % 2) as Bit
export const other = (phase: number): Bit => (1 - parity(phase)) as Bit

/**
 * By the argument at the head of binary-agreement.ts: the phase in which all have decided at the latest. From the first
 * p > 3 with (p−2) timeouts ≥ 4δ on, one has an honest coordinator as soon as theirs weigh more than f together, and that
 * phase or the next decides. It is not before `from`.
 */
export function lastPhaseOf(quorums: Quorums, delayMs: number, timeoutMs: number, from = 4): number {
  let phase = Math.max(from, 2 + Math.ceil((4 * delayMs) / timeoutMs))
  const coordinators = new Tally()
  for (; !quorums.amplify(coordinators.weight); phase++) coordinators.count(quorums.coordinator(phase), quorums)
  return phase
}

/** One agreement of peers of whom the last, as many as weigh no more than f, follow a scheme. */
export function runScheme(quorums: Quorums, seed: number): { wrong: string | undefined; lastPhase: number } {
  const random = randomFrom(seed)
  const n = quorums.peers
  let f = 0
  while (quorums.weigh(Array.from({ length: f + 1 }, (_, at) => n - 1 - at)) <= quorums.tolerated) f++
  const scheme = new Scheme(quorums, f, random)
  const council = new Council({
    quorums,
    inputs: Array.from({ length: n - f }, () => random(1) as Bit),
    timeoutMs: scheme.timeoutMs,
    delayMs: (from, to, vote) => scheme.delayMs(from, to, vote),
    heard: (vote, it, from) => scheme.lie(vote, it, from),
  })
  const last = lastPhaseOf(quorums, scheme.slowMs, scheme.timeoutMs)
  council.run(() => council.lastPhase > last)
  const { lastPhase, decided } = council
  if (!council.allDecided) return { wrong: `liveness: not decided by phase ${last}`, lastPhase }
  return { wrong: new Set(decided).size > 1 ? 'safety: two bits were decided' : undefined, lastPhase }
}

/**
 * A scheme against an agreement, the same in every phase: which words come late to whom, and what liars tell whom, by the
 * parts that peers have in the phase: its coordinator, whoever is to be hurried, and the rest.
 */
export class Scheme {
  readonly slowMs: number
  readonly timeoutMs: number
  readonly #quorums: Quorums
  readonly #n: number
  readonly #f: number
  readonly #random: Random
  readonly #late = new Map<string, boolean>()
  readonly #lies = new Map<string, number>()
  readonly #told = new Set<number>()
  readonly #eager: boolean
  readonly #noise: number

  /** Of the last f peers. */
  constructor(quorums: Quorums, f: number, random: Random) {
    this.#quorums = quorums
    this.#n = quorums.peers
    this.#f = f
    this.#random = random
    this.timeoutMs = 100
    this.slowMs = [20, 24, 100, 250][random(3)]!
    this.#eager = random(3) > 0
    this.#noise = [0, 0, 0, 5][random(3)]!
  }

  delayMs(from: number, to: number, vote: Vote): number {
    const what = `${this.#nameOf(vote)} ${this.#partOf(from, vote.phase)} ${this.#partOf(to, vote.phase)}`
    const late = this.#drawn(this.#late, what, () => this.#random(2) === 0)
    const changed = this.#noise > 0 && this.#random(99) < this.#noise
    return late !== changed ? this.slowMs : 1
  }

  lie(vote: Vote, council: Council, from: number): void {
    const { phase } = vote
    const honest = this.#n - this.#f
    // As soon as anybody is in a phase, or only after somebody says its AUX.
    if (this.#told.has(phase) || (!this.#eager && vote.kind !== 'auxiliary') || from >= honest) return
    this.#told.add(phase)
    for (let liar = honest; liar < this.#n; liar++)
      for (let to = 0; to < honest; to++) {
        const part = this.#partOf(to, phase)
        const chosen = (what: string, most: number): number =>
          this.#drawn(this.#lies, `${what} ${part}`, () => this.#random(most))
        for (const bit of [0, 1] as const)
          if (chosen(`estimate ${bit}`, 2) > 0)
            council.tell(liar, to, {
              kind: 'estimate',
              instance: 0,
              phase,
              value: bit === 1 ? parity(phase) : other(phase),
            })
        const auxiliary = chosen('auxiliary', 3)
        if (auxiliary > 0)
          council.tell(liar, to, { kind: 'auxiliary', instance: 0, phase, values: flipped(auxiliary as BitSet, phase) })
        if (chosen('coordinate', 2) > 0)
          council.tell(liar, to, { kind: 'coordinate', instance: 0, phase, value: other(phase) })
        // "I am in the next phase already."
        if (chosen('hurry', 2) > 0)
          council.tell(liar, to, { kind: 'estimate', instance: 0, phase: phase + 1, value: other(phase + 1) })
      }
  }

  #nameOf(vote: Vote): string {
    if (vote.kind === 'auxiliary') return `auxiliary ${flipped(vote.values, vote.phase)}`
    return `${vote.kind} ${vote.value === parity(vote.phase)}`
  }

  #partOf(peer: number, phase: number): string {
    const coordinator = this.#quorums.coordinator(phase)
    const next = this.#quorums.coordinator(phase + 1)
    if (peer === (next >= this.#n - this.#f ? 0 : next)) return 'hurried'
    return peer === coordinator ? 'coordinator' : `${peer % 2}`
  }

  #drawn<T>(all: Map<string, T>, what: string, draw: () => T): T {
    const known = all.get(what)
    if (known !== undefined) return known
    const drawn = draw()
    all.set(what, drawn)
    return drawn
  }
}

/** Bits as they are in odd phases: 1 can be decided in these. */
function flipped(values: BitSet, phase: number): BitSet {
  return phase % 2 === 1 || values === 3 ? values : ((3 - values) as BitSet)
}
