import { type Event, type Participant, type Statement, type Step, sealEnvelopes } from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import { around, type Changed, unanswering } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

type BitSet = Extract<Statement, { readonly kind: 'auxiliary' }>['values']

/**
 * Acts after seeing all honest messages of the step: it holds each word back until all honest peers have said theirs in the
 * same place (or for so long that it need not wait), and then votes for the bit that fewer of them voted for. So its
 * f votes are where they keep the others apart for longest. It contradicts nobody, itself included.
 *
 * At most f of them: they may add phases to an agreement on which honest peers are divided. A phase with an honest
 * coordinator, whose timer outlasts the delays, ends that. With honest peers of one mind they do nothing: f votes
 * for a bit that no honest peer proposed are never amplified.
 *
 * More than f: votes for a bit that nobody honest proposed are not counted, and fewer than n−f others are left: no agreement
 * ends, and rounds stop. Whatever is decided, all decide it: to fork takes two tongues.
 *
 * Evidence: none. An honest peer may vote for either bit.
 */
export const rushing: ProtocolAttack<'rushing'> = {
  name: 'rushing',
  summary: 'speak after all honest peers, and vote with the fewer',
  deed: 'spoke last, and voted with the fewer',
  options: {
    waitMs: {
      kind: 'integer',
      summary: 'the longest that a word is held back, in ms',
      least: 1,
      most: 3_600_000,
      default: 250,
    },
  },
  sendsUpdates: () => true,
  create: ({ waitMs }) => ({ participant: (powers) => speakingLast(powers, waitMs as number) }),
}

interface Held {
  readonly round: number
  readonly previous: string
  readonly statement: Statement
  readonly dueMs: number
}

/** What honest peers said in one place of a round: author, and the bits that it voted for. */
type Heard = Map<string, Map<number, BitSet>>

export function speakingLast(powers: Powers, waitMs: number): Participant {
  const { network, self, coalition } = powers
  const everybody = coalition.halves.flat()
  const rounds = new Map<number, Heard>()
  let held: Held[] = []
  const heardBy = ({ round, statement }: Held): Map<number, BitSet> =>
    rounds.get(round)?.get(placeOf(statement)) ?? new Map()
  const inner = around(powers.honest(), (step, { events, nowMs }): Changed => {
    for (const event of events) listen(event, rounds, everybody)
    for (const { envelope } of step.sends)
      for (const statement of envelope.statements)
        held.push({ round: envelope.round, previous: envelope.previous, statement, dueMs: nowMs + waitMs })
    for (const output of step.outputs)
      if (output.kind === 'round') for (const round of rounds.keys()) if (round < output.round - 1) rounds.delete(round)
    const [now, later] = [true, false].map((wanted) =>
      held.filter((each) => (each.dueMs <= nowMs || heardBy(each).size === everybody.length) === wanted),
    ) as [Held[], Held[]]
    held = later
    const sends: Step['sends'][number][] = []
    for (const together of Map.groupBy(now, ({ round, previous }) => `${round} ${previous}`).values()) {
      const { round, previous } = together[0]!
      const statements = together.map((each) => withTheFewer(each.statement, heardBy(each)))
      for (const envelope of sealEnvelopes({ author: self, round, previous, statements }, network))
        sends.push({ to: 'all', envelope })
    }
    const [next] = held
    return { ...step, sends, ...(next && { wakeAtMs: next.dueMs }) }
  })
  return unanswering(inner)
}

function listen(event: Event, rounds: Map<number, Heard>, everybody: readonly number[]): void {
  if (event.kind !== 'envelope' || !everybody.includes(event.envelope.author)) return
  const { author, round, statements } = event.envelope
  const heard: Heard = rounds.get(round) ?? new Map()
  rounds.set(round, heard)
  for (const statement of statements) {
    const place = placeOf(statement)
    const said = heard.get(place) ?? new Map<number, BitSet>()
    heard.set(place, said.set(author, ((said.get(author) ?? 0) | bitsOf(statement)) as BitSet))
  }
}

/** What statements are about: a sender, an agreement in a phase, or the round. */
function placeOf(statement: Statement): string {
  if ('sender' in statement) return `${statement.kind} ${statement.sender}`
  if ('phase' in statement) return `${statement.kind} ${statement.instance} ${statement.phase}`
  return statement.kind
}

function bitsOf(statement: Statement): BitSet {
  if (statement.kind === 'auxiliary') return statement.values
  return 'value' in statement ? ((1 << statement.value) as BitSet) : 0
}

function withTheFewer(statement: Statement, heard: ReadonlyMap<number, BitSet>): Statement {
  if (!('phase' in statement)) return statement
  const votes = [...heard.values()]
  const [zeros, ones] = [1, 2].map((bit) => votes.filter((bits) => (bits & bit) !== 0).length) as [number, number]
  const value = ones <= zeros ? 1 : 0
  return statement.kind === 'auxiliary' ? { ...statement, values: value === 1 ? 2 : 1 } : { ...statement, value }
}
