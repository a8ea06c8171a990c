/**
 * Binary agreement without leader, coin or trusted set-up: DBFT (Crain, Gramoli, Larrea, Raynal 2018), for n ≥ 3f+1.
 *
 * Guarantees: agreement and validity (the decided bit was the input of an honest peer) always; termination once
 * messages arrive within a bound that nobody has to know.
 *
 * Asks of the caller: every honest peer calls `start` in the end; timers are handed back by `onTimer`.
 *
 * Phase p = 1, 2, … (the paper's rounds; a round here is a round of learning):
 * 1. Binary-value broadcast of the estimate: say EST(p, b); on f+1 EST(p, b) say it too; on 2f+1 add b to the values.
 *    f+1 hold one honest peer, so a bit that only liars propose never spreads; 2f+1 hold f+1 honest ones, so a bit in
 *    one honest peer's values comes into everybody's.
 * 2. The weak coordinator, peer (p−1) mod n, says COORD(p, its first value). It helps speed, never safety.
 * 3. With a value, start a timer of (p−1)·timeout, and wait for it or for the coordinator's value; say AUX(p, the
 *    coordinator's value if it is among the values, else all of them). The timer of phase 1 is zero, so phase 1 needs
 *    no coordinator.
 * 4. Wait for AUX from n−f peers, each within the values. If such of weight n−f say {v}, V = {v}; else V = {0, 1}, but
 *    not before the timer. Two sets of n−f share n−2f ≥ f+1 peers, so an honest one: not one V = {0} and another {1}.
 *    Without that wait, liars and a network that only reorders can mix every honest V for ever: f of their AUX(p) come
 *    among the first n−f. With it, in a phase of an honest coordinator whose timer outlasts the delays, all honest
 *    peers say AUX(p, {v}), and every V is {v}. Nobody waits for a timer once f+1 peers say EST of a later phase: an
 *    honest one has left this phase. So honest peers stay together, and a timer that grows linearly is enough.
 * 5. V = {v}: the estimate is v, and v is decided if v = p mod 2. Otherwise the estimate is p mod 2. If somebody
 *    decides v in p, every honest V in p holds v, and those with both bits take p mod 2 = v too: all enter p+1 with v,
 *    nothing else can spread, and the rest decide it in p+2 at the latest.
 * 6. So after deciding in p a peer is needed in p+1 and p+2, by those who have not decided; they begin the phase with
 *    EST. A peer that has decided therefore speaks in a phase only after hearing somebody else's EST of it: the same
 *    messages when anybody needs them, none when nobody does.
 */
import { PeerSet } from './peer-set.ts'
import { type Quorums, Tally } from './quorums.ts'
import { type Bit, type BitSet, maxPhases, maxPhasesAhead, type Statement } from './statements.ts'

interface Phase {
  readonly estimates: readonly [Tally, Tally]
  readonly saidEstimate: [boolean, boolean]
  values: BitSet
  coordinated: Bit | undefined
  saidCoordinate: boolean
  /** Whoever said AUX, and their weight by the values that they said. */
  readonly auxiliaries: PeerSet
  readonly auxiliaryWeights: [number, number, number, number]
  timer: 'unset' | 'running' | 'expired'
  saidAuxiliary: boolean
}

/** What a binary agreement asks of its caller. */
export interface BinaryAgreementEffects {
  say(statement: Statement): void
  timer(phase: number): void
}

export class BinaryAgreement {
  decided: Bit | undefined
  readonly #instance: number
  readonly #self: number
  readonly #quorums: Quorums
  readonly #effects: BinaryAgreementEffects
  /** By phase, from 1: those of which anything was heard or said. */
  readonly #phases: (Phase | undefined)[] = []
  #phase = 0
  /** The last phase that an honest peer is known to have entered. */
  #reached = 0
  #decidedIn = 0
  #estimate: Bit = 0

  constructor(instance: number, self: number, quorums: Quorums, effects: BinaryAgreementEffects) {
    this.#instance = instance
    this.#self = self
    this.#quorums = quorums
    this.#effects = effects
  }

  get started(): boolean {
    return this.#phase > 0
  }

