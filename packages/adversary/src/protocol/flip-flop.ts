import { around, unanswering } from './around.ts'
import type { ProtocolAttack } from './attack.ts'
import { twoTongues } from './equivocate.ts'

/**
 * Honest and lying by turns of some rounds, honest first: so it earns what trust there is before it spends it. What it does
 * in its lying rounds is an option: it equivocates, says nothing, or only sends the update of an attack on updates.
 *
 * At most f of them: in each round what that lie achieves in it, and nothing more. Rounds are agreed on one by one, by counting
 * votes, so honest rounds lend a lie no weight; only rules that remember, as centered clipping does, carry anything over.
 *
 * More than f: the lying rounds are those of that lie. With silence they stop at the first lying round, and its turn
 * never ends.
 *
 * Evidence: as that lie leaves it. Who was named in one round is heard again in the next, and can be named again.
 */
export const flipFlop: ProtocolAttack<'flip-flop'> = {
  name: 'flip-flop',
  summary: 'be honest and lie by turns',
  deed: 'were honest and lied by turns',
  options: {
    rounds: { kind: 'integer', summary: 'how long a turn is', least: 1, most: 10_000, default: 1 },
    lie: {
      kind: 'choice',
      summary: 'what it does in its lying rounds beside the update',
      values: ['equivocate', 'silent', 'none'],
      default: 'equivocate',
    },
  },
  sendsUpdates: ({ rounds }, round) => liesIn(round, rounds as number),
  create: ({ rounds, lie }) => ({
    participant: (powers) => {
      const inner = around(powers.honest(), (step) => ({
        ...step,
        sends: step.sends.flatMap((send) => {
          if (lie === 'none' || !liesIn(send.envelope.round, rounds as number)) return [send]
          return lie === 'silent' ? [] : twoTongues(send, powers)
        }),
      }))
      return unanswering(inner)
    },
  }),
}

function liesIn(round: number, turn: number): boolean {
  return Math.floor((round - 1) / turn) % 2 === 1
}
