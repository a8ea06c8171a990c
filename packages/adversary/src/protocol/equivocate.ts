import { isSparse, type Update } from '@hearsay/aggregation'
import {
  checkpointToSign,
  decodeCheckpoint,
  encodeCheckpoint,
  memberOf,
  type Statement,
  type Step,
  sealEnvelopes,
} from '@hearsay/protocol'
import type { Powers } from '../adversary.ts'
import { around } from './around.ts'
import type { ProtocolAttack } from './attack.ts'

/**
 * Follows the protocol with two tongues: what it says to one half of the honest peers it contradicts, signed, to the
 * other. The second half gets another update (the first, negated), the opposite bits, and a checkpoint of another model.
 *
 * At most f of them: reliable broadcast lets at most one of two updates be delivered, agreement needs more honest votes
 * than a liar can split, and no half reaches a quorum for a second checkpoint: all honest peers certify one chain, later
 * at worst.
 *
 * More than f: they may stop rounds. To fork the chain, they have to keep the halves apart too (see split-brain).
 *
 * Evidence: as soon as both tongues meet at one honest peer, which passes on what it hears, the liar is named by its own
 * signatures, and no longer heard in that round.
 */
export const equivocate: ProtocolAttack<'equivocate'> = {
  name: 'equivocate',
  summary: 'send different signed values to different peers',
  deed: 'told each peer something else',
  options: {},
  sendsUpdates: () => true,
  create: () => ({
    participant: (powers) => {
      const inner = powers.honest()
      const change = (step: Step): Step => ({ ...step, sends: step.sends.flatMap((send) => twoTongues(send, powers)) })
      return around(inner, change)
    },
  }),
}

/** What is said to the first half and to the coalition, and its opposite to the second. */
export function twoTongues({ envelope }: Step['sends'][number], powers: Powers): Step['sends'] {
  const { halves, liars } = powers.coalition
  const { author, round, previous } = envelope
  const statements = envelope.statements.map((statement) => contradict(statement, round, powers))
  const others = sealEnvelopes({ author, round, previous, statements }, powers.network)
  return [{ to: [...halves[0], ...liars], envelope }, ...others.map((other) => ({ to: halves[1], envelope: other }))]
}

function contradict(statement: Statement, round: number, powers: Powers): Statement {
  switch (statement.kind) {
    case 'init': {
      const update = powers.update(memberOf(powers.self, statement.digest).digest)
      if (update === undefined) return statement
      return { ...statement, digest: powers.offer(round, negated(update)) }
    }
    case 'estimate':
    case 'coordinate':
      return { ...statement, value: statement.value === 0 ? 1 : 0 }
    case 'auxiliary':
      return { ...statement, values: statement.values === 1 ? 2 : 1 }
    case 'checkpoint': {
      const checkpoint = decodeCheckpoint(statement.checkpoint, powers.network)
      if (checkpoint === undefined) return statement
      const other = encodeCheckpoint({ ...checkpoint, model: checkpoint.previous })
      const signature = powers.network.keys.sign(checkpointToSign(other, powers.network))
      return { kind: 'checkpoint', checkpoint: other, signature }
    }
    default:
      return statement
  }
}

function negated(update: Update): Update {
  return isSparse(update)
    ? { rows: update.rows, values: update.values.map((value) => -value) }
    : update.map((value) => -value)
}
