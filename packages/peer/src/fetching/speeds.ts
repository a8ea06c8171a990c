/**
 * How fast the peers of a roster serve, and who was slow: what all fetches of a peer have in common, from one to the next
 * and from round to round. Pure: the time is an argument. One entry for each peer that was ever asked, so no more than the
 * roster has.
 *
 * What is slow is measured by what is usual, the median over sources of the time that each takes for a chunk. Fewer than a
 * third lie, so it is between the times of honest peers whatever liars do. A request that is under way counts with the
 * time that it has taken already: when our own link is what is slow, all are, and nobody stands out.
 */

/**
 * Who was late counts as slow until it was on time twice as often, or for so long after the first time, twice that after
 * the next, and so on: an honest peer is soon back, and who is late every other time stays slow.
 */
const firstSlowMs = 30_000
const mostStrikes = 6

interface Known {
  /** What its newest few chunks took, on average. */
  chunkMs: number | undefined
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
  /** What is usual, and when: many ask for it at one time. */
  #usual: { readonly atMs: number; readonly ms: number | undefined } | undefined

  /** A source that takes so long over one chunk is given up, whether there is another or not. */
  constructor(chunkDeadlineMs: number) {
    this.unknownMs = chunkDeadlineMs / 20
    this.graceMs = Math.min(50, chunkDeadlineMs / 40)
  }

  /** A chunk is asked of this source. */
  begin(source: string, nowMs: number): void {
    const { asked, chunkMs } = this.#known(source)
    asked.push(nowMs)
    // Else it has taken no time yet.
    if (chunkMs === undefined) this.#usual = undefined
  }

  /** What was asked at this time is answered, or given up. */
  end(source: string, askedMs: number): void {
    const { asked } = this.#known(source)
    const at = asked.indexOf(askedMs)
    if (at >= 0) asked.splice(at, 1)
    this.#usual = undefined
  }

  /** A full chunk took so long. */
  took(source: string, chunkMs: number): void {
    this.#usual = undefined
    const known = this.#known(source)
    known.chunkMs = (known.chunkMs ?? chunkMs) + (chunkMs - (known.chunkMs ?? chunkMs)) / 4
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
   * Whether it was late again and again. When more than a third of the sources were, they are not what is slow: no more lie,
   * so it is this peer or its link.
   */
  isOftenSlow(source: string, nowMs: number): boolean {
    const often = (known: Known): boolean => known.strikes > 1 && known.slowUntilMs > nowMs
    const known = this.#sources.get(source)
    if (known === undefined || !often(known)) return false
    let others = 0
    for (const each of this.#sources.values()) if (often(each)) others++
    return 3 * others <= this.#sources.size
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
    let given = false
    const times: number[] = []
    for (const { chunkMs, asked } of this.#sources.values()) {
      given ||= chunkMs !== undefined
      // The oldest is the first: they end in any order, but begin in this one.
      const [oldest] = asked
      if (chunkMs !== undefined || oldest !== undefined)
        times.push(Math.max(chunkMs ?? 0, oldest === undefined ? 0 : nowMs - oldest))
    }
    // Of two the faster: of so few one may lie, and to wait for it must not be usual.
    return given ? times.sort((a, b) => a - b)[(times.length - 1) >> 1] : undefined
  }

  #known(source: string): Known {
    let known = this.#sources.get(source)
    if (known === undefined) {
      known = { chunkMs: undefined, asked: [], strikes: 0, slowUntilMs: 0 }
      this.#sources.set(source, known)
    }
    return known
  }
}
