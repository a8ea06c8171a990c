/**
 * One payload's search: whom to ask for its chunks, when to ask others as well, and whom to believe. Pure, so that it is
 * the same on libp2p and on a virtual network; whoever drives it sends the requests and tells what came of them.
 *
 * Guarantee: while honest peers that can be reached say that they hold the payload, a source that serves slowly, wrongly
 * or not at all delays the search by about twice the time that a payload usually takes, and in later searches by less: it
 * is asked after all others. What is fetched twice for that is a chunk of each source that was late.
 *
 * Steps:
 * 1. Chunks are asked of one source, one after the other: of those that are not slow, the one that gave the chunk before,
 *    then who has least to do for us, then in the order given, the author first. An author alone must be asked, slow or
 *    not: nobody else has it, and an honest peer that was slow once is to come back.
 * 2. A source has, for what it is asked, twice the usual time and a little more; one that was late again and again has the
 *    usual time. When that is over others are asked, a few at once to make up for it: for the chunks of which nobody was asked,
 *    and last for the one that is late. Whose answer is first, counts.
 * 3. Chunks may come from several, and only the whole has a digest. If it is wrong and one source gave all, that source is
 *    asked no more. If not, nobody knows who lied: from then on all chunks must be of one source, so each further failure
 *    names one, and with fewer liars than sources there is an end.
 */
import type { Position } from '@hearsay/protocol'
import type { Speeds } from './speeds.ts'

/** Bytes asked for at once. Each is one answer on one stream, so it is also what a peer can make us hold. */
export const chunkBytes = 512 * 1024
/** A source that had nothing, or was out of reach, is asked again, ever less often. */
const restMs = 20
const restCeilingMs = 320
/** So many sources give chunks at once when one was late. */
const mostAtOnce = 3
/** Bytes that do not have the digest are no accident. */
const strikesOfWrong = 4

export interface Ask {
  readonly source: string
  /** From 0. */
  readonly chunk: number
}

export interface Plan {
  /** To be asked now. */
  readonly asks: readonly Ask[]
  /** What was asked and is of no use any more. */
  readonly drops: readonly Ask[]
  /** When to plan again, if nothing happens before. */
  readonly atMs: number
}

interface Asked {
  readonly ask: Ask
  askedMs: number
  /** It waits at this peer itself. */
  held: boolean
}

/** What came of asking a source for this payload. */
interface Source {
  /** Since when it has been asked without a break; undefined after one. */
  fromMs: number | undefined
  /** How many chunks it has given since then. */
  given: number
  late: boolean
  lacks: boolean
  wrong: boolean
  /** Some of the chunks that are there are of it. */
  gave: boolean
  /** It is not asked again before, and the next time for twice as long. */
  restsUntilMs: number
  restMs: number
}

export class Search {
  /** Requests for a chunk that another source was asked for too. */
  hedged = 0
  /** How often all chunks were wanted anew. */
  attempt = 0
  readonly #speeds: Speeds
  readonly #chunks: number
  readonly #asked = new Map<string, Asked>()
  readonly #sources = new Map<string, Source>()
  #anyLate = false
  #beganMs: number | undefined
  readonly #missing = new Set<number>()
  #last: string | undefined
  /** All chunks must be of one source. */
  #alone = false
  #drops: Ask[] = []

  /** Of a payload of so many chunks. */
  constructor(speeds: Speeds, chunks: number) {
    this.#speeds = speeds
    this.#chunks = chunks
    this.#restart()
  }

  /** Whether all chunks are there. */
  get complete(): boolean {
    return this.#missing.size === 0
  }

  lacksChunk(chunk: number): boolean {
    return this.#missing.has(chunk)
  }

