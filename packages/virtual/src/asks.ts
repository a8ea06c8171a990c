/**
 * Questions to neighbours and their answers. Whoever asks is answered at a rate, as on libp2p: one question after the other,
 * late, and never refused.
 */
import { Allowance, answersToOne, chargeOfAsk, type Listener } from '@hearsay/peer'
import { leastAskBytes } from '@hearsay/protocol'
import type { Link, Links } from './links.ts'
import type { Counters, OnStream } from './options.ts'

/** An ask that was not answered within this time is given up. */
export const askDeadlineMs = 10_000
/** So many questions of one neighbour wait with who is asked; more do not leave their sender. */
const mostWaiting = 16

/** What asks need of the network around them. */
export interface AsksPort {
  nowMs(): number
  listener(peer: number): Listener
  /** Something of this peer's own, which a crash ends. */
  later(peer: number, delayMs: number, run: () => void): void
  /** Sends something of this size; it runs when it arrives, if it does. */
  send(link: Link, what: OnStream, arrived: () => void): void
  /** How much later than it is an answer over this link should be. */
  lateMs(link: Link): number
}

type Answered = (answer?: Uint8Array) => void

interface Question {
  readonly bytes: Uint8Array
  readonly answered: Answered
}

export class Asks {
  readonly #links: Links
  readonly #counters: Counters
  readonly #port: AsksPort
  /** By peer: of each neighbour, those who wait for its answer. */
  readonly #open: readonly Map<number, Set<Answered>>[]
  /** By peer: how often it answers each neighbour, as a driver does. */
  readonly #allowances: readonly Allowance[]
  /** By peer: what each neighbour asked and is not answered yet, the first being answered. */
  readonly #waiting: readonly Map<number, Question[]>[]

  constructor(peers: number, links: Links, counters: Counters, port: AsksPort) {
    this.#links = links
    this.#counters = counters
    this.#port = port
    const positions = Array.from({ length: peers }, (_, peer) => peer)
    this.#open = positions.map(() => new Map())
    this.#allowances = positions.map(() => new Allowance(answersToOne))
    this.#waiting = positions.map(() => new Map())
  }

  ask(peer: number, to: number, bytes: Uint8Array, answered: Answered): void {
    const link = this.#links.between(peer, to)
    if (link === undefined || !link.up) {
      answered()
      return
    }
    const open = this.#open[peer]!.get(to) ?? new Set()
    this.#open[peer]!.set(to, open.add(answered))
    this.#port.later(peer, askDeadlineMs, () => {
      if (open.delete(answered)) answered()
    })
    this.#counters.asks++
    this.#port.send(link, { carried: 'ask', bytes: bytes.length }, () => this.#arrive(link, { bytes, answered }))
  }

  /** No answer comes from this neighbour any more; without one, from nobody, to a peer that is no more. */
  drop(peer: number, neighbour?: number): void {
    if (neighbour === undefined) {
      this.#open[peer]!.clear()
      this.#waiting[peer]!.clear()
      return
    }
    const open = this.#open[peer]!.get(neighbour)
    this.#open[peer]!.delete(neighbour)
    this.#waiting[peer]!.delete(neighbour)
    for (const answered of open ?? []) answered()
    open?.clear()
  }

  #arrive(link: Link, question: Question): void {
    const waiting = this.#waiting[link.to]!
    const queue = waiting.get(link.from)
    if (queue !== undefined && queue.length >= mostWaiting) return
    if (question.bytes.length < leastAskBytes)
      this.#port.listener(link.to).fault(link.from, 'a question that is too short')
    if (queue === undefined) {
      waiting.set(link.from, [question])
      this.#serve(link)
    } else queue.push(question)
  }

  /** Answers what waits, as far as the neighbour's allowance goes, and the rest when it goes farther. */
  #serve(link: Link): void {
    const waiting = this.#waiting[link.to]!
    const queue = waiting.get(link.from) ?? []
    const allowance = this.#allowances[link.to]!
    for (let question = queue[0]; question !== undefined; question = queue[0]) {
      const { length } = question.bytes
      const charge = length < leastAskBytes ? answersToOne.burst : chargeOfAsk(length)
      const waitMs = allowance.waitMs(String(link.from), this.#port.nowMs(), charge)
      if (waitMs > 0) {
        this.#port.later(link.to, Math.ceil(waitMs), () => {
          // A link that was cut has lost what waited on it.
          if (waiting.get(link.from) === queue) this.#serve(link)
        })
        return
      }
      queue.shift()
      if (length >= leastAskBytes) this.#answer(link, question)
    }
    waiting.delete(link.from)
  }

  #answer({ from: asker, to: asked }: Link, { bytes, answered }: Question): void {
    const answer = this.#port.listener(asked).ask(bytes, asker)
    this.#counters.answers++
    const link = this.#links.between(asked, asker)!
    const arrive = (): void => {
      this.#open[asker]!.get(asked)?.delete(answered)
      answered(answer)
    }
    this.#port.send(link, { carried: 'answer', bytes: answer?.length ?? 0 }, () => {
      const lateMs = this.#port.lateMs(link)
      if (lateMs > 0) this.#port.later(asker, lateMs, arrive)
      else arrive()
    })
  }
}
