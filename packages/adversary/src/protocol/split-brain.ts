import { type Event, openEnvelope, type Participant, type Step } from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * A coalition that tells two halves of the honest peers two consistent stories, and passes nothing between them.
 *
 * Each liar is two honest peers under one identity, one a half: what a half says is heard by its twin only, and what
 * a twin says goes to its half and to the same twins of the other liars. While the liars are the only link between the
 * halves, each half sees a network in which nobody misbehaves. A half of h honest peers and b liars certifies on its
 * own when h + b > (n+f)/2; both do, and the chain forks, only when b > f.
 *
 * At most f of them: at best one half goes on and the other waits. When the halves meet, the one that waited verifies
 * the certificates and adopts the chain; nothing that was certified is lost.
 *
 * More than f: both halves certify, and the chain forks.
 *
 * Evidence: when the halves meet, every honest peer holds two certificates of one round. All who signed both are named, at
 * least f+1 of them, which with b = f+1 is the whole coalition; no honest peer signs two.
 */
export const splitBrain: ProtocolAttack = {
  name: 'split-brain',
  summary: 'tell two halves of the network two consistent stories and relay nothing between them',
  deed: 'told two halves two stories',
  options: {},
  sendsUpdates: () => true,
  create: () => ({ participant: (powers) => new TwoStories(powers) }),
}

const halves = [0, 1] as const

class TwoStories implements Participant {
  readonly #powers: Powers
  readonly #twins: readonly [Participant, Participant]
  readonly #rounds: [number, number] = [0, 0]
  #asked = 0

  constructor(powers: Powers) {
    this.#powers = powers
    this.#twins = [powers.honest(), powers.honest()]
  }

  open(bytes: Uint8Array): ReturnType<Participant['open']> {
    const envelope = openEnvelope(bytes, this.#powers.network)
    if (typeof envelope === 'string') return { verdict: 'reject', reason: envelope }
    const heard = this.#halvesOf(envelope.author, envelope.id)
    const wanted = halves.some((half) => heard.includes(half) && this.#twins[half].open(bytes).verdict === 'accept')
    return wanted ? { verdict: 'ignore', envelope } : { verdict: 'ignore' }
  }

  handle(events: readonly Event[], nowMs: number): Step {
    const steps = halves.map((half) => {
      const own = events.flatMap((event) => this.#eventOf(event, half))
      return this.#tell(half, this.#twins[half].handle(own, nowMs))
    })
    const all = <T>(of: (step: Step) => readonly T[]): T[] => steps.flatMap(of)
    const round = Math.min(...this.#rounds)
    return {
      sends: all((step) => step.sends),
      asks: all((step) => step.asks),
      timers: all((step) => step.timers),
      work: all((step) => step.work),
      // What either story still needs is kept.
      outputs: all((step) => step.outputs).map((output) =>
        output.kind === 'round' ? { kind: 'round', round } : output,
      ),
      faults: [],
    }
  }

  answer(ask: Uint8Array, from: string): Uint8Array | undefined {
    const half = this.#halfOf(this.#powers.ids.indexOf(from))
    return half === undefined ? undefined : this.#twins[half].answer(ask, from)
  }

  holders(round: number, member: Parameters<Participant['holders']>[1]): number[] {
    return halves.flatMap((half) => this.#twins[half].holders(round, member))
  }

  #halfOf(peer: number): 0 | 1 | undefined {
    return halves.find((half) => this.#powers.coalition.halves[half].includes(peer))
  }

  /** Which twins hear an envelope: that of its author's half, or those of the stories it belongs to. */
  #halvesOf(author: number, id: string): readonly number[] {
    const half = this.#halfOf(author)
    return half === undefined ? [...(this.#powers.coalition.stories.get(id) ?? [])] : [half]
  }

  /** The event as one twin gets it; ids are shared out by parity. */
  #eventOf(event: Event, half: 0 | 1): Event[] {
    switch (event.kind) {
      case 'start':
        return [event]
      case 'envelope':
        return this.#halvesOf(event.envelope.author, event.envelope.id).includes(half) ? [event] : []
      case 'timer':
      case 'done':
        return event.id % 2 === half ? [{ ...event, id: (event.id - half) / 2 }] : []
      case 'answer':
        return this.#halfOf(this.#powers.ids.indexOf(event.from)) === half ? [event] : []
      case 'neighbour':
        return this.#halfOf(this.#powers.ids.indexOf(event.peer)) === half ? [event] : []
    }
  }

  /** A member of the half, in turn: a twin asks nobody of the other. */
  #next(half: 0 | 1): string {
    const members = this.#powers.coalition.halves[half]
    return this.#powers.ids[members[this.#asked++ % members.length] ?? 0] ?? ''
  }

  #tell(half: 0 | 1, step: Step): Step {
    const { coalition, self } = this.#powers
    const audience = [...coalition.halves[half], ...coalition.liars.filter((liar) => liar !== self)]
    for (const { envelope } of step.sends) {
      const told = coalition.stories.get(envelope.id) ?? new Set()
      coalition.stories.set(envelope.id, told.add(half))
    }
    for (const output of step.outputs) if (output.kind === 'round') this.#rounds[half] = output.round
    const own = <T extends { readonly id: number }>(item: T): T => ({ ...item, id: 2 * item.id + half })
    return {
      ...step,
      sends: step.sends.map(({ envelope }) => ({ to: audience, envelope })),
      asks: step.asks.map(({ to, bytes }) => ({ to: to ?? this.#next(half), bytes })),
      timers: step.timers.map(own),
      work: step.work.map(own),
    }
  }
}
