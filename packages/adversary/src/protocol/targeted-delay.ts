import type { Message, Statement } from '@hearsay/protocol'
import type { ProtocolAttack } from './attack.ts'
import { speakingLast } from './rushing.ts'

/**
 * Delays and reorders messages between honest peers, which only the virtual network lets it, and speaks last (see rushing).
 * In each round it divides the honest peers on one update: half of them hear its echoes and READY too late to vote for
 * it. In the agreement on it, votes for 0 come late to one half and votes for 1 to the other, so that the halves see
 * different bits first, and what coordinators say, which would unite them, comes late to all.
 *
 * At most f of them: rounds become slow, and no two honest peers differ. The network delivers within a bound, the timers of
 * agreement grow with each phase, and once a timer outlasts the bound, the first phase with an honest coordinator decides:
 * after about delayMs / agreement.timeoutMs phases.
 *
 * More than f: their votes stop rounds, as those of rushing liars do. Delays alone never break safety, whoever asks for them.
 *
 * Evidence: none. Whoever delays a message signs nothing.
 */
export const targetedDelay: ProtocolAttack<'targeted-delay'> = {
  name: 'targeted-delay',
  summary: 'keep decisive messages between honest peers late, and vote with the fewer',
  deed: 'kept decisive messages late',
  options: {
    delayMs: { kind: 'integer', summary: 'by how much, in ms', least: 1, most: 3_600_000, default: 500 },
    waitMs: {
      kind: 'integer',
      summary: 'the longest that a word of its own is held back, in ms',
      least: 1,
      most: 3_600_000,
      default: 250,
    },
  },
  virtual: true,
  sendsUpdates: () => true,
  create: ({ delayMs, waitMs }) => {
    let halves: readonly [readonly number[], readonly number[]] = [[], []]
    const late = ({ to, envelope }: Message): boolean => {
      const honest = halves.flat()
      const victim = honest[envelope.round % Math.max(1, honest.length)]
      const half = halves[0].includes(to) ? 0 : 1
      return envelope.statements.some((statement) => divides(statement, half, victim))
    }
    return {
      participant: (powers) => {
        halves = powers.coalition.halves
        return speakingLast(powers, waitMs as number)
      },
      delay: (message) => (late(message) ? (delayMs as number) : 0),
    }
  },
}

/** Whether this half must not hear it in time, for the halves to differ on the victim's update. */
function divides(statement: Statement, half: 0 | 1, victim: number | undefined): boolean {
  switch (statement.kind) {
    case 'echo':
    case 'ready':
      return half === 1 && statement.sender === victim
    case 'coordinate':
      return statement.instance === victim
    case 'estimate':
      return statement.instance === victim && statement.value === half
    case 'auxiliary':
      return statement.instance === victim && statement.values === 1 << half
    default:
      return false
  }
}
