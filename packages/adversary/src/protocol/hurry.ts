import {
  type Digest,
  type Envelope,
  type Message,
  type Participant,
  type Position,
  type Statement,
  type Step,
  sealEnvelopes,
} from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import { around, type Changed, unanswering, unrelaying } from './around.ts'
import type { ProtocolAttack } from './attack.ts'
import { Mischief } from './mischief.ts'

/**
 * Hurries honest peers out of phases of agreement, one after the other, and makes others wait in vain. Its target is the
 * agreement on the first liar's update, which it lets one honest peer deliver just before the grace time is over, so that
 * honest inputs differ. From then on liars and the schedule of messages, which only the virtual network lets it choose,
 * follow one scheme in every phase: what each says, when the first honest peer speaks in it or when AUX is said; and
 * which words come late to whom, by the parts that peers have in the phase (who coordinates it, who coordinates the next,
 * and the rest). It reacts to what was said, and delays single messages, all within `delayMs`. With EST of the next phase it
 * tells its victims that others are there already. It contradicts nobody, itself included.
 *
 * At most f of them: a round may take some phases longer. No phase from the third on ends before its timer, f+1 peers that say
 * they are ahead have an honest one among them, and once timers outlast the delays a phase with an honest
 * coordinator decides. Without these timers one liar keeps an agreement undecided for ever, whatever the delays.
 *
 * More than f: votes that honest peers cannot do without are given to the target's agreement by the scheme only, and rounds
 * may stop. Nobody forks: it has one tongue.
 *
 * Evidence: none.
 */
export const hurry: ProtocolAttack<'hurry'> = {
  name: 'hurry',
  summary: 'hurry one peer out of each phase of agreement, and with it all others',
  deed: 'hurried others out of phases of agreement',
  options: {
    delayMs: {
      kind: 'integer',
      summary: 'the longest that a message is kept late, in ms',
      least: 1,
      most: 3_600_000,
      default: 200,
    },
    scheme: { kind: 'integer', summary: 'which scheme', least: 0, most: 4_294_967_295, default: 5848 },
  },
  virtual: true,
  sendsUpdates: () => true,
  create: ({ delayMs, scheme }) => {
    let mischief: Mischief | undefined
    return {
      participant: (powers) => {
        mischief = new Mischief(powers, scheme as number)
        return hurrying(powers, mischief, delayMs as number)
      },
      delay: (message: Message) => (mischief?.delayOf(message) ?? 0) * (delayMs as number),
      delayAnswer: () => delayMs as number,
    }
  },
}

interface Word {
  readonly statement: Statement
  readonly to: Position
  readonly round: number
  readonly previous: Digest
  readonly dueMs: number
}

function hurrying(powers: Powers, mischief: Mischief, delayMs: number): Participant {
  const words = new Words(powers, mischief, delayMs)
  const inner = around(powers.honest(), (step, { events, nowMs }): Changed => {
    const others = step.sends.flatMap(({ to, envelope }) =>
      words.withoutTarget(envelope).map((part) => ({ to, envelope: part })),
    )
    for (const event of events) if (event.kind === 'envelope') words.hear(event.envelope, nowMs)
    return { ...step, sends: [...others, ...words.due(nowMs)], ...words.next() }
  })
  // What it passes on would come past the schedule.
  return unrelaying(unanswering(inner))
}

/** What one liar says of the target, each word in an envelope of its own, in its time. */
class Words {
  readonly #powers: Powers
  readonly #mischief: Mischief
  readonly #delayMs: number
  readonly #honest: readonly Position[]
  #held: Word[] = []
  /** Of the round that it is in. */
  #round = 0
  #said = new Set<string>()
  /** Its own update, if the target is its own. */
  #own: Digest | undefined

  constructor(powers: Powers, mischief: Mischief, delayMs: number) {
    this.#powers = powers
    this.#mischief = mischief
    this.#delayMs = delayMs
    this.#honest = powers.coalition.halves.flat()
  }

  /** What an honest peer would say here, of all but the target. */
  withoutTarget(envelope: Envelope): Envelope[] {
    const { self, network } = this.#powers
    if (envelope.round > this.#round) {
      this.#round = envelope.round
      this.#said = new Set()
      this.#own = undefined
    }
    const isAboutTarget = (statement: Statement): boolean => this.#mischief.isAboutTarget(self, statement)
    for (const statement of envelope.statements)
      if (statement.kind === 'init' && isAboutTarget(statement)) this.#own = statement.digest
    const statements = envelope.statements.filter((statement) => !isAboutTarget(statement))
    return statements.length === 0 ? [] : sealEnvelopes({ ...envelope, author: self, statements }, network)
  }

  hear(envelope: Envelope, nowMs: number): void {
    if (envelope.round !== this.#round) return
    const { author, statements } = envelope
    const say = (statement: Statement, to: readonly number[] = this.#mischief.audienceOf(statement)): void =>
      this.#say(statement, to, envelope, nowMs)
    for (const statement of statements) {
      if (statement.kind === 'init' && author === this.#mischief.target)
        for (const word of this.#mischief.support(statement.digest)) say(word)
      if (!('phase' in statement) || statement.instance !== this.#mischief.target || !this.#honest.includes(author))
        continue
      // The first has waited long enough for it: just in time for the last.
      if (this.#own !== undefined && statement.kind === 'estimate' && statement.value === 0)
        for (const word of [{ kind: 'init' as const, digest: this.#own }, ...this.#mischief.support(this.#own)])
          say(word)
      for (const lie of this.#mischief.lies(statement)) say(lie, this.#honest)
    }
  }

  /** What is to be said now. */
  due(nowMs: number): Step['sends'][number][] {
    const [now, later] = [true, false].map((due) => this.#held.filter(({ dueMs }) => dueMs <= nowMs === due))
    this.#held = later!
    return now!.flatMap(({ to, statement, ...place }) =>
      sealEnvelopes({ ...place, author: this.#powers.self, statements: [statement] }, this.#powers.network).map(
        (envelope) => ({ to: [to], envelope }),
      ),
    )
  }

  /** When there is more to say. */
  next(): { readonly wakeAtMs?: number } {
    return this.#held.length === 0 ? {} : { wakeAtMs: Math.min(...this.#held.map(({ dueMs }) => dueMs)) }
  }

  /** Once a round, to each as late as the scheme says. */
  #say(statement: Statement, to: readonly number[], { round, previous }: Envelope, nowMs: number): void {
    const name = JSON.stringify(statement)
    if (this.#said.has(name)) return
    this.#said.add(name)
    for (const peer of to) {
      const late = this.#mischief.isLate(this.#powers.self, peer, statement)
      this.#held.push({ statement, to: peer, round, previous, dueMs: nowMs + (late ? this.#delayMs : 0) })
    }
  }
}