  /** The highest phase whose statements are counted now. */
  get horizon(): number {
    return Math.min(maxPhases, this.#phase + maxPhasesAhead)
  }

  start(input: Bit): void {
    if (this.started) return
    this.#estimate = input
    this.#enter(1)
  }

  onEstimate(from: number, phase: number, value: Bit): void {
    const state = this.#at(phase, from)
    if (state === undefined) return
    const tally = state.estimates[value]
    if (!tally.count(from, this.#quorums)) return
    const before = state.values
    const reachedBefore = this.#reached
    if (phase > this.#reached && this.#quorums.amplify(this.#estimating(state))) this.#reached = phase
    if (this.#dormant(phase) && from !== this.#self) this.#sayEstimate(phase, this.#estimate)
    if (this.#quorums.amplify(tally.weight)) this.#sayEstimate(phase, value)
    if (this.#quorums.deliver(tally.weight) && !(state.values & (1 << value))) {
      state.values = (state.values | (1 << value)) as BitSet
      if (phase > 1 && this.#coordinator(phase) === this.#self && !state.saidCoordinate) {
        state.saidCoordinate = true
        this.#effects.say({ kind: 'coordinate', instance: this.#instance, phase, value })
      }
    }
    // Most estimates change nothing that a phase waits for.
    if (state.values !== before || this.#reached !== reachedBefore) this.#advance()
  }

  onCoordinate(from: number, phase: number, value: Bit): void {
    const state = this.#at(phase, from)
    if (state === undefined || from !== this.#coordinator(phase) || state.coordinated !== undefined) return
    state.coordinated = value
    this.#advance()
  }

  onAuxiliary(from: number, phase: number, values: BitSet): void {
    const state = this.#at(phase, from)
    if (state === undefined || values === 0) return
    // One AUX of a peer counts.
    if (!state.auxiliaries.add(from)) return
    state.auxiliaryWeights[values] += this.#quorums.weight(from)
    this.#advance()
  }

  onTimer(phase: number): void {
    const state = this.#at(phase)
    if (state === undefined) return
    state.timer = 'expired'
    this.#advance()
  }

  #coordinator(phase: number): number {
    return (phase - 1) % this.#quorums.peers
  }

  /** Decided, in this phase, and silent in it until somebody else needs it. */
  #dormant(phase: number): boolean {
    return this.#decidedIn > 0 && phase === this.#phase && phase > this.#decidedIn && phase <= this.#decidedIn + 2
  }

  /**
   * The phase, if words of it count now. One's own always do: a restarted peer hears all that it said before at once, and
   * not again when it gets there.
   */
  #at(phase: number, from?: number): Phase | undefined {
    if (phase < 1 || phase > (from === this.#self ? maxPhases : this.horizon)) return undefined
    let state = this.#phases[phase]
    if (state === undefined) {
      state = {
        estimates: [new Tally(), new Tally()],
        saidEstimate: [false, false],
        values: 0,
        coordinated: undefined,
        saidCoordinate: false,
        auxiliaries: new PeerSet(),
        auxiliaryWeights: [0, 0, 0, 0],
        timer: 'unset',
        saidAuxiliary: false,
      }
      this.#phases[phase] = state
    }
    return state
  }

  #sayEstimate(phase: number, value: Bit): void {
    const state = this.#at(phase)
    if (state === undefined || state.saidEstimate[value]) return
    state.saidEstimate[value] = true
    this.#effects.say({ kind: 'estimate', instance: this.#instance, phase, value })
  }

  #enter(phase: number): void {
    this.#phase = phase
    // Of somebody else: of a phase that it is not in, a peer says only what f+1 have said.
    const heard = this.#phases[phase]?.estimates.some(({ weight }) => weight > 0) === true
    if (this.#decidedIn === 0 || heard) this.#sayEstimate(phase, this.#estimate)
    this.#advance()
  }

  /** The weight of whoever said an estimate, of any value. */
  #estimating({ estimates: [zeros, ones] }: Phase): number {
    if (zeros.weight === 0) return ones.weight
    let weight = ones.weight
    for (const peer of zeros) if (!ones.has(peer)) weight += this.#quorums.weight(peer)
    return weight
  }

  #advance(): void {
    const state = this.#phases[this.#phase]
    if (!this.started || state === undefined || state.values === 0) return
    if (this.#decidedIn > 0 && (this.#phase <= this.#decidedIn || this.#phase > this.#decidedIn + 2)) return
    const waited = this.#waited(state)
    if (!state.saidAuxiliary && !this.#sayAuxiliary(state, waited)) return
    const union = this.#union(state)
    if (union === undefined || (union === 3 && !waited)) return
    const parity = (this.#phase % 2) as Bit
    if (union === 3) this.#estimate = parity
    else {
      this.#estimate = union === 2 ? 1 : 0
      if (this.#estimate === parity && this.decided === undefined) {
        this.decided = this.#estimate
        this.#decidedIn = this.#phase
      }
    }
    if (this.#decidedIn === 0 || this.#phase < this.#decidedIn + 2) this.#enter(this.#phase + 1)
  }

  /** True when this phase's timer has run out, or there is no need of it; starts it. */
  #waited(state: Phase): boolean {
    if (this.#phase === 1 || this.#phase < this.#reached) return true
    if (state.timer === 'unset') {
      state.timer = 'running'
      this.#effects.timer(this.#phase)
    }
    return state.timer === 'expired'
  }

  /** Step 3; false while it waits. */
  #sayAuxiliary(state: Phase, waited: boolean): boolean {
    const coordinated = state.coordinated
    const helped = coordinated !== undefined && (state.values & (1 << coordinated)) !== 0
    if (!helped && !waited) return false
    state.saidAuxiliary = true
    const values = helped ? ((1 << coordinated) as BitSet) : state.values
    this.#effects.say({ kind: 'auxiliary', instance: this.#instance, phase: this.#phase, values })
    return true
  }

  /** Step 4: V, once peers of weight n−f have said AUX within our values. */
  #union(state: Phase): BitSet | undefined {
    const weigh = (values: Exclude<BitSet, 0>): number =>
      (values & ~state.values) === 0 ? state.auxiliaryWeights[values] : 0
    for (const unanimous of [1, 2] as const) if (this.#quorums.available(weigh(unanimous))) return unanimous
    return this.#quorums.available(weigh(1) + weigh(2) + weigh(3)) ? 3 : undefined
  }
}