  /** What to do now. `sources`: who says that it holds the payload, best first; it may differ from call to call. */
  plan(sources: readonly string[], nowMs: number): Plan {
    this.#beganMs ??= nowMs
    const asks: Ask[] = []
    let free = sources.filter((source) => this.#sources.get(source)?.wrong !== true && !this.#asked.has(source))
    while (this.#inTime(nowMs).length < this.#atOnce(nowMs)) {
      const source = this.#best(free, nowMs)
      const ask = source === undefined ? undefined : this.#askOf(source, nowMs)
      if (ask === undefined) break
      asks.push(ask)
      free = free.filter((other) => other !== source)
    }
    const inTime = this.#inTime(nowMs)
    let atMs = inTime.length === 0 ? this.#againMs(free, nowMs) : Number.POSITIVE_INFINITY
    for (const asked of inTime) atMs = Math.min(atMs, this.#dueOf(asked, nowMs))
    // What is usual will be known before.
    if (this.#speeds.usualMs(nowMs) === undefined) atMs = Math.min(atMs, this.#againMs([], nowMs))
    const drops = this.#drops
    this.#drops = []
    return { asks, drops, atMs }
  }

  /** The request does not go out yet: this peer has as many under way as it may. */
  held(ask: Ask): void {
    const asked = this.#asked.get(ask.source)
    if (asked?.ask !== ask || asked.held) return
    asked.held = true
    this.#speeds.end(ask.source, asked.askedMs)
  }

  /** The request that was held goes out now. */
  sent(ask: Ask, nowMs: number): void {
    const asked = this.#asked.get(ask.source)
    if (asked?.ask !== ask || !asked.held) return
    asked.held = false
    this.#source(ask.source).fromMs! += nowMs - asked.askedMs
    asked.askedMs = nowMs
    this.#speeds.begin(ask.source, nowMs)
  }

  /** The chunk came. False if it is of no use any more. */
  gave(ask: Ask, nowMs: number): boolean {
    const { source, chunk } = ask
    const asked = this.#asked.get(source)
    if (asked?.ask !== ask) return false
    const late = this.#dueOf(asked, nowMs) < nowMs
    this.#end(ask)
    // The last chunk may be short.
    if (this.#chunks === 1 || chunk + 1 < this.#chunks) this.#speeds.took(source, nowMs - asked.askedMs)
    if (late) this.#isLate(source, nowMs)
    const giver = this.#source(source)
    giver.given++
    giver.gave = true
    this.#last = source
    this.#missing.delete(chunk)
    for (const other of [...this.#asked.values()]) {
      if (this.#dueOf(other, nowMs) < nowMs) this.#isLate(other.ask.source, nowMs)
      if (other.ask.chunk === chunk) this.#drop(other.ask)
    }
    return true
  }

  /** All chunks are there: whether they have the digest. Gives the source that is to blame if not, where that is known. */
  judge(right: boolean, nowMs: number): string | undefined {
    if (right) {
      for (const [name, { gave, late }] of this.#sources) if (gave && !late) this.#speeds.onTime(name)
      return undefined
    }
    const [only, ...others] = [...this.#sources].flatMap(([name, { gave }]) => (gave ? [name] : []))
    this.#restart()
    this.#alone = true
    if (only === undefined || others.length > 0) return undefined
    this.#accuse(only, nowMs)
    return only
  }

  /** It sent what cannot be right. */
  wrong(ask: Ask, nowMs: number): void {
    if (!this.#end(ask)) return
    this.#accuse(ask.source, nowMs)
    if (this.#source(ask.source).gave) this.#restart()
  }

  /** It has no such payload, although it says so. */
  lacks(ask: Ask, nowMs: number): void {
    if (this.failed(ask, nowMs)) this.#source(ask.source).lacks = true
  }

  /** It did not answer before the deadline of a request. */
  silent(ask: Ask, nowMs: number): void {
    if (this.failed(ask, nowMs)) this.#isLate(ask.source, nowMs)
  }

  /** It could not be reached. False if what was asked is of no use any more. */
  failed(ask: Ask, nowMs: number): boolean {
    if (!this.#end(ask)) return false
    const source = this.#source(ask.source)
    source.fromMs = undefined
    source.restsUntilMs = nowMs + source.restMs
    source.restMs = Math.min(2 * source.restMs, restCeilingMs)
    return true
  }

  /** Nothing is wanted any more; gives what was asked. */
  stop(): readonly Ask[] {
    for (const { ask } of [...this.#asked.values()]) this.#drop(ask)
    return this.#drops
  }

  #askOf(source: string, nowMs: number): Ask | undefined {
    const begun = this.#missing.size < this.#chunks
    if (this.#alone && (this.#asked.size > 0 || (begun && source !== this.#last))) this.#restart()
    const chunk = this.#nextChunk(nowMs)
    if (chunk === undefined) return undefined
    const ask = { source, chunk }
    const asked = this.#source(source)
    if (asked.fromMs === undefined) {
      asked.fromMs = nowMs
      asked.given = 0
    }
    this.#asked.set(source, { ask, askedMs: nowMs, held: false })
    this.#speeds.begin(source, nowMs)
    return ask
  }

  /** The first of which nobody was asked, else the first of which nobody in time was. */
  #nextChunk(nowMs: number): number | undefined {
    const of = (asked: readonly Asked[]): Set<number> => new Set(asked.map(({ ask }) => ask.chunk))
    const asked = of([...this.#asked.values()])
    const first = this.#firstMissing(asked)
    if (first !== undefined) return first
    const late = this.#firstMissing(of(this.#inTime(nowMs)))
    if (late !== undefined) this.hedged++
    return late
  }

  #firstMissing(besides: ReadonlySet<number>): number | undefined {
    for (const chunk of this.#missing) if (!besides.has(chunk)) return chunk
    return undefined
  }

  #inTime(nowMs: number): readonly Asked[] {
    if (this.#asked.size === 0) return nobody
    return [...this.#asked.values()].filter((asked) => this.#dueOf(asked, nowMs) > nowMs)
  }

  /** How many sources are to be at work. */
  #atOnce(nowMs: number): number {
    const late = this.#anyLate || this.#inTime(nowMs).length < this.#asked.size
    return late && !this.#alone ? mostAtOnce : 1
  }

  #best(free: readonly string[], nowMs: number): string | undefined {
    const rank = (source: string): number =>
      (this.#speeds.isSlow(source, nowMs) ? 4 : 0) +
      (this.#sources.get(source)?.lacks === true ? 2 : 0) +
      (source === this.#last ? 0 : 1)
    let best: string | undefined
    for (const source of free) {
      if ((this.#sources.get(source)?.restsUntilMs ?? 0) > nowMs) continue
      const better = best === undefined ? -1 : rank(source) - rank(best)
      if (best === undefined || better < 0) best = source
      else if (better === 0 && this.#speeds.busy(source) < this.#speeds.busy(best)) best = source
    }
    return best
  }

  /** When it has had its time. */
  #dueOf({ ask: { source }, askedMs, held }: Asked, nowMs: number): number {
    if (held) return Number.POSITIVE_INFINITY
    const usualMs = this.#speeds.usualMs(nowMs)
    if (usualMs === undefined) return askedMs + this.#speeds.unknownMs
    const { fromMs, given } = this.#source(source)
    const wholeMs = usualMs * (given + 1)
    return fromMs! + (this.#speeds.isOftenSlow(source, nowMs) ? wholeMs : this.#speeds.graceMs + 2 * wholeMs)
  }

  /** Who holds the payload may have changed then, or who can be reached. */
  #againMs(free: readonly string[], nowMs: number): number {
    const soonMs = Math.min(restCeilingMs, Math.max(restMs, (nowMs - this.#beganMs!) / 4))
    let againMs = nowMs + soonMs
    for (const source of free) {
      const untilMs = this.#sources.get(source)?.restsUntilMs ?? 0
      if (untilMs > nowMs) againMs = Math.min(againMs, untilMs)
    }
    return againMs
  }

  #restart(): void {
    this.stop()
    this.attempt++
    this.#missing.clear()
    for (let chunk = 0; chunk < this.#chunks; chunk++) this.#missing.add(chunk)
    for (const source of this.#sources.values()) {
      source.gave = false
      source.fromMs = undefined
    }
    this.#last = undefined
  }

  #accuse(source: string, nowMs: number): void {
    this.#source(source).wrong = true
    for (let strike = 0; strike < strikesOfWrong; strike++) this.#speeds.late(source, nowMs)
  }

  #isLate(source: string, nowMs: number): void {
    const known = this.#source(source)
    if (known.late) return
    known.late = true
    this.#anyLate = true
    this.#speeds.late(source, nowMs)
  }

  #drop(ask: Ask): void {
    this.#end(ask)
    this.#source(ask.source).fromMs = undefined
    this.#drops.push(ask)
  }

  #source(name: string): Source {
    let source = this.#sources.get(name)
    if (source === undefined) {
      source = {
        fromMs: undefined,
        given: 0,
        late: false,
        lacks: false,
        wrong: false,
        gave: false,
        restsUntilMs: 0,
        restMs,
      }
      this.#sources.set(name, source)
    }
    return source
  }

  /** False if it was ended already. */
  #end(ask: Ask): boolean {
    const asked = this.#asked.get(ask.source)
    if (asked?.ask !== ask) return false
    this.#asked.delete(ask.source)
    if (!asked.held) this.#speeds.end(ask.source, asked.askedMs)
    return true
  }
}

const nobody: readonly Asked[] = []

/** Whom to ask for what a peer announced: it first, then those who say that they hold it, each asker another one first. */
export function announcedSources(author: Position, holders: readonly Position[], self: Position): number[] {
  const first = (author + self) % Math.max(1, holders.length)
  return [...new Set([author, ...holders.slice(first), ...holders.slice(0, first)])].filter((peer) => peer !== self)
}

/** Without this peer; `last` comes last. */
export function othersThan(self: Position, sources: readonly Position[], last?: Position): number[] {
  return sources.filter((peer) => peer !== self).sort((a, b) => Number(a === last) - Number(b === last))
}

/**
 * Signers of a model, another first each round: the next certificate ends an adoption, so one liar that serves slowly, were it
 * always the first, could keep a peer that is behind from ever catching up.
 */
export function signersInTurn(round: number, signers: readonly Position[]): number[] {
  const first = round % signers.length
  return [...signers.slice(first), ...signers.slice(0, first)]
}
