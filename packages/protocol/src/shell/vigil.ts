/**
 * When a peer may speak that is not sure of its own words. A peer keeps its word by what it keeps on disk. One whose state
 * is new, restored or of another machine may have said what it does not know of, and would contradict it: training again
 * gives another update. The model is doppelganger protection, as validators of Ethereum have it: listen first, and speak
 * where one cannot have spoken before.
 *
 * Guarantees: an honest peer says nothing in a round in which it has spoken and does not know what, if one of the honest peers
 * that it asks has heard a word of it in that round; and when its memory is lost, also if one of them was no more than one
 * round behind its former self. It asks that its former self is dead, and that what was on the way then has arrived. A network
 * that begins does begin, with n−f peers that reach each other, and liars cannot keep it from that.
 *
 * Steps:
 * 1. Asking. It says nothing, and asks its neighbours, until peers of weight n−f, itself among them, have answered in full:
 *    with no certificate that it lacks. Not more: f may be away for ever, and a network has to begin without them. What it
 *    would say waits, so that who has said nothing yet loses no time.
 * 2. It speaks, if its memory is lost and none of them was ahead; or if its memory was kept (it says again what it said,
 *    and being behind is no sign of loss); and nobody holds a word of this identity that it does not know. In a network that
 *    begins nobody is ahead, and nobody can forge a certificate or a word, so liars silence nobody.
 * 3. Else it is silent: it follows, and answers what others ask. Let H be the newest certified round now. Its former self
 *    held the certificate of the round R−1 before its last, which honest peers of weight n−2f or more had signed, at round
 *    R−2 then; when one of these was asked, H ≥ R−2, so it never spoke after round H+2. It speaks again when round H+2, which
 *    began after its start, is certified: in later rounds only. A neighbour that answers for the first time meanwhile may be
 *    ahead of all who did before, and sets H anew; a word of its own in round r that it did not know makes it wait for r+1.
 * 4. The certificate has to be made of words as they are said. One that an answer brings may be of any age.
 * 5. When nothing is certified for `patienceMs`, more than f peers may be silent, as when all of a network were moved at once;
 *    they would wait for each other for ever. Then it begins with step 1 again, now like a peer whose memory was kept: what
 *    there is has been certified and heard, and had that much time to spread.
 *
 * In averaging agreement there are no certificates. There a peer is behind when f+1 others, so an honest one, speak in later
 * rounds than its own; rounds are over when this peer has averaged them.
 */
import type { Position } from '../roster/position.ts'
import { type Quorums, Tally } from '../roster/quorums.ts'
import type { Output } from './step.ts'

/**
 * What a peer knows of what its identity has said: all of it for certain; what it kept on disk, all of it if nobody has put
 * that back to what it was; or perhaps nothing. `heedless` is for liars alone: they do not mind what they hear of themselves.
 */
export type Memory = 'whole' | 'kept' | 'lost' | 'heedless'

export interface VigilOptions {
  readonly quorums: Quorums
  readonly self: Position
  readonly memory: Memory
  readonly patienceMs: number
}

type Told = Extract<Output, { kind: 'vigil' }>

export class Vigil {
  readonly #options: VigilOptions
  #quorums: Quorums
  readonly #neighbours = new Set<number>()
  #state: Told['state']
  #why: NonNullable<Told['why']> = 'behind'
  #answered = new Tally()
  /** By neighbour, the height at which it was asked again. */
  readonly #again = new Map<number, number>()
  /** The round that has to be certified before this peer speaks: it never does in that or before. */
  #until = 0
  #behind = false
  #unknown = false
  #mindsBeingBehind: boolean
  #progressMs: number | undefined
  #told: Told = { kind: 'vigil', state: 'over', until: 0 }

  constructor(options: VigilOptions) {
    this.#options = options
    this.#quorums = options.quorums
    const { memory, quorums, self } = options
    this.#mindsBeingBehind = memory === 'lost'
    const sure = memory === 'whole' || memory === 'heedless' || quorums.available(quorums.weight(self))
    this.#state = sure ? 'over' : 'asking'
  }

