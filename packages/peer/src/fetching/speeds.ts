/**
 * How fast the peers of a roster serve, and who was slow: what all fetches of a peer have in common, from one to the next
 * and from round to round. Pure: the time is an argument. One entry for each peer that was ever asked, so no more than the
 * roster has.
 *
 * What is slow is measured by what is usual, the median over sources of the time that each takes for a chunk, by weight. Less
 * than a third lies, so it is between the times of honest peers whatever liars do. A request that is under way counts with the
 * time that it has taken already: when our own link is what is slow, all are, and nobody stands out.
 */
import { lowerMedian, weightedLowerMedian } from './lower-median.ts'

/**
 * Who was late counts as slow until it was on time twice as often, or for so long after the first time, twice that after
 * the next, and so on: an honest peer is soon back, and who is late every other time stays slow.
 */
const firstSlowMs = 30_000
const mostStrikes = 6

interface Known {
  /** Its place among all sources. */
  readonly at: number
  /** When what is under way was asked. */
  readonly asked: number[]
  /** How often it was late; half a strike for each time that it was on time is taken off. */
  strikes: number
  slowUntilMs: number
}

export class Speeds {
  /** While nobody has given a chunk yet, another source is asked for it after so long. */
  readonly unknownMs: number
  /** What a source may be late beyond twice the usual time: timers and a busy machine are no fault of it. */
  readonly graceMs: number
  readonly #sources = new Map<string, Known>()
  /** By place: what the newest few chunks took on average, NaN while there are none; and when the oldest was asked that is under way. */
  #chunkMs = new Float64Array(8)
  #oldestMs = new Float64Array(8)
  #given = 0
  /** What is usual, and when: many ask for it at one time. */
  #usual: { readonly atMs: number; readonly ms: number | undefined } | undefined
  #times = new Float64Array(8)
  /** By place; and whether all sources weigh the same. */
  readonly #weights: number[] = []
  #areEqual = true
  readonly #weightOf: (source: string) => number

  /** A source that takes so long over one chunk is given up, whether there is another or not. */
  constructor(chunkDeadlineMs: number, weightOf: (source: string) => number = () => 1) {
    this.#weightOf = weightOf
    this.unknownMs = chunkDeadlineMs / 20
    this.graceMs = Math.min(50, chunkDeadlineMs / 40)
  }

  /** Sources weigh something else now. */
  reweigh(): void {
    for (const [source, { at }] of this.#sources) this.#weights[at] = this.#weightOf(source)
    this.#areEqual = this.#weights.every((weight) => weight === this.#weights[0])
    this.#usual = undefined
  }

  /** A chunk is asked of this source. */
  begin(source: string, nowMs: number): void {
    const { at, asked } = this.#known(source)
    if (asked.push(nowMs) === 1) this.#oldestMs[at] = nowMs
    // Else it has taken no time yet.
    if (Number.isNaN(this.#chunkMs[at])) this.#usual = undefined
  }

  /** What was asked at this time is answered, or given up. */
  end(source: string, askedMs: number): void {
    const { at, asked } = this.#known(source)
    const index = asked.indexOf(askedMs)
    if (index >= 0) asked.splice(index, 1)
    // The oldest is the first: they end in any order, but begin in this one.
    this.#oldestMs[at] = asked[0] ?? Number.NaN
    this.#usual = undefined
  }

  /** A full chunk took so long. */
  took(source: string, chunkMs: number): void {
    this.#usual = undefined
    const { at } = this.#known(source)
    const before = this.#chunkMs[at]!
    if (Number.isNaN(before)) this.#given++
    this.#chunkMs[at] = Number.isNaN(before) ? chunkMs : before + (chunkMs - before) / 4
  }

  /** It kept up with the others, from the first chunk that it gave of a payload to the last. */
  onTime(source: string): void {
    const known = this.#known(source)
    known.strikes = Math.max(0, known.strikes - 0.5)
  }

  late(source: string, nowMs: number): void {
    const known = this.#known(source)
    known.strikes = Math.min(mostStrikes, known.strikes + 1)
    known.slowUntilMs = nowMs + firstSlowMs * 2 ** (known.strikes - 1)
  }

  isSlow(source: string, nowMs: number): boolean {
    const known = this.#sources.get(source)
    return known !== undefined && known.strikes > 0 && known.slowUntilMs > nowMs
  }

  /**
   * Whether it was late again and again. When more than a third of the sources, by weight, were, they are not what is slow:
   * no more lie, so it is this peer or its link.
   */
  isOftenSlow(source: string, nowMs: number): boolean {
    const often = (known: Known): boolean => known.strikes > 1 && known.slowUntilMs > nowMs
    const known = this.#sources.get(source)
    if (known === undefined || !often(known)) return false
    let [others, all] = [0, 0]
    for (const each of this.#sources.values()) {
      const weight = this.#weights[each.at]!
      all += weight
      if (often(each)) others += weight
    }
    return 3 * others <= all
  }

  /** How many requests to it are under way. */
  busy(source: string): number {
    return this.#sources.get(source)?.asked.length ?? 0
  }

  /** What a chunk usually takes; undefined while nobody has given one. */
  usualMs(nowMs: number): number | undefined {
    if (this.#usual?.atMs !== nowMs) this.#usual = { atMs: nowMs, ms: this.#medianMs(nowMs) }
    return this.#usual.ms
  }

  #medianMs(nowMs: number): number | undefined {
    if (this.#given === 0) return undefined
    if (!this.#areEqual) return this.#weightedMedianMs(nowMs)
    let count = 0
    for (let at = 0; at < this.#sources.size; at++) {
      const timeMs = this.#timeMs(at, nowMs)
      if (!Number.isNaN(timeMs)) this.#times[count++] = timeMs
    }
    // Of two the faster: of so few one may lie, and to wait for it must not be usual.
    return lowerMedian(this.#times, count)
  }

  /** What a source takes, NaN when nothing is known. */
  #timeMs(at: number, nowMs: number): number {
    const chunkMs = this.#chunkMs[at]!
    const underWayMs = nowMs - this.#oldestMs[at]!
    // NaN compares false with everything: what there is counts, and of both the greater.
    if (chunkMs >= underWayMs) return chunkMs
    return Number.isNaN(underWayMs) ? chunkMs : underWayMs
  }

  #weightedMedianMs(nowMs: number): number {
    const times = this.#weights.map((weight, at) => ({ value: this.#timeMs(at, nowMs), weight }))
    return weightedLowerMedian(times.filter(({ value }) => !Number.isNaN(value)))
  }

  #known(source: string): Known {
    let known = this.#sources.get(source)
    if (known === undefined) {
      known = { at: this.#sources.size, asked: [], strikes: 0, slowUntilMs: 0 }
      this.#sources.set(source, known)
      this.#weights.push(this.#weightOf(source))
      this.#areEqual &&= this.#weights[known.at] === this.#weights[0]
      if (known.at >= this.#times.length) this.#grow(2 * known.at)
      this.#chunkMs[known.at] = this.#oldestMs[known.at] = Number.NaN
    }
    return known
  }

  #grow(length: number): void {
    const grown = (values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const longer = new Float64Array(length)
      longer.set(values)
      return longer
    }
    this.#chunkMs = grown(this.#chunkMs)
    this.#oldestMs = grown(this.#oldestMs)
    this.#times = new Float64Array(length)
  }
}
