/**
 * Hands statements from peer to peer in an order that a test chooses, for the parts of the protocol that know no
 * envelopes. Everything said reaches everybody (the speaker too) in the end; timers fire when the test lets them.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Statement } from '../words/statements.ts'

export interface Message {
  readonly from: number
  readonly to: number
  readonly statement: Statement
}

/** Something that happens to a peer, in its turn among the messages. */
interface Action {
  readonly to: number
  readonly act: () => void
}

/** A number from 0 to `most`. */
export type Random = (most: number) => number

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  return (most) => uniformInt(generator, 0, most)
}

export class Exchange {
  readonly pending: (Message | Action)[] = []
  readonly timers: (() => void)[] = []
  /** All that honest peers said, in order. */
  readonly said: Omit<Message, 'to'>[] = []
  readonly #hear: ReadonlyMap<number, (from: number, statement: Statement) => void>

  /** `hear` of the honest peers, by position. */
  constructor(hear: ReadonlyMap<number, (from: number, statement: Statement) => void>) {
    this.#hear = hear
  }

  /** An honest peer says it to all. */
  say(from: number, statement: Statement): void {
    this.said.push({ from, statement })
    for (const to of this.#hear.keys()) this.pending.push({ from, to, statement })
  }

  /** A liar says it to one. */
  tell(from: number, to: number, statement: Statement): void {
    this.pending.push({ from, to, statement })
  }

  act(to: number, act: () => void): void {
    this.pending.push({ to, act })
  }

  #deliver(index: number): void {
    const next = this.pending[index]!
    // The order is drawn anyway: the last takes the place of the one that goes.
    const last = this.pending.pop()!
    if (index < this.pending.length) this.pending[index] = last
    if ('act' in next) next.act()
    else this.#hear.get(next.to)?.(next.from, next.statement)
  }

  /** In any order; a timer fires at any time (`hasty`), or when nothing else is left to happen. */
  run(random: Random, hasty = false): void {
    for (let steps = 0; this.pending.length + this.timers.length > 0; steps++) {
      if (steps > 1_000_000) throw new Error('an exchange without end')
      const early = hasty && this.timers.length > 0 && random(9) === 0
      if (this.pending.length === 0 || early) this.timers.splice(random(this.timers.length - 1), 1)[0]?.()
      else this.#deliver(random(this.pending.length - 1))
    }
  }

  /** By priority, least first: an adversary that owns the network, whose delays no timer is shorter than. */
  runBy(priority: (message: Message) => number): void {
    const rank = (next: Message | Action): number => ('act' in next ? 0 : priority(next))
    for (let steps = 0; this.pending.length + this.timers.length > 0; steps++) {
      if (steps > 1_000_000) throw new Error('an exchange without end')
      if (this.pending.length === 0) this.timers.shift()?.()
      else {
        let best = 0
        for (let index = 1; index < this.pending.length; index++)
          if (rank(this.pending[index]!) < rank(this.pending[best]!)) best = index
        this.#deliver(best)
      }
    }
  }
}