  get state(): Told['state'] {
    return this.#state
  }

  /** Rounds up to this one it does not speak in. */
  get muteUntil(): number {
    return this.#state === 'silent' ? Number.POSITIVE_INFINITY : this.#until
  }

  /** From now on peers weigh so much. */
  weigh(quorums: Quorums): void {
    this.#quorums = quorums
  }

  meet(neighbour: Position): void {
    if (this.#isOther(neighbour)) this.#neighbours.add(neighbour)
  }

  /** Neighbours whose answer is waited for. */
  unanswered(): number[] {
    if (this.#state !== 'asking') return []
    return [...this.#neighbours].filter((neighbour) => !this.#answered.has(neighbour))
  }

  /** Whether to ask again at once one that answered, but not in full: when rounds are quick it is always a bit ahead. */
  asksAgain(neighbour: Position, height: number): boolean {
    // Once at each height, so that no liar is asked without end.
    if (!this.unanswered().includes(neighbour) || (this.#again.get(neighbour) ?? -1) >= height) return false
    this.#again.set(neighbour, height)
    return true
  }

  /** A neighbour has no certificate that this peer lacks, and has shown all that it holds of the round. */
  onAnswer(neighbour: Position, height: number, nowMs: number): void {
    if (!this.#isOther(neighbour) || this.#state === 'over') return
    const [quorums, { self }] = [this.#quorums, this.#options]
    if (!this.#answered.count(neighbour, quorums)) return
    if (this.#state === 'silent') this.#wait(height + 2)
    else if (!quorums.available(this.#answered.weight + quorums.weight(self))) return
    else if (this.#unknown || (this.#behind && this.#mindsBeingBehind)) this.#fallSilent(height + 2, nowMs)
    else this.#state = 'over'
  }

  /** While this peer asks, others turn out to be ahead. In rounds up to `height`, which are over, nothing is said after the asking. */
  onBehind(height: number): void {
    if (this.#state !== 'asking') return
    this.#behind = true
    this.#wait(height)
  }

  /** A word of this identity, in a round after the newest that is certified, which this peer does not know. */
  onUnknownWord(round: number, height: number, nowMs: number): void {
    if (this.#options.memory === 'heedless') return
    this.#unknown = true
    this.#why = 'unknown words'
    this.#wait(round + 1)
    if (this.#state === 'over') this.#fallSilent(height + 2, nowMs)
  }

  /** A round is over; `heard`, by the words of others as they said them. */
  onEnded(round: number, heard: boolean, nowMs: number): void {
    this.#progressMs = nowMs
    this.onBehind(round)
    if (this.#state === 'silent' && heard && round >= this.#until) this.#state = 'over'
  }

  /** True when silence leads to nothing, and the asking begins again. */
  onTime(nowMs: number): boolean {
    if (this.#state !== 'silent' || nowMs - (this.#progressMs ?? nowMs) < this.#options.patienceMs) return false
    this.#state = 'asking'
    this.#answered = new Tally()
    this.#until = 0
    this.#unknown = false
    this.#mindsBeingBehind = false
    return true
  }

  /** What has changed since it was asked last, for whoever watches. */
  news(): Told | undefined {
    const until = this.#state === 'silent' ? this.#until : 0
    if (this.#told.state === this.#state && this.#told.until === until) return undefined
    this.#told = { kind: 'vigil', state: this.#state, until, ...(this.#state === 'silent' && { why: this.#why }) }
    return this.#told
  }

  #fallSilent(until: number, nowMs: number): void {
    this.#state = 'silent'
    this.#progressMs = nowMs
    this.#wait(until)
  }

  #wait(until: number): void {
    this.#until = Math.max(this.#until, until)
  }

  #isOther(position: Position): boolean {
    return position !== this.#options.self && this.#quorums.weight(position) > 0
  }
}
